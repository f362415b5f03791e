/**
 * The phone's half of the protocol: what a phone holds, shows, sends and installs, as pure functions.
 * It merges nothing (the server alone does that), and it may not reach for a clock, chance, the network,
 * a disk or another file: time and ids come in, and every step says which stored rows to write.
 */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
/** A record as the wire knows it: one flat object, path to value. */
export type Body = Readonly<Record<string, Json>>
/** What the author had before their eyes at one path: its value, and the record's seq when the form opened. */
export interface Seen { readonly value?: Json; readonly seq: number }
export type Op = 'create' | 'patch' | 'delete' | 'restore'
export type ItemState = 'saved' | 'sending' | 'received' | 'check'

/** One change as it is signed, sealed and sent; `canonical` of it is the bytes that the server keeps. */
export interface Mutation {
  readonly mid: string; readonly replica: string; readonly n: number; readonly author: string
  readonly contract: number; readonly kind: string; readonly id: string; readonly op: Op
  readonly set: Body; readonly seen: Readonly<Record<string, Seen>>
  readonly happened_at: string; readonly captured_at: string; readonly offset_ms: number; readonly why?: string
}
/**
 * A mutation in the outbox. open: still typed into · frozen: waits for custody · sent: in custody, waits for the
 * feed · covered: in the base, kept 7 days for a restored server (I-18); neither shown nor pending any more.
 */
export interface Row extends Mutation {
  readonly state: 'open' | 'frozen' | 'sent' | 'covered'
  readonly era: number // which of this vault's replicas wrote it: rows are ordered by (era, n)
  readonly base_seq: number // the base record's seq in the form that opened the row
  readonly seq?: number | null // where the feed must have come before the row may go (I-9); null: nowhere
  readonly covered_at?: string // server time, starts the 7 days
  readonly again?: true // covered once, asked about again because the server was restored
  readonly custody?: true // a parcel was taken: safe, though not judged as far as we know
  readonly aside?: true // the server could not read it: leaves as a parcel only
}
/** Work that the server keeps but has not applied. `set` is the unapplied part; `row` is whole, for the same mid needs the same bytes. */
export interface ShelfItem {
  readonly mid: string; readonly id: string; readonly kind: string; readonly set: Body; readonly row: Row
  readonly state: string; readonly reason: string | null; readonly reviews: readonly string[]
  readonly asked_at: string | null // server time of the last answer; asked again daily
  readonly ends?: number | null // a receipt ended it; goes when the feed has come this far, as rows do
}
/** One record as the server last said it; `gen` is the load (reset) in which it was last heard of. */
export interface BaseRecord { readonly kind: string; readonly seq: number; readonly in: readonly string[]; readonly body: Body; readonly gen: number }
export interface Access { readonly version: number | string; readonly user: string; readonly scopes: readonly string[] }
/** Everything about a vault that is not a row of its own. */
export interface Meta {
  readonly user: string; readonly replica: string; readonly era: number; readonly next_n: number; readonly contract: number
  readonly cursor: string | null; readonly incarnation: string | null; readonly covered: number | null
  readonly access: Access | null; readonly server_now: string | null
  readonly gen: number // counts loads
  readonly restored: number // records heard of before this load are another incarnation's
  readonly resetting: Readonly<Record<string, number>> | null // scope (or '*') to the load that resets it
  readonly forked: boolean // storage was rolled back: call startReplica before the next touch
}
export interface State extends Meta {
  readonly base: ReadonlyMap<string, BaseRecord>; readonly rows: readonly Row[]; readonly shelf: readonly ShelfItem[]
}
/** One stored row to write or remove; a step's changes belong in ONE strict transaction (I-8). */
export type Change =
  | { readonly act: 'put'; readonly store: 'base'; readonly key: string; readonly value: BaseRecord }
  | { readonly act: 'put'; readonly store: 'rows'; readonly key: string; readonly value: Row }
  | { readonly act: 'put'; readonly store: 'shelf'; readonly key: string; readonly value: ShelfItem }
  | { readonly act: 'put'; readonly store: 'meta'; readonly key: 'meta'; readonly value: Meta }
  | { readonly act: 'drop'; readonly store: 'base' | 'rows' | 'shelf'; readonly key: string }
