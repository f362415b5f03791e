// The app's life on this phone: who is logged in, which vault is open, and what became of it. It draws nothing.
import { CONTRACT, KINDS } from './contract'
import { Courier, type Me } from './courier'
import { Face, loginProblem, type Phase } from './face.svelte'
import { guardOf, Keeper, profileOf } from './keeper'
import { browserPasskeys } from './passkeys'
import { isPersonal } from './secrecy'
import { Rounds } from './rounds'
import { installation } from './listed'
import { Store } from './store'
import { StorageLost } from './stored'
import { Tabs } from './tabs'
import { Updates } from './update'
import { Vaults } from './vaults'
import type { Secret } from './envelope'
import { makeVault, openVault, strongEnough, type OpenVault } from './vault'
import { watch } from './watch'
import { Work } from './work'
import { text } from './words'

const RETRY_MS = 3_000

export class Session extends Face {
  #keeper: Keeper | null = null
  #chosen: string | null = null
  #me: Me | null = null
  #making = false
  readonly #vaults = new Vaults()
  readonly #updates = new Updates(
    () => !this.work.formOpen,
    () => this.#close('locked'),
  )

  readonly #courier = new Courier()
  readonly #tabs = new Tabs(() => this.#yield())
  protected readonly work = new Work(
    {
      keeper: () => this.#keeper,
      frozen: () => this.rounds.soon(),
      trouble: (error) => this.trouble(error),
      formsChanged: () => this.#updates.look(),
    },
    KINDS,
  )
  protected readonly rounds = new Rounds(this.#courier, {
    app: __APP__,
    keeper: () => (this.phase === 'open' ? this.#keeper : null),
    lockedStores: async () => this.#vaults.locked(this.#keeper?.store.vault ?? null),
    installation,
    maySpeak: () => this.tell(() => this.#courier.logout()),
    inFlight: (mids) => {
      this.work.inFlight = mids
      this.version++
    },
    heard: (news) => (this.hear(news), news.kind === 'carried' && void this.#count()),
    revoked: () => this.#revoked(),
    trouble: (error) => this.trouble(error),
    alone: (work) => this.#tabs.alone(work),
    random: Math.random,
    newId: () => crypto.randomUUID(),
  })

  async start(): Promise<void> {
    this.watchLine(() => this.rounds.soon(0))
    void browserPasskeys.available().then((able) => (this.passkeyAvailable = able))
    void this.#updates.watch(() => (this.updateReady = true)).catch(() => undefined)
    watch({
      unlocked: () => this.phase === 'open',
      formOpen: () => this.aiming || this.work.formOpen,
      lock: () => this.lock(),
      write: () => void this.work.write(),
      freezeOlderThan: (ms) => void this.work.freezeOlderThan(ms),
      shown: () => this.rounds.soon(0),
    })
    const [held] = await Promise.all([this.#tabs.hold(), this.remember()])
    if (held) await this.#begin()
    else this.phase = 'elsewhere'
    void this.#courier.health().then((said) => said.kind === 'ok' && this.isDemo(said.body.demo))
  }

  async login(name: string, password: string): Promise<void> {
    this.problem = null
    await this.telling
    const answer = await this.#courier.login(name, password)
    if (answer.kind !== 'ok') return void (this.problem = loginProblem(answer))
    await this.logOut(null)
    const me = await this.#courier.me()
    if (me.kind !== 'ok') return void (this.problem = text('wrong.unreachable'))
    this.#me = me.body
    this.isDemo(me.body.demo)
    this.needsLogin = false
    if (this.phase === 'storage_lost') await this.#vaults.acceptLoss()
    if (this.phase === 'open' && this.#keeper?.state.user === me.body.user) {
      this.#keeper.know({ name: me.body.name, roles: me.body.roles, demo: me.body.demo })
      this.show(this.#keeper)
      return this.rounds.sync()
    }
    const mine = this.#vaults.of(me.body.user)
    this.#chosen = mine?.id ?? null
    await this.#close(mine ? 'locked' : 'create_vault')
    if (!strongEnough(password)) return
    if (!mine) await this.createVault({ passphrase: password })
    else if (!(await this.unlock({ passphrase: password }))) this.problem = null
  }

  async createVault(choice: Secret): Promise<void> {
    const me = this.#me
    if (!me) return void (this.phase = 'login')
    if (this.#making) return
    this.#making = true
    this.problem = null
    try {
      await this.#make(me, choice)
    } catch (error) {
      this.trouble(error)
    } finally {
      this.#making = false
    }
  }

  /** False when the secret opens none of the vaults here. Leads back to the screen and field that were left. */
  async unlock(secret: Secret): Promise<boolean> {
    this.problem = null
    for (const { id } of this.#vaults.usable(this.#chosen)) {
      try {
        const vault = await openVault(await this.#vaults.envelope(id), secret)
        if (!vault) continue
        await this.#unlocked(id, vault)
        return true
      } catch (error) {
        if (error instanceof StorageLost) this.lost()
        else this.trouble(error)
        return false
      }
    }
    return false
  }

  lock(next: 'locked' | 'shown' = 'locked'): void {
    if (this.phase === 'open') void this.#close(next)
  }

  async logout(): Promise<void> {
    await this.logOut('due')
    await this.#close('login')
    this.#me = null
    this.problem = null
    await this.tell(() => this.#courier.logout())
  }

  /** To the lock without a login: what lies here can be read without the server. */
  toLock(): void {
    if (this.phase === 'shown' || (this.phase === 'login' && this.#vaults.usable(null).length > 0)) this.phase = 'locked'
  }

  /** Sends every sealed row, the half-typed ones too, then throws the vault away. Refuses while anything is left. */
  async forgot(): Promise<number> {
    this.problem = null
    const [listed] = this.#vaults.usable(this.#chosen)
    if (!listed || this.#keeper) return 0
    const store = Store.open(listed.id, null)
    const { taken, left } = await this.#tabs.alone(() => this.rounds.deliver(store))
    if (left > 0 || (taken === 0 && !(await this.#courier.reaches()))) {
      store.close()
      this.problem = text('lock.not_available')
    } else {
      await this.#vaults.end(store)
      this.phase = this.#vaults.usable(null).length > 0 ? 'locked' : 'login'
    }
    await this.#count()
    return taken
  }

  /** Sealed copies of what is not sent, for the day when sending does not work. Only the office can read them. */
  async exportParcels(): Promise<Blob> {
    await this.work.write()
    return this.#vaults.exported(this.#keeper?.store ?? null)
  }

  /** The new version starts when no form is open; until then it waits. */
  applyUpdate(): void {
    this.#updates.apply()
  }

  takeOver(): void {
    void this.#tabs.take().then((held) => (held ? this.#begin() : undefined))
  }

  async #begin(): Promise<void> {
    try {
      await this.#vaults.read()
    } catch {
      return this.lost()
    }
    await this.#count()
    this.#chosen = this.#vaults.usable(null)[0]?.id ?? null
    this.phase = this.#chosen ? 'locked' : 'login'
    this.rounds.start()
  }

  async #make(me: Me, choice: Secret): Promise<void> {
    const id = crypto.randomUUID()
    const made = await makeVault(id, { user: me.user, sealing_key: me.sealing_key }, choice)
    if (!made) return void (this.problem = text('lock.not_available'))
    const store = await Store.make(id, made.envelope, guardOf(made.open, isPersonal))
    const keeper = await Keeper.make(store, made.open, crypto.randomUUID(), CONTRACT, profileOf(me), () => this.#changed())
    await this.#vaults.add(id, me.user, me.name)
    await this.#open(keeper, id)
  }

  async #unlocked(id: string, vault: OpenVault): Promise<void> {
    const still = this.#keeper
    if (still && still.store.vault === id) {
      vault.close()
      return this.show(still)
    }
    await this.#close('locked')
    const store = Store.open(id, guardOf(vault, isPersonal))
    const keeper = await Keeper.load(store, vault, CONTRACT, () => this.#changed())
    await this.#written(keeper)
    await this.#open(keeper, id)
    if (keeper.damaged) this.problem = text('wrong.damaged')
  }

  async #open(keeper: Keeper, id: string): Promise<void> {
    this.#keeper = keeper
    this.#chosen = id
    this.show(keeper)
    await this.#count()
    this.rounds.start()
  }

  /** Freezes, writes, and drops the keys, and says if it did; while the phone is too full to write they stay, so that nothing is lost. */
  async #close(next: Phase): Promise<boolean> {
    const keeper = this.#keeper
    this.phase = next
    if (!keeper) return true
    this.work.freezeAll()
    this.user = null
    while (!(await this.#written(keeper))) {
      await new Promise((passed) => setTimeout(passed, RETRY_MS))
      if (this.#isOpen()) return false
    }
    if (this.#isOpen() || this.#keeper !== keeper) return this.#keeper === null
    this.#keeper = null
    keeper.close()
    this.work.forget()
    await this.#count()
    this.rounds.soon(0)
    return true
  }

  async #written(keeper: Keeper): Promise<boolean> {
    try {
      await keeper.flush()
      return true
    } catch (error) {
      this.trouble(error)
      return false
    }
  }

  #isOpen(): boolean {
    return this.phase === 'open'
  }

  /** Another tab asks for the app. */
  async #yield(): Promise<void> {
    this.rounds.stop()
    await this.#close('elsewhere')
  }

  #changed(): void {
    if (!this.#keeper) return
    this.follow(this.#keeper)
    if (this.phase === 'open') this.work.checkNews()
  }

  /** Last words: all sealed work goes out, then everything readable goes. What could not be sent stays sealed. */
  async #revoked(): Promise<void> {
    const keeper = this.#keeper
    if (!keeper) return
    this.work.freezeAll()
    await keeper.flush().catch(() => undefined)
    const { store } = keeper
    const { taken, left } = await this.rounds.deliver(store)
    this.user = null
    this.phase = 'revoked'
    this.#keeper = null
    keeper.close()
    this.work.forget()
    await (left > 0 ? this.#vaults.closeFor(store) : this.#vaults.end(store))
    await this.#count()
    this.problem = text('wrong.revoked', { antall: taken, telefonnummer: text('office.phone') })
  }

  async #count(): Promise<void> {
    this.counted(await this.#vaults.counts(this.#keeper?.store ?? null))
  }
}
