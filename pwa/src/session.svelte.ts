// The app's life on this phone: who is logged in, which vault is open, and what became of it. It draws nothing.
import { counts, inCustody } from '../../sync/phone'
import { CONTRACT, KINDS } from './contract'
import { Courier, parcelOf, type Answer, type Me } from './courier'
import { guardOf, Keeper, type Profile } from './keeper'
import { browserPasskeys } from './passkeys'
import { Rounds, type News } from './rounds'
import { acceptLoss, addVault, closeVault, installation, listVaults, removeVault, StorageFull, StorageLost, Store, type ListedVault } from './store'
import { Tabs } from './tabs'
import { keepUpdated } from './update'
import { makeVault, openVault, strongEnough, type OpenVault, type Secret } from './vault'
import { watch } from './watch'
import { Work } from './work'
import { clockOf, text } from './words'

export type Phase =
  'starting' | 'login' | 'create_vault' | 'locked' | 'open' | 'storage_lost' | 'revoked' | 'elsewhere'

const CLOCK_OFF_MS = 5 * 60_000
const TWINS_KEPT_MS = 7 * 86_400_000
const RETRY_MS = 3_000

/** Technical is only what says nothing of a person or a visit; it may be read longer without contact. */
const isPersonal = (kind: string): boolean => {
  const fields = KINDS[kind]?.fields
  return !fields || fields.some((field) => field.sensitive !== 'public' || field.name === 'status')
}

export class Session {
  phase = $state<Phase>('starting')
  online = $state(true)
  demo = $state(false)
  user = $state.raw<{ id: string; name: string; roles: string[] } | null>(null)
  version = $state(0)
  unsent = $state(0)
  readonly photosWaiting = 0
  lastReceivedAt = $state<string | null>(null)
  clockOff = $state.raw<{ shown: string; right: string } | null>(null)
  tooOld = $state(false)
  vaults = $state.raw<{ id: string; initials: string; unsent: number }[]>([])
  updateReady = $state(false)
  problem = $state<string | null>(null)
  /** The session has ended while the vault is open: everything works, but nothing new comes before a login. */
  needsLogin = $state(false)
  passkeyAvailable = $state(false)

  #keeper: Keeper | null = null
  #listed: ListedVault[] = []
  #chosen: string | null = null
  #me: Me | null = null
  #update: () => void = () => undefined
  #updateWanted = false
  #watching = false
  #lostVault: string | null = null
  readonly #locked = new Map<string, Store>()

  readonly #courier = new Courier()
  readonly #tabs = new Tabs(() => this.#yield())
  protected readonly work = new Work(
    {
      keeper: () => this.#keeper,
      frozen: () => this.rounds.soon(),
      trouble: (error) => this.#trouble(error),
      formsChanged: () => this.#maybeUpdate(),
    },
    KINDS,
  )
  protected readonly rounds = new Rounds(this.#courier, {
    app: __APP__,
    keeper: () => (this.phase === 'open' ? this.#keeper : null),
    lockedStores: () => this.#lockedStores(),
    installation,
    inFlight: (mids) => {
      this.work.inFlight = mids
      this.version++
    },
    heard: (news) => this.#heard(news),
    revoked: () => this.#revoked(),
    trouble: (error) => this.#trouble(error),
    alone: (work) => this.#tabs.alone(work),
    random: Math.random,
    newId: () => crypto.randomUUID(),
  })