export interface Step { readonly state: State; readonly changes: readonly Change[] }
/** What a form shows and what `seen` is taken from. It never changes while the form is open (I-5). */
export interface Snapshot {
  readonly id: string; readonly kind: string; readonly seq: number
  readonly exists: boolean // false: the first touch creates the record
  readonly born: boolean // created here and not in the base yet: nothing of the server's was seen at any path
  readonly base: Body; readonly inherited: Readonly<Record<string, Seen>>; readonly body: Body
}
/** `mid` UUIDv7 (used only if this touch opens a row), `now` the raw phone clock, `offset_ms` last known server − phone. */
export interface Stamp { readonly mid: string; readonly now: string; readonly offset_ms: number; readonly happened_at?: string; readonly why?: string }
/** What must still be true of the vault for the pull half of the answer to count. */
export interface Sent { readonly user: string; readonly replica: string; readonly incarnation: string | null; readonly cursor: string | null }
export interface Packed { readonly push: readonly Mutation[]; readonly sent: Sent }
export interface Result { readonly mid: string; readonly state: string; readonly reason?: string | null; readonly reviews?: readonly string[]; readonly seq?: number | null; readonly repeated?: boolean; readonly fork?: boolean }
export interface Reply {
  readonly incarnation: string; readonly server_now: string; readonly results: readonly Result[]
  readonly puts?: readonly { id: string; kind: string; seq: number; in: readonly string[]; body: Body }[]
  readonly leaves?: readonly string[]; readonly cursor?: string; readonly covered?: number | null; readonly more?: boolean
  readonly access?: Access | null; readonly reset?: readonly string[] | null; readonly checked?: boolean; readonly policy?: Readonly<Record<string, Json>>
}
export interface Shown { readonly id: string; readonly kind: string; readonly seq: number; readonly body: Body; readonly pending: boolean; readonly state: ItemState }

/** The most one push may hold. After a 413 or a time-out the courier asks with half of it. */
export const FULL = { rows: 500, bytes: 1 << 20 } as const
const DAY_MS = 86_400_000
const KEPT_MS = 7 * DAY_MS
const PATH = /^[A-Za-z0-9_.-]{1,64}(\/[A-Za-z0-9_.-]{1,64})?$/
const NOBODY: ReadonlySet<string> = new Set()

/** An empty vault for one user on one phone. */
export function startVault(user: string, replica: string, contract: number): State {
  return {
    user, replica, era: 1, next_n: 1, contract, cursor: null, incarnation: null, covered: null, access: null, server_now: null,
    gen: 1, restored: 0, resetting: null, forked: false, base: new Map(), rows: [], shelf: [],
  }
}

/** A vault read back from disk. Rows left open by a kill stay open, unless an update changed the contract under them. */
export function loadVault(meta: Meta, base: Iterable<readonly [string, BaseRecord]>, rows: Iterable<Row>, shelf: Iterable<ShelfItem>, contract: number): State {
  const kept = [...rows].map((row) => (row.state === 'open' && row.contract !== contract ? { ...row, state: 'frozen' as const } : row))
  return { ...meta, contract, base: new Map(base), rows: kept.sort(byOrder), shelf: [...shelf].sort((a, b) => byOrder(a.row, b.row)) }
}

/** A fresh replica after a fork (storage rolled back): old rows keep their name and number, new ones count from 1. */
export function startReplica(state: State, replica: string): Step {
  const edit = begin(freeze(state, null))
  return finish(edit, { replica, era: state.era + 1, next_n: 1, forked: false })
}

/** The snapshot for a form. `kind` is needed for a record that does not exist yet. */
export function open(state: State, id: string, kind: string): Snapshot {
  const base = state.base.get(id)
  const layers = layersOf(state, id)
  const inherited: Record<string, Seen> = {}
  for (const row of layers) for (const [path, seen] of Object.entries(row.seen)) inherited[path] ??= seen
  return {
    id, kind: base?.kind ?? kind, seq: base?.seq ?? 0, exists: base !== undefined || layers.length > 0,
    born: layers.some((row) => row.op === 'create'), base: base?.body ?? {}, inherited, body: overlay(base, layers) ?? {},
  }
}

/** What the author of this form saw at `path`: the earliest pending row's view, else the base as it was when it opened. */
export function seenAt(snapshot: Snapshot, path: string): Seen {
  if (snapshot.born || !snapshot.exists) return { value: null, seq: 0 }
  return snapshot.inherited[path] ?? { value: snapshot.base[path] ?? null, seq: snapshot.seq }
}

