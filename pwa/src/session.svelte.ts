// The app's life on this phone: who is logged in, which vault is open, and what became of it. It draws nothing.
import { arrived, fromOffice } from './arriving'
import { CONTRACT, KINDS } from './contract'
import type { Me } from './courier'
import { loginProblem, type Phase, type Unlocking } from './face.svelte'
import { afterFrame } from './frames'
import { Holder } from './holder'
import { guardOf, Keeper } from './keeper'
import { browserPasskeys } from './passkeys'
import { asMayBeRead } from './lease_end'
import { isPersonal } from './secrecy'
import { Rounds } from './rounds'
import { installation } from './listed'
import { Store } from './store'
import { StorageLost, StorageTaken, type Lying } from './stored'
import { Tabs } from './tabs'
import { Updates } from './update'
import type { Secret } from './envelope'
import { strongEnough } from './passphrases'
import { openVault, type OpenVault } from './vault'
import { watch } from './watch'
import { Work } from './work'
import { text } from './words'

export class Session extends Holder {
  #me: Me | null = null
  #making = false
  readonly #updates = new Updates(() => !this.work.formOpen && !this.noting && this.phase !== 'residents' && this.phase !== 'covered', () => this.#close('locked'))
  readonly #tabs = new Tabs(() => this.#yield())
  protected readonly work = new Work(
    {
      keeper: () => this.keeper,
      frozen: () => this.rounds.soon(),
      heldBack: () => this.heldBack(),
      trouble: (error) => this.trouble(error),
      formsChanged: () => this.#updates.look(),
    },
    KINDS,
  )
  protected readonly rounds = new Rounds(this.courier, {
    app: __APP__,
    keeper: () => (this.inUse ? this.keeper : null),
    lockedStores: async () => this.here.locked(this.keeper?.store.vault ?? null),
    installation,
    maySpeak: this.tellLogout,
    inFlight: (mids) => ((this.work.inFlight = mids), void this.version++),
    heard: (news) => (this.hear(news), news.kind === 'carried' && void this.count()),
    revoked: () => this.#giveUp('revoked'),
    unopenable: () => this.#giveUp('login'),
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
      unlocked: () => this.inUse,
      patience: () => this.patience,
      lock: () => this.left(),
      write: () => void this.work.write(),
      look: () => void (this.keeper && this.ranOut(this.keeper) && !this.work.formOpen && this.lock()),
      freezeOlderThan: (ms) => void this.work.freezeOlderThan(ms),
      shown: () => this.rounds.soon(0),
    })
    if ((await Promise.all([this.#tabs.hold(), this.remember()]))[0]) await this.#begin()
    else this.phase = 'elsewhere'
    void this.#arrive()
    afterFrame(() => void this.courier.health().then((said) => said.kind === 'ok' && this.isServer(said.body)))
  }

  async login(name: string, password: string, code = ''): Promise<void> {
    this.problem = null
    await this.telling
    const answer = await this.courier.login(name, password, code)
    if (answer.kind !== 'ok') return void (this.problem = loginProblem(answer))
    await this.logOut(null)
    const me = await this.courier.me()
    if (me.kind !== 'ok') return void (this.problem = text('wrong.unreachable'))
    this.#know(me.body)
    if (this.phase === 'open' && this.keeper?.state.user === me.body.user) {
      this.keeper.know({ name: me.body.name, roles: me.body.roles, demo: me.body.demo })
      this.show(this.keeper)
      return this.rounds.sync()
    }
    await this.#toOwn(me.body)
    if (!strongEnough(password)) return
    if (this.chosen === null) await this.createVault({ passphrase: password })
    else await this.unlock({ passphrase: password })
  }

  #know(me: Me): void {
    this.#me = me
    this.isDemo(me.demo)
    this.needsLogin = false
  }

  /** To the lock of one's own vault, or to making one. */
  async #toOwn(me: Me): Promise<void> {
    this.chosen = this.here.of(me.user)?.id ?? null
    await this.#close(this.chosen === null ? 'create_vault' : 'locked')
  }

  async #arrive(): Promise<void> {
    const me = this.loggedOut === 'due' ? null : await arrived(this.courier, () => this.phase, fromOffice())
    if (!me) return
    await this.logOut(null)
    this.#know(me)
    await this.#toOwn(me)
  }