  async start(): Promise<void> {
    this.online = navigator.onLine
    addEventListener('online', () => this.#connected(true))
    addEventListener('offline', () => this.#connected(false))
    void browserPasskeys.available().then((able) => (this.passkeyAvailable = able))
    void keepUpdated(() => (this.updateReady = true)).then((update) => (this.#update = update)).catch(() => undefined)
    if (await this.#tabs.hold()) await this.#begin()
    else this.phase = 'elsewhere'
  }

  async login(name: string, password: string): Promise<void> {
    this.problem = null
    const answer = await this.#courier.login(name, password)
    if (answer.kind !== 'ok') return this.#tell(loginProblem(answer))
    const me = await this.#courier.me()
    if (me.kind !== 'ok') return this.#tell(text('wrong.unreachable'))
    this.#me = me.body
    this.demo = me.body.demo
    this.needsLogin = false
    if (this.phase === 'storage_lost') await this.#acceptLoss()
    if (this.phase === 'open' && this.#keeper?.state.user === me.body.user) {
      this.#keeper.know({ name: me.body.name, roles: me.body.roles, demo: me.body.demo })
      this.#show(this.#keeper)
      return this.rounds.sync()
    }
    const mine = this.#listed.find((vault) => vault.user === me.body.user && !vault.closed)
    this.#chosen = mine?.id ?? null
    await this.#close(mine ? 'locked' : 'create_vault')
    if (!strongEnough(password)) return
    if (!mine) await this.createVault({ passphrase: password })
    else if (!(await this.unlock({ passphrase: password }))) this.problem = null
  }

  async createVault(choice: Secret): Promise<void> {
    const me = this.#me
    if (!me) return void (this.phase = 'login')
    this.problem = null
    const id = crypto.randomUUID()
    const made = await makeVault(id, { user: me.user, sealing_key: me.sealing_key }, choice)
    if (!made) return this.#tell(text('lock.not_available'))
    const profile: Profile = {
      name: me.name,
      roles: me.roles,
      demo: me.demo,
      offset_ms: 0,
      last_received_at: null,
      registered: null,
      left_to_office: [],
    }
    try {
      const store = await Store.make(id, made.envelope, guardOf(made.open, isPersonal))
      const keeper = await Keeper.make(store, made.open, crypto.randomUUID(), CONTRACT, profile, () => this.#changed())
      await addVault({ id, user: me.user, initials: initialsOf(me.name) })
      await this.#open(keeper, id)
    } catch (error) {
      this.#trouble(error)
    }
  }

  /** False when the secret opens none of the vaults here. Leads back to the screen and field that were left. */
  async unlock(secret: Secret): Promise<boolean> {
    this.problem = null
    const order = this.#listed.filter((vault) => !vault.closed).sort((a, b) => Number(b.id === this.#chosen) - Number(a.id === this.#chosen))
    for (const { id } of order) {
      try {
        const sealed = Store.open(id, null)
        const envelope = await sealed.envelope()
        sealed.close()
        const vault = await openVault(envelope, secret)
        if (!vault) continue
        await this.#unlocked(id, vault)
        return true
      } catch (error) {
        if (error instanceof StorageLost) this.#lost(id)
        else this.#tell(text('wrong.unknown'))
        return false
      }
    }
    return false
  }

  lock(): void {
    if (this.phase !== 'open') return
    void this.#close('locked')
  }

  async logout(): Promise<void> {
    await this.#close('login')
    await this.#courier.logout()
    this.#me = null
    this.problem = null
  }

  /** Sends every sealed row, the half-typed ones too, then throws the vault away. Refuses while anything is left. */
  async forgot(): Promise<number> {
    this.problem = null
    const listed = this.#listed.find((vault) => vault.id === this.#chosen) ?? this.#listed[0]
    if (!listed || this.#keeper) return 0
    const store = Store.open(listed.id, null)
    const { taken, left } = await this.#tabs.alone(() => this.rounds.deliver(store))
    if (left > 0 || (taken === 0 && !(await this.#reachable()))) {
      store.close()
      await this.#listVaults()
      this.#tell(text('lock.not_available'))
      return taken
    }
    await store.destroy()
    await removeVault(listed.id)
    await this.#listVaults()
    this.phase = this.#listed.length > 0 ? 'locked' : 'login'
    return taken
  }

  /** Sealed copies of what is not sent, for the day when sending does not work. Only the office can read them. */
  async exportParcels(): Promise<Blob> {
    await this.work.write()
    const stores = [...(await this.#lockedStores()), ...(this.#keeper ? [this.#keeper.store] : [])]
    const twins = (await Promise.all(stores.map((store) => store.twins('open', 'frozen')))).flat()
    return new Blob([JSON.stringify({ parcels: twins.map(parcelOf) })], { type: 'application/json' })
  }

  /** The new version starts when no form is open; until then it waits. */
  applyUpdate(): void {
    this.#updateWanted = true
    this.#maybeUpdate()
  }

  takeOver(): void {
    void this.#tabs.take().then((held) => (held ? this.#begin() : undefined))
  }

  async #begin(): Promise<void> {
    if (!this.#watching) this.#watch()
    try {
      await this.#listVaults()
    } catch {
      this.phase = 'storage_lost'
      return this.#tell(text('wrong.storage_lost'))
    }
    this.#chosen = this.#listed.find((vault) => !vault.closed)?.id ?? null
    this.phase = this.#chosen ? 'locked' : 'login'
    this.rounds.start()
  }

  #watch(): void {
    this.#watching = true
    watch({
      unlocked: () => this.phase === 'open',
      formOpen: () => this.work.formOpen,
      lock: () => this.lock(),
      write: () => void this.work.write(),
      freezeOlderThan: (ms) => void this.work.freezeOlderThan(ms),
      shown: () => this.rounds.soon(0),
    })
  }

  async #unlocked(id: string, vault: OpenVault): Promise<void> {
    const still = this.#keeper
    if (still && still.store.vault === id) {
      vault.close()
      return this.#show(still)
    }
    await this.#close('locked')
    const store = Store.open(id, guardOf(vault, isPersonal))
    const keeper = await Keeper.load(store, vault, CONTRACT, () => this.#changed())
    const carried = await store.twins('custody')
    keeper.apply(inCustody(keeper.state, carried.map((twin) => twin.mid)))
    await this.#written(keeper)
    await this.#open(keeper, id)
    void store.sweepTwins(Date.now() - TWINS_KEPT_MS).catch(() => undefined)
  }

  async #open(keeper: Keeper, id: string): Promise<void> {
    this.#keeper = keeper
    this.#chosen = id
    this.#show(keeper)
    await this.#listVaults()
    this.rounds.start()
  }

  #show(keeper: Keeper): void {
    this.phase = 'open'
    const { name, roles, demo, last_received_at } = keeper.profile
    this.user = { id: keeper.state.user, name, roles }
    this.demo = demo
    this.lastReceivedAt = last_received_at
    this.#changed()
  }

  /** Freezes, writes, and drops the keys; while the phone is too full to write they stay, so that nothing is lost. */
  async #close(next: Phase): Promise<void> {
    const keeper = this.#keeper
    this.phase = next
    if (!keeper) return
    this.work.freezeAll()
    this.user = null
    while (!(await this.#written(keeper))) {
      await new Promise((passed) => setTimeout(passed, RETRY_MS))
      if (this.#isOpen()) return
    }
    if (this.#isOpen() || this.#keeper !== keeper) return
    this.#keeper = null
    keeper.close()
    await this.#listVaults()
    this.rounds.soon(0)
  }

  async #written(keeper: Keeper): Promise<boolean> {
    try {
      await keeper.flush()
      return true
    } catch (error) {
      this.#trouble(error)
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
    const keeper = this.#keeper
    this.version++
    if (!keeper || this.phase !== 'open') return
    this.unsent = counts(keeper.state).unsent
    this.lastReceivedAt = keeper.profile.last_received_at
    if (!keeper.unwritten && this.problem === text('wrong.no_space')) this.problem = null
    this.work.checkNews()
  }

  #heard(news: News): void {
    if (news.kind === 'unreachable') {
      if (navigator.onLine) this.#tell(text('wrong.unreachable'))
      return
    }
    if (this.problem === text('wrong.unreachable')) this.problem = null
    if (news.kind !== 'answered' && news.kind !== 'carried') {
      this.needsLogin = true
      return
    }
    if (news.kind === 'carried') return void this.#listVaults()
    this.#answered(news)
  }

  #answered(news: News & { kind: 'answered' }): void {
    this.needsLogin = false
    this.tooOld = news.policy?.['too_old'] === true
    const now = Date.now()
    const off = Math.abs(news.offset_ms) > CLOCK_OFF_MS
    this.clockOff = off ? { shown: clockOf(new Date(now)), right: clockOf(new Date(now + news.offset_ms)) } : null
  }

  /** Last words: all sealed work goes out, then everything readable goes. What could not be sent stays sealed. */
  async #revoked(): Promise<void> {
    const keeper = this.#keeper
    if (!keeper) return
    this.work.freezeAll()
    await keeper.flush().catch(() => undefined)
    const id = keeper.store.vault
    const { taken, left } = await this.rounds.deliver(keeper.store)
    this.#keeper = null
    this.user = null
    this.phase = 'revoked'
    keeper.vault.close()
    if (left > 0) {
      await keeper.store.keepOnlySealed()
      keeper.store.close()
      await closeVault(id)
    } else {
      await keeper.store.destroy()
      await removeVault(id)
    }
    await this.#listVaults()
    this.#tell(text('wrong.revoked', { antall: taken, telefonnummer: text('office.phone') }))
  }

  async #lockedStores(): Promise<Store[]> {
    const open = this.#keeper?.store.vault
    for (const id of [...this.#locked.keys()]) {
      if (id !== open && this.#listed.some((vault) => vault.id === id)) continue
      this.#locked.get(id)?.close()
      this.#locked.delete(id)
    }
    for (const { id } of this.#listed) if (id !== open && !this.#locked.has(id)) this.#locked.set(id, Store.open(id, null))
    return [...this.#locked.values()]
  }

  async #listVaults(): Promise<void> {
    this.#listed = await listVaults()
    const stores = new Map((await this.#lockedStores()).map((store) => [store.vault, store]))
    if (this.#keeper) stores.set(this.#keeper.store.vault, this.#keeper.store)
    const counted = this.#listed.map(async ({ id, initials }) => {
      return { id, initials, unsent: (await stores.get(id)?.countTwins('open', 'frozen')) ?? 0 }
    })
    this.vaults = await Promise.all(counted)
    if (this.phase !== 'open') this.unsent = this.vaults.reduce((sum, vault) => sum + vault.unsent, 0)
  }

  #lost(id: string): void {
    this.#lostVault = id
    this.phase = 'storage_lost'
    this.#tell(text('wrong.storage_lost'))
  }

  async #acceptLoss(): Promise<void> {
    if (this.#lostVault) await removeVault(this.#lostVault)
    this.#lostVault = null
    await acceptLoss()
    await this.#listVaults()
  }

  #connected(online: boolean): void {
    this.online = online
    if (online) this.rounds.soon(0)
    else if (this.problem === text('wrong.unreachable')) this.problem = null
  }

  async #reachable(): Promise<boolean> {
    const { kind } = await this.#courier.me()
    return kind !== 'offline' && kind !== 'halve'
  }

  #trouble(error: unknown): void {
    this.#tell(text(error instanceof StorageFull ? 'wrong.no_space' : 'wrong.unknown'))
  }

  #tell(problem: string): void {
    this.problem = problem
  }

  #maybeUpdate(): void {
    if (!this.#updateWanted || this.work.formOpen) return
    this.#updateWanted = false
    void this.#close('locked').then(() => this.#update())
  }
}

function loginProblem(answer: Exclude<Answer<unknown>, { kind: 'ok' }>): string {
  if (answer.kind === 'login' || answer.kind === 'unreadable' || answer.kind === 'denied') return text('login.wrong')
  if (answer.kind === 'later') return text('login.throttled', { klokkeslett: clockOf(new Date(Date.now() + answer.wait_ms)) })
  return text('wrong.unreachable')
}

/** Two letters, enough to find one's own vault on a shared phone and not enough to be a name. */
function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '')
  return [words[0], words.length > 1 ? words[words.length - 1] : ''].map((word) => word?.charAt(0) ?? '').join('').toUpperCase()
}