/** The thumb set `path` to `value` (null removes it), in the record's one open row. Setting a value back is a touch too. */
export function touch(state: State, snapshot: Snapshot, path: string, value: Json, stamp: Stamp): Step {
  if (!PATH.test(path) || path.split('/').some((part) => ['__proto__', 'constructor', 'prototype'].includes(part))) {
    throw new Error(`not a path: ${path}`)
  }
  const edit = begin({ state, changes: [] })
  const row = state.rows.find((one) => one.id === snapshot.id && one.state === 'open')
  const mine = seenAt(snapshot, path)
  if (row !== undefined) {
    const before = row.seen[path]
    const seen = before !== undefined && before.seq <= mine.seq ? before : mine
    putRow(edit, {
      ...row, set: { ...row.set, [path]: value }, seen: row.op === 'create' ? {} : { ...row.seen, [path]: seen },
      base_seq: Math.min(row.base_seq, snapshot.seq), captured_at: stamp.now, offset_ms: stamp.offset_ms,
    })
    return finish(edit)
  }
  const create = !snapshot.exists && !isKnown(state, snapshot.id)
  putRow(edit, newRow(state, snapshot, stamp, create ? 'create' : 'patch', { [path]: value }, create ? {} : { [path]: mine }, 'open'))
  return finish(edit, { next_n: state.next_n + 1 })
}

/** Delete a record or take that back: a row of its own, judged against all that its author had not seen. */
export function mark(state: State, snapshot: Snapshot, op: 'delete' | 'restore', stamp: Stamp): Step {
  const edit = begin(freeze(state, snapshot.id))
  const seqs = Object.values(snapshot.inherited).map((seen) => seen.seq)
  const seq = snapshot.born ? 0 : Math.min(snapshot.seq, ...seqs)
  putRow(edit, newRow(state, snapshot, stamp, op, {}, { '*': { seq } }, 'frozen'))
  return finish(edit, { next_n: state.next_n + 1 })
}

/** The form is left (or all of them: `id` null): its row never changes again and may be sent. */
export function freeze(state: State, id: string | null): Step {
  const edit = begin({ state, changes: [] })
  for (const row of state.rows) if (row.state === 'open' && (id === null || row.id === id)) putRow(edit, { ...row, state: 'frozen' })
  return finish(edit)
}

/** What to push now, oldest first, at most `limit` (always at least one row), and what the answer must still fit. */
export function pack(state: State, limit: { readonly rows: number; readonly bytes: number } = FULL): Packed {
  const waiting = new Map<string, Row>()
  for (const item of state.shelf) if (isDue(state, item)) waiting.set(item.mid, item.row)
  for (const row of state.rows) if (!row.aside && (row.state === 'frozen' || row.again)) waiting.set(row.mid, row)
  const push: Mutation[] = []
  let bytes = 0
  for (const row of [...waiting.values()].sort(byOrder)) {
    const mutation = mutationOf(row)
    bytes += utf8(canonical(mutation as unknown as Json)).length + 1
    if (push.length > 0 && (push.length >= limit.rows || bytes > limit.bytes)) break
    push.push(mutation)
  }
  const { user, replica, incarnation, cursor } = state
  return { push, sent: { user, replica, incarnation, cursor } }
}

/**
 * An answer. What it says about single mutations always counts; what it brought from the feed counts only
 * if the vault still stands where it stood when it asked (late answers would move the base backwards).
 */
export function install(state: State, reply: Reply, sent: Sent): Step {
  const edit = begin({ state, changes: [] })
  const unchanged = sent.user === state.user && sent.incarnation === state.incarnation
  const other = reply.incarnation !== state.incarnation
  if (other && !unchanged) return finish(edit) // spoken by a server that has since been restored: ask again
  const restored = other && state.incarnation !== null
  if (restored) askAgain(edit)
  edit.meta.incarnation = reply.incarnation
  edit.meta.server_now = reply.server_now
  for (const result of reply.results) takeResult(edit, result, reply.server_now)
  const current = unchanged && !restored && sent.replica === state.replica && sent.cursor === state.cursor
  if (current && reply.cursor !== undefined && accessCounts(state, reply)) takePage(edit, reply, reply.cursor)
  settle(edit, reply.server_now)
  return finish(edit)
}

