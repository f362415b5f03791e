// Keeps the phone's state in memory and on disk in step: what is applied is shown at once, and "written" means durable.
import {
  canonical,
  freeze,
  inCustody,
  loadVault,
  mutationOf,
  startVault,
  type BaseRecord,
  type Change,
  type Json,
  type Meta,
  type Row,
  type ShelfItem,
  type State,
  type Step,
} from '../../sync/phone'
import { utf8 } from './bytes'
import { swept } from './secrecy'
import { type Store } from './store'
import type { Envelope } from './envelope'
import { StorageLost, StorageTaken, type Entry, type Guard, type Lying, type StoreName, type TwinState } from './stored'
import type { OpenVault } from './vault'
import { asKept, type Policy, type Profile } from './profile'
import { dayOf } from './written'

/** The vault's keys, lent to the store: which key a record is written under follows from its kind. */
export function guardOf(vault: OpenVault, isPersonal: (kind: string) => boolean): Guard {
  return {
    epoch: (store: StoreName, kind: string) => vault.epoch(store === 'meta' ? 'own' : isPersonal(kind) ? 'personal' : 'technical'),
    isShut: (epoch) => vault.isShut(epoch),
    encrypt: (label, plain) => vault.encrypt(label, plain),
    decrypt: (label, data) => vault.decrypt(label, data),
  }
}

const twinState = (row: Row): TwinState => {
  if (row.state === 'sent') return 'custody'
  if (row.state === 'covered') return 'covered'
  return row.custody ? 'custody' : row.state
}

const TWINS_KEPT_MS = 7 * 86_400_000
const PICTURED_AFTER = 200
const QUIET_MS = 1_000

export class Keeper {
  #waiting = new Map<string, Entry>()
  #sealed = new Map<string, string>()
  #queue: Promise<void> = Promise.resolve()
  #unpictured = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  /** How much of what is not sent cannot be read here, because its lease has ended. It is sent sealed. */
  unread = 0
  /** Another page has the vault: what waits here is not this one's to write. */
  lost = false
  /** The keys are here again, what they open is still being read in. */
  reading = false

  private constructor(
    readonly store: Store,
    readonly vault: OpenVault,
    public state: State,
    public profile: Profile,
    readonly changed: () => void,
    /** Was something on the disk that did not open? */
    readonly damaged = false,
  ) {}

  /** A new vault, empty and on disk when this resolves. */
  static async make(store: Store, vault: OpenVault, replica: string, contract: number, profile: Profile, changed: () => void): Promise<Keeper> {
    const state = startVault(vault.identity.user, replica, contract)
    const keeper = new Keeper(store, vault, state, profile, changed)
    const { base, rows, shelf, ...meta } = state
    keeper.#later({ store: 'meta', id: 'meta', kind: 'meta', value: meta })
    keeper.know({})
    await keeper.flush()
    return keeper
  }

  /** The vault as it lies on disk. A damaged base record is fetched anew; damaged work is carried as its sealed twin. */
  static async load(store: Store, vault: OpenVault, contract: number, changed: () => void, beforehand?: Lying): Promise<Keeper> {
    const [{ values, damaged }, carried] = await Promise.all([store.load(beforehand), store.twins('custody')])
    const meta = values.meta.get('meta') as Meta | undefined
    const profile = asKept(values.meta.get('profile') as (Profile & Omit<Policy, 'version'>) | undefined)
    if (!meta || !profile) throw new StorageLost('the vault has lost its place')
    const trusted: Meta = damaged.some((cell) => cell.store === 'base') ? { ...meta, cursor: null } : meta
    const state = loadVault(
      trusted,
      values.base as Map<string, BaseRecord>,
      (values.rows as Map<string, Row>).values(),
      (values.shelf as Map<string, ShelfItem>).values(),
      contract,
    )
    await letGo(store, new Set(damaged.filter((cell) => cell.store === 'rows').map((cell) => cell.id)))
    const keeper = new Keeper(store, vault, state, profile, changed, damaged.length > 0)
    keeper.#carried(new Set(carried.map(({ mid }) => mid)))
    keeper.conceal()
    await keeper.countUnread()
    void store.sweepTwins(Date.now() - TWINS_KEPT_MS).catch(() => undefined)
    return keeper
  }

  /** Shows a step at once; it is on disk after the next `flush`. */
  apply(step: Step): void {
    this.state = step.state
    for (const change of step.changes) this.#later(entryOf(change))
    this.changed()
  }

  /** What may be read no longer leaves the base, on the disk too. */
  conceal(): void {
    if (this.profile.policy?.conceals === false) return
    const step = swept(this.state, dayOf(new Date()))
    if (step.changes.length === 0) return
    this.apply(step)
    this.#unpictured += PICTURED_AFTER
  }

  know(news: Partial<Profile>): void {
    this.profile = { ...this.profile, ...news }
    this.#later({ store: 'meta', id: 'profile', kind: 'meta', value: this.profile })
    this.changed()
  }

