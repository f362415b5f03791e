// The phone's disk: the only file that opens IndexedDB. It sees no readable record, and says "written" only when it is.
import { openDB, deleteDB, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb'
import { plainJson, text } from './bytes'
import { CELLS, layOut } from './layout'
import { ROOM } from './practice'
import {
  isBroken,
  isFull,
  StorageFull,
  StorageLost,
  StorageTaken,
  type Cell,
  type Entry,
  type Guard,
  type Loaded,
  type Lying,
  type PhoneSchema,
  type StoreName,
  type Twin,
  type TwinState,
  type VaultSchema,
} from './stored'
import type { Envelope } from './envelope'
import { keepTwin } from './twins'

const CHUNK = 500
const PICTURE = 'base'
export const MARK = `${ROOM}.vaults`
export const GONE = 'gone'
export const DEPOSIT = 'deposit' // where the key to notes from the lock lies, sealed to the office, when the envelope is gone
const databaseOf = (vault: string): string => `${ROOM}-${vault}`

type Named = 'sealed' | 'photos' | 'envelope' | StoreName
/** Which page this is, and which vaults it was the last to open: one that slept through losing the app must not lay what is old over what is new. */
const PAGE = crypto.randomUUID()
const claimed = new Set<string>()
/** How many transactions of this page have written: what was read before the last of them is old. */
let written = 0
const writing = <N extends StoreNames<VaultSchema>>(db: IDBPDatabase<VaultSchema>, names: N[]): IDBPTransaction<VaultSchema, N[], 'readwrite'> => {
  written++
  return db.transaction(names, 'readwrite', { durability: 'strict' })
}

export type Work = (tx: IDBPTransaction<VaultSchema, Named[], 'readwrite'>) => Promise<unknown>

/** One vault's database. Without a guard only what is sealed can be reached. */
export class Store {
  #opening: Promise<IDBPDatabase<VaultSchema>> | null = null
  #writes = 0
  #gone = new Set<string>()
  #retired = false

  private constructor(
    readonly vault: string,
    readonly guard: Guard | null,
  ) {}

  static async make(vault: string, envelope: Envelope, guard: Guard): Promise<Store> {
    const store = new Store(vault, guard)
    await store.keepEnvelope(envelope)
    await store.write([{ store: 'meta', id: 'canary', kind: 'meta', value: vault }])
    await globalThis.navigator?.storage?.persist?.()
    return store
  }

  static open(vault: string, guard: Guard | null): Store {
    return new Store(vault, guard)
  }

  /** Throws StorageLost when the vault's database is empty. */
  async envelope(): Promise<Envelope> {
    const envelope = (await (await this.connection()).get('envelope', 'envelope')) as Envelope | undefined
    if (!envelope) throw new StorageLost('the vault is empty')
    return envelope
  }

  keepEnvelope(envelope: Envelope): Promise<void> {
    return this.strict([], (tx) => tx.objectStore('envelope').put(envelope, 'envelope'))
  }

  /** From now on this page alone writes here; from its first write on where a full phone has no room to say so. */
  async claim(): Promise<void> {
    claimed.delete(this.vault)
    const said = (await this.connection()).put('envelope', PAGE, 'page')
    await said.then(() => claimed.add(this.vault), () => undefined)
  }

  /** What is readable, as it lies on the disk: it needs no key, so that it can be read while one is on its way. */
  async lying(drawn = true): Promise<Lying> {
    const tx = (await this.connection()).transaction(CELLS)
    const at = written
    const picture = drawn ? (await tx.objectStore('snapshot').getAll())[0] : undefined
    const since = picture ? IDBKeyRange.lowerBound(picture.write, true) : null
    const all = (name: 'rows' | 'shelf' | 'meta'): Promise<Cell[]> => tx.objectStore(name).getAll()
    const later = tx.objectStore('base').index('write').getAll(since)
    const [base, rows, shelf, meta] = await Promise.all([later, all('rows'), all('shelf'), all('meta')])
    return { at, picture, base, rows, shelf, meta }
  }

  /**
   * Everything readable, decrypted: the picture of the base, and what came after it. A cell that does not open is
   * reported, one whose lease has ended passed by. What was read beforehand counts unless something was written since.
   */
  async load(beforehand?: Lying): Promise<Loaded> {
    const found = beforehand?.at === written ? beforehand : await this.lying()
    this.#writes = Math.max(this.#writes, found.picture?.write ?? 0)
    const shut = found.picture !== undefined && this.guard?.isShut(found.picture.epoch) === true
    const { picture, ...cells } = shut ? await this.lying(false) : found
    const values: Loaded['values'] = { base: new Map(), rows: new Map(), shelf: new Map(), meta: new Map(), snapshot: new Map() }
    const damaged: Loaded['damaged'][number][] = []
    const drawn = picture ? await this.#read(picture).catch(() => undefined) : []
    if (drawn === undefined) damaged.push({ store: 'base', id: PICTURE })
    else values.base = new Map(drawn as [string, unknown][])
    for (const store of ['base', 'rows', 'shelf', 'meta'] as const) await this.#open(store, cells[store], values[store], damaged)
    if (values.meta.get('canary') !== this.vault) throw new StorageLost('the canary is gone')
    return { values, damaged }
  }

  async #open(store: StoreName, cells: Cell[], into: Map<string, unknown>, damaged: Loaded['damaged'][number][]): Promise<void> {
    const open = cells.filter((cell) => !this.guard?.isShut(cell.epoch))
    for (const cell of cells) this.#writes = Math.max(this.#writes, cell.write)
    for (let from = 0; from < open.length; from += CHUNK) {
      const some = open.slice(from, from + CHUNK)
      const plain = await Promise.all(some.map((cell) => (cell.kind === GONE ? null : this.#read(cell).catch(() => undefined))))
      for (const [at, cell] of some.entries()) {
        if (cell.kind === GONE) {
          into.delete(cell.id)
          this.#gone.add(cell.id)
        } else if (plain[at] === undefined) damaged.push({ store, id: cell.id })
        else into.set(cell.id, plain[at])
      }
    }
  }

  /** The whole base in one piece, so that a start need not open it cell by cell. It must be what is on disk. */
  async picture(base: Iterable<readonly [string, unknown]>): Promise<void> {
    const entry: Entry = { store: 'snapshot', id: PICTURE, kind: PICTURE, value: [...base] }
    const cell = await this.#cell(entry, Date.now())
    if (!cell) return
    const gone = [...this.#gone]
    await this.strict(['snapshot', 'base'], (tx) =>
      Promise.all([tx.objectStore('snapshot').put(cell), ...gone.map((id) => tx.objectStore('base').delete(id))]),
    )
    for (const id of gone) this.#gone.delete(id)
  }

  /** Writes all of it or none of it, and resolves only when it is durable. Throws StorageFull. */
  async write(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return
    const updated = Date.now()
    const cells = await Promise.all(entries.map((entry) => this.#cell(entry, updated)))
    const rows = entries.some((entry) => entry.store === 'rows')
    const names = [...new Set(entries.map((entry) => entry.store)), ...(rows ? (['sealed'] as const) : [])]
    await this.strict(names, (tx) =>
      Promise.all(
        entries.flatMap((entry, at) => {
          const [cell, cellsOf] = [cells[at], tx.objectStore(entry.store)]
          return [cell ? cellsOf.put(cell) : cellsOf.delete(entry.id), entry.store === 'rows' ? keepTwin(tx, entry, updated) : null]
        }),
      ),
    )
  }

  /** Sealed mutations in the order they were made. */
  async twins(...states: TwinState[]): Promise<Twin[]> {
    const db = await this.connection()
    const found = await Promise.all(states.map((state) => db.getAllFromIndex('sealed', 'state', state)))
    return found.flat().sort((a, b) => a.n - b.n)
  }

  async countTwins(...states: TwinState[]): Promise<number> {
    const db = await this.connection()
    const counts = await Promise.all(states.map((state) => db.countFromIndex('sealed', 'state', state)))
    return counts.reduce((sum, count) => sum + count, 0)
  }

  async markTwins(mids: readonly string[], state: TwinState): Promise<void> {
    const updated = Date.now()
    await this.strict(['sealed'], (tx) =>
      Promise.all(
        mids.map(async (mid) => {
          const twin = await tx.objectStore('sealed').get(mid)
          if (twin) await tx.objectStore('sealed').put({ ...twin, state, updated })
        }),
      ),
    )
  }

  /** Ends the keeping of covered twins older than the given instant (milliseconds). */
  async sweepTwins(before: number): Promise<void> {
    const old = (await this.twins('covered')).filter((twin) => twin.updated < before)
    if (old.length === 0) return
    await this.strict(['sealed'], (tx) => Promise.all(old.map((twin) => tx.objectStore('sealed').delete(twin.mid))))
  }

  close(): void {
    void this.#opening?.then((db) => db.close()).catch(() => undefined)
    this.#opening = null
  }

  /** Closed for good: whoever still holds this store cannot make its database anew by asking it. */
  retire(): void {
    this.#retired = true
    this.close()
  }

  /** Everything but the sealed work goes, photos in it included, the wrapped keys first of all; what lets the office open notes from the lock is sealed too. */
  async keepOnlySealed(): Promise<void> {
    const db = await this.connection()
    const tx = writing(db, ['envelope', ...CELLS])
    const keys = tx.objectStore('envelope')
    const deposit = ((await keys.get('envelope')) as Envelope | undefined)?.notes?.deposit ?? (await keys.get(DEPOSIT))
    for (const name of ['envelope', ...CELLS] as const) void tx.objectStore(name).clear()
    if (deposit) void keys.put(deposit, DEPOSIT)
    await tx.done
  }

  async destroy(): Promise<void> {
    this.retire()
    await deleteDB(databaseOf(this.vault))
  }

  async #read(cell: Cell): Promise<unknown> {
    if (!this.guard) throw new Error('the store is locked')
    return JSON.parse(text(await this.guard.decrypt(cell, cell.data)))
  }

  async #cell(entry: Entry, updated: number): Promise<Cell | null> {
    const dropped = entry.value === undefined
    if (entry.store === 'base') this.#gone[dropped ? 'add' : 'delete'](entry.id)
    if (dropped && entry.store === 'base') {
      return { id: entry.id, kind: GONE, write: ++this.#writes, epoch: '', updated, data: new ArrayBuffer(0) }
    }
    if (dropped) return null
    if (!this.guard) throw new Error('the store is locked')
    const { id, kind } = entry
    const label = { kind, id, write: ++this.#writes, epoch: this.guard.epoch(entry.store, kind) }
    const data = await this.guard.encrypt(label, plainJson(entry.value))
    const plain = entry.row ? { mid: id, n: entry.row.n, state: entry.row.state } : {}
    return { ...label, ...plain, updated, data }
  }

  /** One connection, however many ask for it at once: a second one would be left open for ever. */
  connection(): Promise<IDBPDatabase<VaultSchema>> {
    if (this.#retired) return Promise.reject(new StorageLost('the vault was thrown away'))
    if (this.#opening) return this.#opening
    const opening = openDB<VaultSchema>(databaseOf(this.vault), 2, {
      upgrade: layOut,
      blocking: () => this.close(),
      terminated: () => (this.#opening = null),
    })
    opening.catch(() => (this.#opening = null))
    this.#opening = opening
    return opening
  }

  /** A connection that the browser has dropped is opened once more; what fails then is the caller's to tell. */
  async strict(names: Named[], work: Work): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      let ended: Promise<unknown> = Promise.resolve()
      try {
        const db = await this.connection()
        const tx = writing(db, [...names, 'envelope'])
        const done = tx.done
        ended = done.catch((why: unknown) => why)
        const mine = claimed.has(this.vault)
        if (this.guard && !mine) void tx.objectStore('envelope').put(PAGE, 'page')
        if (this.guard && mine && (await tx.objectStore('envelope').get('page')) !== PAGE) throw new StorageTaken()
        await work(tx)
        await done
        if (this.guard) claimed.add(this.vault)
        return
      } catch (error) {
        const why = (await ended) ?? error // a request that the transaction took along says only that it ended
        if (isFull(why)) throw new StorageFull('the phone is full', { cause: why })
        if (attempt > 1 || !isBroken(why)) throw why
        this.close()
      }
    }
  }
}

const phone = (): Promise<IDBPDatabase<PhoneSchema>> =>
  openDB<PhoneSchema>(ROOM, 1, {
    upgrade(db) {
      if (!db.objectStoreNames.contains('vaults')) db.createObjectStore('vaults', { keyPath: 'id' })
      if (!db.objectStoreNames.contains('phone')) db.createObjectStore('phone')
    },
    blocking: (_old, _new, event) => (event.target as IDBDatabase).close(),
  })

/** Works in the phone's own database, which holds nothing that is secret. */
export async function onPhone<T>(work: (db: IDBPDatabase<PhoneSchema>) => Promise<T>): Promise<T> {
  const db = await phone()
  try {
    return await work(db)
  } finally {
    db.close()
  }
}