/** The record as its author should see it: base, then pending rows in order. Null: not here, or hidden by a delete. */
export function show(state: State, id: string, inFlight: ReadonlySet<string> = NOBODY): Shown | null {
  return shown(state, id, layersOf(state, id), inFlight)
}

/** Every record of a kind, those created here included, in no particular order. */
export function list(state: State, kind: string, inFlight: ReadonlySet<string> = NOBODY): Shown[] {
  const layers = new Map<string, Row[]>()
  const add = (row: Row): void => { const rows = layers.get(row.id); if (rows) rows.push(row); else layers.set(row.id, [row]) }
  for (const item of state.shelf) if (state.base.has(item.id)) layers.set(item.id, []); else add(item.row)
  for (const row of state.rows) if (row.state !== 'covered') add(row)
  const look = (id: string) => shown(state, id, (layers.get(id) ?? []).sort(byOrder), inFlight)
  const known = standing(state.base, kind)
  const born = [...layers].filter(([id, rows]) => state.base.get(id)?.kind !== kind && rows.some((row) => row.kind === kind && row.op === 'create'))
  if (born.length === 0 && !known.some((one) => layers.has(one.id))) return known
  return [...known.map((one) => (layers.has(one.id) ? look(one.id) : one)), ...born.map(([id]) => look(id))].filter((one) => one !== null)
}

const standings = new WeakMap<State['base'], Map<string, Shown[]>>()
/** Records as the base alone has them, by kind: gathered once for each base, so that a touch asks nothing of ten thousand others. */
function standing(base: State['base'], kind: string): Shown[] {
  const kinds = standings.get(base) ?? new Map<string, Shown[]>()
  if (!standings.has(base)) for (const [id, { kind, seq, body }] of base) {
    if (!kinds.has(kind)) kinds.set(kind, [])
    kinds.get(kind)?.push({ id, kind, seq, body, pending: false, state: 'received' })
  }
  standings.set(base, kinds)
  return kinds.get(kind) ?? []
}

/** Numbers for the chip and for the server's health line; `unsent` counts only what is not in custody. */
export function counts(state: State): { unsent: number; check: number; open: number[]; last_n: number; oldest: string | null } {
  const unsent = state.rows.filter(isUnsent)
  return {
    unsent: unsent.length, check: unapplied(state).length, last_n: state.next_n - 1,
    open: state.rows.filter((row) => row.state === 'open' && row.replica === state.replica).map((row) => row.n),
    oldest: unsent[0]?.captured_at ?? null,
  }
}

/** How far the work on a record has come; `inFlight` are the mids of the request under way. */
export function itemState(state: State, id: string, inFlight: ReadonlySet<string> = NOBODY): ItemState {
  if (state.shelf.some((item) => item.id === id && item.ends === undefined)) return 'check'
  const rows = state.rows.filter((row) => row.id === id && isUnsent(row))
  if (rows.some((row) => row.aside)) return 'check'
  if (rows.length === 0) return 'received'
  return rows.some((row) => inFlight.has(row.mid)) ? 'sending' : 'saved'
}

export interface Unapplied { readonly mid: string; readonly id: string | null; readonly kind: string | null; readonly set: Body; readonly state: string; readonly reason: string | null; readonly reviews: readonly string[] }
/** All of this author's work that stands unapplied: the shelf, and what receipts tell a vault that never held it (I-24). */
export function unapplied(state: State): Unapplied[] {
  const here = new Set([...state.shelf.map((item) => item.mid), ...state.rows.filter((row) => row.state !== 'covered').map((row) => row.mid)])
  const items: Unapplied[] = state.shelf.filter((item) => item.ends === undefined)
  for (const record of standing(state.base, 'receipt')) {
    const told = receiptOf(record.body)
    if (told === null || isOver(told.state) || here.has(told.mid) || record.body.author !== state.user) continue
    const { about, about_kind: kind } = record.body
    items.push({ ...told, id: typeof about === 'string' ? about : null, kind: typeof kind === 'string' ? kind : null, set: told.set ?? {} })
  }
  return items
}