  /** Resolves when everything applied so far is durable. What could not be written stays waiting for the next call. */
  flush(): Promise<void> {
    const writing = this.#queue.then(() => this.#write())
    this.#queue = writing.catch(() => undefined)
    return writing
  }

  /** Changes what lies on the disk about the keys, one change after the other and after what is written. */
  rekey(change: (envelope: Envelope) => Envelope | Promise<Envelope>): Promise<void> {
    const changing = this.#queue.then(async () => {
      const before = await this.store.envelope()
      const after = await change(before)
      if (after !== before) await this.store.keepEnvelope(after)
    })
    this.#queue = changing.catch(() => undefined)
    return changing
  }

  /** Counts what waits sealed and cannot be read here. */
  async countUnread(): Promise<void> {
    if (this.vault.shut.length === 0) return
    const mine = new Set(this.state.rows.map((row) => row.mid))
    this.unread = (await this.store.twins('open', 'frozen')).filter((twin) => !mine.has(twin.mid)).length
    this.changed()
  }

  /** Is all of the base in memory? */
  get whole(): boolean {
    return !this.reading && this.vault.shut.length === 0
  }

  get unwritten(): boolean {
    return this.#waiting.size > 0 && !this.lost
  }

  /** Is something that somebody wrote on its way to the disk? */
  get writing(): boolean {
    for (const { store } of this.#waiting.values()) if (store === 'rows') return true
    return false
  }

  /** Draws no more: another keeper has this vault. */
  rest(): void {
    clearTimeout(this.#timer)
  }

  close(): void {
    this.rest()
    this.vault.close()
    this.store.close()
    this.#sealed.clear()
  }

  /** What was carried as it lay is in custody; words carried half written are as they were carried, and what comes after them is new. */
  #carried(mids: ReadonlySet<string>): void {
    for (const row of this.state.rows) if (row.state === 'open' && mids.has(row.mid)) this.apply(freeze(this.state, row.id))
    this.apply(inCustody(this.state, mids))
  }

  #later(entry: Entry): void {
    this.#waiting.set(`${entry.store}|${entry.id}`, entry)
  }

  async #write(): Promise<void> {
    const batch = [...this.#waiting]
    if (batch.length === 0) return
    const entries = await Promise.all(batch.map(([, entry]) => this.#withTwin(entry)))
    await this.store.write(entries).catch((error: unknown) => {
      this.lost ||= error instanceof StorageTaken
      throw error
    })
    for (const [key, entry] of batch) if (this.#waiting.get(key) === entry) this.#waiting.delete(key)
    const base = entries.filter((entry) => entry.store === 'base')
    this.#unpictured += base.some((entry) => entry.value === undefined) ? PICTURED_AFTER : base.length // what is gone is in no picture
    this.#pictureSoon()
    for (const { id, twin, value } of entries) if (twin) this.#sealed.set(id, plainOf(value as Row))
    this.changed()
  }

  /** When much of the base has moved and it is quiet: only what is on disk may be in the picture. */
  #pictureSoon(): void {
    clearTimeout(this.#timer)
    if (this.#unpictured < PICTURED_AFTER) return
    this.#timer = setTimeout(() => {
      const drawing = this.#queue.then(async () => {
        if (this.unwritten || !this.whole) return
        const count = this.#unpictured
        await this.store.picture(this.state.base)
        this.#unpictured -= count
      })
      this.#queue = drawing.catch(() => undefined)
    }, QUIET_MS)
  }

  /** A row that may still have to be sent carries its sealed twin into the same transaction. */
  async #withTwin(entry: Entry): Promise<Entry> {
    if (entry.store !== 'rows' || entry.value === undefined) return entry
    const row = entry.value as Row
    const plain = plainOf(row)
    if ((row.state !== 'open' && row.state !== 'frozen') || this.#sealed.get(row.mid) === plain) return entry
    return { ...entry, twin: await this.vault.seal(row, utf8(plain)) }
  }
}

/** What was being written when its row was damaged can never be gone on with: its twin is finished. */
async function letGo(store: Store, rows: ReadonlySet<string>): Promise<void> {
  if (rows.size === 0) return
  const open = await store.twins('open')
  const left = open.map((twin) => twin.mid).filter((mid) => rows.has(mid))
  if (left.length > 0) await store.markTwins(left, 'frozen')
}

/** The bytes that the server keeps are the same, sealed or plain. */
const plainOf = (row: Row): string => canonical(mutationOf(row) as unknown as Json)

function entryOf(change: Change): Entry {
  if (change.act === 'drop') return { store: change.store, id: change.key, kind: '', value: undefined }
  if (change.store === 'meta') return { store: 'meta', id: 'meta', kind: 'meta', value: change.value }
  const entry = { store: change.store, id: change.key, kind: change.value.kind, value: change.value }
  return change.store === 'rows' ? { ...entry, row: { n: change.value.n, state: twinState(change.value) } } : entry
}