  async createVault(choice: Secret): Promise<void> {
    const me = this.#me
    if (!me) return void (this.phase = 'login')
    if (this.#making) return
    this.#making = true
    this.problem = null
    await this.#make(me, choice).catch((error: unknown) => this.trouble(error))
    this.#making = false
  }

  /** Leads back to the screen and field that were left. What hinders it, other than a wrong secret, is told as the problem. */
  async unlock(secret: Secret): Promise<Unlocking> {
    this.problem = null
    let lost: unknown = null
    for (const { id } of this.here.usable(this.chosen)) {
      try {
        const { envelope, lying } = await this.here.atRest(id)
        const vault = await openVault(envelope, secret)
        if (!vault) continue
        await this.#unlocked(id, vault, await lying)
        return 'opened'
      } catch (error) {
        if (!(error instanceof StorageLost)) return this.trouble(error), 'hindered'
        lost = error // nobody else's is
      }
    }
    if (!lost) return 'wrong'
    this.lost(lost)
    return 'hindered'
  }

  override noted(): void {
    super.noted()
    this.#updates.look()
  }

  lock(next: 'locked' | 'shown' = 'locked'): void {
    if (this.inUse) void this.#close(next)
  }

  async logout(): Promise<void> {
    await this.logOut('due')
    await this.#close('login')
    this.#me = this.problem = null
    await this.tellLogout()
  }

  /** Sends every sealed row of a vault, the half-typed ones too, then throws it away. Null, and nothing is thrown away, once that was called off. */
  async forgot(vault: string | null, calledOff: AbortSignal): Promise<number | null> {
    this.problem = null
    const goes = (): boolean => !calledOff.aborted && !this.keeper
    if (vault === null || !goes()) return null
    const { startAnew } = await import('./start_anew')
    const { here, rounds, courier } = this
    const taken = await startAnew(vault, { here, rounds, courier, goes, alone: (work) => this.#tabs.alone(work) })
    if (taken === 'refused') this.problem = text('lock.not_available')
    else if (taken !== null) this.toGate()
    await this.count()
    return taken === 'refused' ? null : taken
  }

  /** The new version starts when no form is open; until then it waits. */
  readonly applyUpdate = (): void => this.#updates.apply()

  takeOver(): void {
    void this.#tabs.take().then((held) => (held ? this.#begin() : undefined))
  }

  async #begin(): Promise<void> {
    const failed = await this.here.read().then(() => null, (error: unknown) => error)
    if (failed) return this.lost(failed)
    await this.count()
    this.toGate()
    this.rounds.start()
  }

  /** What stopped the app was read: what is lost is taken off the list, and the app begins anew. */
  async goOn(): Promise<void> {
    const failed = this.phase === 'storage_lost' ? await this.here.acceptLoss().catch((error: unknown) => error) : null
    this.problem = null
    if (failed) this.lost(failed)
    else await this.#begin()
  }

  async #make(me: Me, choice: Secret): Promise<void> {
    const id = crypto.randomUUID()
    const { newVault } = await import('./new_vault')
    const keeper = await newVault(id, me, choice, () => this.#changed())
    if (!keeper) return void (this.problem = text('lock.not_available'))
    await this.here.add(id, me.user, me.name)
    await this.#open(keeper, id)
  }

  async #unlocked(id: string, vault: OpenVault, lying: Lying | undefined): Promise<void> {
    const still = this.keeper
    if (still && still.store.vault === id) {
      vault.close()
      return this.show(still)
    }
    if (!(await this.#close('locked'))) return vault.close() // its owner was here again while it waited for room
    const store = Store.open(id, guardOf(vault, isPersonal))
    const load = (): Promise<Keeper> => Keeper.load(store, vault, CONTRACT, () => this.#changed(), lying)
    const keeper = await asMayBeRead(load, Date.now())
    await Promise.all([this.#open(keeper, id), this.written(keeper)])
    if (keeper.damaged) this.problem = text('wrong.damaged')
  }

  async #open(keeper: Keeper, id: string): Promise<void> {
    this.keeper = keeper
    this.chosen = id
    if (!(await this.admitted(keeper, () => this.rounds.sync()))) return
    this.show(keeper)
    await this.count()
    this.rounds.start()
    if (await this.unlocked(keeper)) this.rounds.soon()
  }

  /** Does what is held back, freezes, writes, and drops the keys, and says if it did; while the phone is too full to write they stay, so that nothing is lost. */
  async #close(next: Phase): Promise<boolean> {
    const keeper = this.keeper
    const frozen = keeper && this.work.freezeAll()
    if (keeper) this.unsent = Math.max(this.unsent, this.photosWaiting) // the lock counts them too, and says at no time that all is sent
    this.phase = next
    if (!keeper) return true
    this.user = null
    await frozen
    let ended = false
    do if (!(await this.kept(keeper))) return false
    else ended = (await this.ended(keeper)) || ended
    while (keeper.unwritten) // the last tap may have come while the others were written
    if ((!ended && this.isOpen) || this.keeper !== keeper) return this.keeper === null
    this.phase = next
    this.keeper = null
    keeper.close()
    this.work.forget(next === 'login')
    await this.count()
    this.rounds.soon(0)
    return true
  }

  /** Another tab asks for the app. */
  async #yield(): Promise<void> {
    this.rounds.stop()
    await this.#close('elsewhere')
  }

  /** A page that another has taken the vault from has nothing to tell of it; it lets go. */
  protected override trouble(error: unknown): void {
    if (!(error instanceof StorageTaken)) super.trouble(error)
    else if (this.keeper?.lost && this.phase !== 'elsewhere') void this.#yield()
  }

  #changed(): void {
    if (!this.keeper) return
    this.follow(this.keeper)
    if (this.phase === 'open') this.work.checkNews()
  }

  /**
   * Last words: all sealed work goes out, then everything readable goes, and the office is told. What could not be sent
   * stays sealed. `login`: nobody has closed the phone, but nobody can open what a lease had shut either. Whoever has
   * come to their own vault meanwhile is not disturbed.
   */
  async #giveUp(next: 'revoked' | 'login'): Promise<void> {
    const keeper = this.keeper
    if (!keeper) return
    await this.work.freezeAll()
    await keeper.flush().catch(() => undefined)
    const { store } = keeper
    const receipt = import('./last_words').then((words) => words.receiptOf(keeper, this.courier)).catch(() => null)
    const [{ taken, left }, tell] = await Promise.all([this.rounds.deliver(store), receipt])
    if (this.keeper !== keeper && this.keeper?.store.vault === store.vault) return // unlocked anew: its own round is told the same
    if (this.keeper === keeper) this.keeper = null
    keeper.close()
    if (this.chosen === store.vault) {
      this.user = null
      this.phase = next
      this.work.forget(true)
      this.problem = next === 'login' ? text('wrong.damaged') : null
    }
    await (left > 0 ? this.here.closeFor(store) : this.here.end(store))
    if (this.phase === 'revoked') this.problem = text('wrong.revoked', { antall: taken, telefonnummer: text('office.phone') }) // now it is true
    void tell?.()
    await this.count()
  }
}