/** Paths where the server's record now differs from what an open form was opened on: the form's banner. */
export function moved(state: State, snapshot: Snapshot): string[] {
  const base = state.base.get(snapshot.id)
  if (base === undefined || base.seq === snapshot.seq) return []
  const mine: Body = Object.assign({}, snapshot.body, ...state.rows.filter((row) => row.id === snapshot.id).map((row) => row.set))
  const paths = new Set([...Object.keys(base.body), ...Object.keys(snapshot.base)])
  return [...paths].filter((path) => {
    const now = canonical(base.body[path] ?? null)
    return now !== canonical(snapshot.base[path] ?? null) && now !== canonical(mine[path] ?? null)
  })
}

/** The carrier says that these parcels are in custody: safe, but still asked about until they are judged. */
export function inCustody(state: State, mids: Iterable<string>): Step {
  const taken = new Set(mids)
  const edit = begin({ state, changes: [] })
  for (const row of state.rows) if (taken.has(row.mid) && row.state === 'frozen') putRow(edit, { ...row, custody: true })
  return finish(edit)
}

/** The one row that the server cannot read: out of the way of its neighbours, to be carried as a parcel. */
export function setAside(state: State, mid: string): Step {
  const edit = begin({ state, changes: [] })
  for (const row of state.rows) if (row.mid === mid && row.state === 'frozen') putRow(edit, { ...row, aside: true })
  return finish(edit)
}

/** The mutation as it travels: the row without what is only the phone's. */
export function mutationOf(row: Row): Mutation {
  const { mid, replica, n, author, contract, kind, id, op, set, seen, happened_at, captured_at, offset_ms, why } = row
  const mutation = { mid, replica, n, author, contract, kind, id, op, set, seen, happened_at, captured_at, offset_ms }
  return why === undefined ? mutation : { ...mutation, why }
}

/** Canonical JSON: sorted keys, no white space; the server's bytes exactly (keys are ASCII: they sort alike on both sides). */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join(',')}}`
}

/** The id of the one record of `kind` for these values, so that two phones make the same record. */
export function onePerId(kind: string, values: readonly string[]): string {
  return named([kind, ...values].join('|'), 5)
}
/** The id of the open question about one path of one record from one replica. */
export function reviewId(record: string, path: string, replica: string): string {
  return named(`review|${record}|${path}|${replica}`, 8)
}
/** The id of the receipt for one mutation. */
export function receiptId(mid: string): string {
  return named(`receipt|${mid}`, 8)
}

interface Edit {
  readonly before: State; readonly changes: Map<string, Change>; readonly rows: Map<string, Row>; readonly shelf: Map<string, ShelfItem>
  base: Map<string, BaseRecord> | null // copied only when it changes
  readonly meta: { -readonly [key in keyof Meta]: Meta[key] }
}

function begin({ state, changes }: Step): Edit {
  const { base: _base, rows, shelf, ...meta } = state
  return {
    before: state, changes: new Map(changes.map((change) => [`${change.store} ${change.key}`, change])), base: null, meta,
    rows: new Map(rows.map((row) => [row.mid, row])), shelf: new Map(shelf.map((item) => [item.mid, item])),
  }
}

function finish(edit: Edit, patch: Partial<Meta> = {}): Step {
  const meta: Meta = { ...edit.meta, ...patch }
  const names = Object.keys(meta) as (keyof Meta)[]
  if (names.some((name) => meta[name] !== edit.before[name])) note(edit, { act: 'put', store: 'meta', key: 'meta', value: meta })
  const state = { ...meta, base: edit.base ?? edit.before.base, rows: [...edit.rows.values()], shelf: [...edit.shelf.values()] }
  return { state, changes: [...edit.changes.values()] }
}

function note(edit: Edit, change: Change): void {
  edit.changes.set(`${change.store} ${change.key}`, change)
}
function putRow(edit: Edit, row: Row): void {
  edit.rows.set(row.mid, row)
  note(edit, { act: 'put', store: 'rows', key: row.mid, value: row })
}
function dropRow(edit: Edit, mid: string): void {
  if (edit.rows.delete(mid)) note(edit, { act: 'drop', store: 'rows', key: mid })
}
function putShelf(edit: Edit, item: ShelfItem): void {
  edit.shelf.set(item.mid, item)
  note(edit, { act: 'put', store: 'shelf', key: item.mid, value: item })
}
function dropShelf(edit: Edit, mid: string): void {
  if (edit.shelf.delete(mid)) note(edit, { act: 'drop', store: 'shelf', key: mid })
}
function baseOf(edit: Edit): Map<string, BaseRecord> {
  return (edit.base ??= new Map(edit.before.base))
}
function putBase(edit: Edit, id: string, record: BaseRecord): void {
  baseOf(edit).set(id, record)
  note(edit, { act: 'put', store: 'base', key: id, value: record })
}
function dropBase(edit: Edit, id: string): void {
  if (baseOf(edit).delete(id)) note(edit, { act: 'drop', store: 'base', key: id })
}
/** Keep of every record the scopes that `stays` allows; one that is left in none goes, from the base alone. */
function narrow(edit: Edit, stays: (scope: string, record: BaseRecord) => boolean): void {
  for (const [id, record] of [...baseOf(edit)]) {
    const scopes = record.in.filter((scope) => stays(scope, record))
    if (scopes.length === 0) dropBase(edit, id)
    else if (scopes.length < record.in.length) putBase(edit, id, { ...record, in: scopes })
  }
}

function newRow(state: State, snapshot: Snapshot, stamp: Stamp, op: Op, set: Body, seen: Row['seen'], as: 'open' | 'frozen'): Row {
  const row: Row = {
    mid: stamp.mid, replica: state.replica, n: state.next_n, author: state.user, contract: state.contract, kind: snapshot.kind, id: snapshot.id,
    op, set, seen, happened_at: stamp.happened_at ?? stamp.now, captured_at: stamp.now, offset_ms: stamp.offset_ms,
    state: as, era: state.era, base_seq: snapshot.seq,
  }
  return stamp.why === undefined ? row : { ...row, why: stamp.why }
}

/** Nothing of a record is lost by asking twice, so after a restore everything of the last 7 days is asked again (I-18). */
function askAgain(edit: Edit): void {
  const { meta } = edit
  meta.gen += 1
  Object.assign(meta, { restored: meta.gen, resetting: { '*': meta.gen }, cursor: null, covered: null })
  for (const row of [...edit.rows.values()]) {
    if (row.state === 'covered') putRow(edit, { ...row, again: true })
    else if (row.state === 'sent' || row.custody) putRow(edit, waitingAs(row, 'frozen'))
  }
  for (const item of [...edit.shelf.values()]) {
    const { ends: _ends, ...rest } = item
    putShelf(edit, { ...rest, asked_at: null })
  }
}

/** The row in another state, without what it knew of an answer. */
function waitingAs(row: Row, state: Row['state']): Row {
  const { seq: _seq, covered_at: _at, again: _again, custody: _custody, aside: _aside, ...rest } = row
  return { ...rest, state: row.state === 'open' ? 'open' : state }
}

function takeResult(edit: Edit, result: Result, now: string): void {
  if (result.fork === true || result.reason === 'mid_clash') edit.meta.forked = true
  const row = edit.rows.get(result.mid)
  const shelved = edit.shelf.get(result.mid)
  const waited = row !== undefined && (row.state === 'frozen' || row.again === true)
  if (result.state === 'erased') {
    dropRow(edit, result.mid)
    dropShelf(edit, result.mid)
    return
  }
  if (waited) {
    const written = result.state === 'applied' || result.state === 'review'
    putRow(edit, { ...waitingAs(row, 'sent'), seq: written ? (result.seq ?? null) : null })
  }
  if (shelved !== undefined) {
    putShelf(edit, isOver(result.state) ? { ...shelved, ends: result.seq ?? null } : { ...shelved, ...verdict(result), asked_at: now })
  } else if (waited && !isOver(result.state)) {
    const { reviews } = verdict(result)
    const asked = Object.entries(row.set).filter(([path]) => reviews.includes(reviewId(row.id, path, row.replica)))
    const set = asked.length > 0 && asked.length === reviews.length ? Object.fromEntries(asked) : row.set // a question may stand under another name than its own
    const receipt = edit.before.base.get(receiptId(row.mid))
    const over = receipt !== undefined && receipt.gen >= edit.meta.restored && isOver(receiptOf(receipt.body)?.state ?? '')
    const item = { mid: row.mid, id: row.id, kind: row.kind, set, row: waitingAs(row, 'sent'), ...verdict(result), asked_at: now }
    putShelf(edit, over ? { ...item, ends: receipt.seq } : item)
  }
}

function verdict(from: Result): Pick<ShelfItem, 'state' | 'reason' | 'reviews'> {
  return { state: from.state, reason: from.reason ?? null, reviews: from.reviews ?? [] }
}
function isOver(state: string): boolean {
  return state === 'applied' || state === 'erased'
}

/** Complete means: names this vault's user and holds the scope that every user has. Anything less moves nothing (I-11). */
function accessCounts(state: State, reply: Reply): boolean {
  const access = reply.access
  if (access === undefined || access === null) return true
  return access.user === state.user && Array.isArray(access.scopes) && access.scopes.includes(`me:${state.user}`)
}

function takePage(edit: Edit, reply: Reply, cursor: string): void {
  const { meta } = edit
  if (reply.access) {
    const mine = new Set(reply.access.scopes)
    meta.access = reply.access
    narrow(edit, (scope) => mine.has(scope))
  }
  if (reply.reset) {
    meta.gen += 1
    meta.resetting = { ...meta.resetting, ...Object.fromEntries(reply.reset.map((scope) => [scope, meta.gen])) }
  }
  for (const id of reply.leaves ?? []) dropBase(edit, id)
  for (const { id, kind, seq, in: scopes, body } of reply.puts ?? []) {
    const old = baseOf(edit).get(id)
    const backwards = old !== undefined && old.gen >= meta.restored && old.seq > seq
    putBase(edit, id, backwards ? { ...old, gen: meta.gen } : { kind, seq, in: scopes, body, gen: meta.gen })
    if (kind === 'receipt') takeReceipt(edit, body, seq)
  }
  meta.cursor = cursor
  if (reply.covered === undefined || reply.covered === null) return
  // Between two pages the base is whole at no position: a record that moved on since its row was
  // answered is not at the seq that the answer named, but further on, where the feed has not come.
  meta.covered = reply.more === true ? null : reply.covered
  const loads = meta.resetting
  if (loads === null || reply.more === true) return
  narrow(edit, (scope, record) => record.gen >= (loads[scope] ?? loads['*'] ?? 0))
  meta.resetting = null
}

/** A receipt tells what became of a mutation later on. Of one that this vault does not hold it says nothing here. */
function takeReceipt(edit: Edit, body: Body, seq: number): void {
  const told = receiptOf(body)
  if (told === null) return
  if (told.state === 'erased') dropRow(edit, told.mid)
  const item = edit.shelf.get(told.mid)
  if (item === undefined) return
  if (isOver(told.state)) return putShelf(edit, { ...item, ends: seq })
  const { ends: _ends, ...rest } = item
  putShelf(edit, { ...rest, ...verdict(told), set: told.set ?? item.set })
}

function receiptOf(body: Body): (Result & { reason: string | null; reviews: readonly string[]; set: Body | null }) | null {
  const { mid, state, reason, reviews, set } = body
  if (typeof mid !== 'string' || typeof state !== 'string') return null
  const listed = Array.isArray(reviews) ? reviews.filter((one) => typeof one === 'string') : []
  const whole = set !== null && typeof set === 'object' && !Array.isArray(set) ? set : null
  return { mid, state, reason: typeof reason === 'string' ? reason : null, reviews: listed, set: whole }
}

/** Let go of what the feed has caught up with, and of history older than the restore rule needs. */
function settle(edit: Edit, now: string): void {
  const { covered } = edit.meta
  const reached = (seq: number | null | undefined): boolean => seq === null || (seq !== undefined && covered !== null && covered >= seq)
  for (const row of [...edit.rows.values()]) {
    if (row.state === 'sent' && reached(row.seq)) putRow(edit, { ...row, state: 'covered', covered_at: now })
    else if (row.state === 'covered' && !row.again && msBetween(row.covered_at, now) > KEPT_MS) dropRow(edit, row.mid)
  }
  for (const item of [...edit.shelf.values()]) if (item.ends !== undefined && reached(item.ends)) dropShelf(edit, item.mid)
}

function shown(state: State, id: string, layers: readonly Row[], inFlight: ReadonlySet<string>): Shown | null {
  const base = state.base.get(id)
  const body = layers.length === 0 ? (base?.body ?? null) : overlay(base, layers)
  const kind = base?.kind ?? layers[0]?.kind
  if (body === null || kind === undefined) return null
  const plain = layers.length === 0 && !state.shelf.some((item) => item.id === id)
  return { id, kind, seq: base?.seq ?? 0, body, pending: layers.length > 0, state: plain ? 'received' : itemState(state, id, inFlight) }
}

/** Rows over the base by path, in order. A patch never makes a record (I-10). */
function overlay(base: BaseRecord | undefined, layers: readonly Row[]): Body | null {
  let body: Record<string, Json> | null = base === undefined ? null : { ...base.body }
  let hidden = false
  for (const row of layers) {
    if (row.op === 'create') body ??= {}
    if (row.op === 'delete') hidden = true
    if (row.op === 'restore') hidden = false
    if (body !== null) for (const [path, value] of Object.entries(row.set)) if (value === null) delete body[path]; else body[path] = value
  }
  return hidden ? null : body
}

/** Pending rows on a record, oldest first. Shelved work is shown only while the record has no base to stand on. */
function layersOf(state: State, id: string): Row[] {
  const rows = state.rows.filter((row) => row.id === id && row.state !== 'covered')
  if (!state.base.has(id)) for (const item of state.shelf) if (item.id === id) rows.push(item.row)
  return rows.sort(byOrder)
}

function isKnown(state: State, id: string): boolean {
  const creates = (row: Row): boolean => row.id === id && row.op === 'create'
  return state.base.has(id) || state.rows.some(creates) || state.shelf.some((item) => creates(item.row))
}
function isUnsent(row: Row): boolean {
  return (row.state === 'open' || row.state === 'frozen') && !row.custody
}
function isDue(state: State, item: ShelfItem): boolean {
  return item.ends === undefined && (item.asked_at === null || msBetween(item.asked_at, state.server_now) >= DAY_MS)
}
function byOrder(a: Row, b: Row): number {
  return a.era - b.era || a.n - b.n
}
function msBetween(from: string | null | undefined, to: string | null): number {
  return from && to ? Date.parse(to) - Date.parse(from) : 0
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** The namespace of every name-based id in the product: uuid5(NAMESPACE_URL, 'https://oppgang.no/ns'). */
const NS = '85f9db57-dc48-5e3a-a23f-43719b3c4de1'

function named(name: string, version: 5 | 8): string { // 8: what the server alone makes
  const space = NS.replaceAll('-', '').match(/../g) ?? []
  const hash = sha1([...space.map((pair) => Number.parseInt(pair, 16)), ...utf8(name)]).slice(0, 16)
  const stamped = hash.map((byte, i) => (i === 6 ? (byte & 15) | (version << 4) : i === 8 ? (byte & 63) | 128 : byte))
  const hex = stamped.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** SHA-1 as FIPS 180-4 has it, here only to name things alike on both sides (WebCrypto's would be asynchronous). */
function sha1(message: readonly number[]): number[] {
  const bits = message.length * 8
  const data = [...message, 0x80]
  while (data.length % 64 !== 56) data.push(0)
  for (let shift = 56; shift >= 0; shift -= 8) data.push(Math.floor(bits / 2 ** shift) & 255)
  const turn = (word: number, by: number): number => (word << by) | (word >>> (32 - by))
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]
  for (let at = 0; at < data.length; at += 64) {
    const words: number[] = []
    for (let i = 0; i < 80; i++) {
      const byte = (k: number): number => data[at + 4 * i + k] ?? 0
      const back = (k: number): number => words[i - k] ?? 0
      words.push(i < 16 ? (byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3) : turn(back(3) ^ back(8) ^ back(14) ^ back(16), 1))
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state
    words.forEach((word, i) => {
      const [mix, add] =
        i < 20 ? [(b & c) | (~b & d), 0x5a827999] : i < 40 ? [b ^ c ^ d, 0x6ed9eba1] : i < 60 ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc] : [b ^ c ^ d, 0xca62c1d6]
      const next = (turn(a, 5) + mix + e + add + word) | 0
      ;[a, b, c, d, e] = [next, a, turn(b, 30), c, d]
    })
    ;[a, b, c, d, e].forEach((word, i) => (state[i] = ((state[i] ?? 0) + word) | 0))
  }
  return state.flatMap((word) => [24, 16, 8, 0].map((shift) => (word >>> shift) & 255))
}
