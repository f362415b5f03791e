// A vault in a test's hands: short ways to type, send and be answered, with a clock that only the test moves.
import {
  freeze, install, open, pack, startVault, touch,
  type Body, type Change, type Json, type Meta, type Reply, type Result, type Row, type Snapshot, type Stamp, type State, type Step,
} from '../../../sync/phone'

export const KARI = 'aaaaaaaa-0000-4000-8000-000000000001'
export const REPLICA = 'bbbbbbbb-0000-4000-8000-000000000001'
export const DAY_MS = 86_400_000
export const HOME = 'area:1:home'
export const SCOPES = ['org', `me:${KARI}`, HOME]

export interface Put { id: string; kind: string; seq: number; in: string[]; body: Body }
export const put = (id: string, seq: number, body: Body, scopes: string[] = [HOME], kind = 'visit'): Put => ({ id, kind, seq, in: scopes, body })

export class Vault {
  state: State = startVault(KARI, REPLICA, 1)
  changes: readonly Change[] = []
  disk = { base: new Map(), rows: new Map(), shelf: new Map(), meta: new Map() } as Record<'base' | 'rows' | 'shelf' | 'meta', Map<string, unknown>>
  now = Date.parse('2026-03-02T08:00:00.000Z')
  #mids = 0

  stamp(): Stamp {
    this.#mids += 1
    return { mid: `cccccccc-0000-7000-8000-${String(this.#mids).padStart(12, '0')}`, now: new Date(this.now).toISOString(), offset_ms: 0 }
  }

  take(step: Step): this {
    this.state = step.state
    this.changes = step.changes
    for (const change of step.changes) {
      if (change.act === 'put') this.disk[change.store].set(change.key, structuredClone(change.value))
      else this.disk[change.store].delete(change.key)
    }
    return this
  }

  form(id = 'x', kind = 'visit'): Snapshot {
    return open(this.state, id, kind)
  }

  type(form: Snapshot, path: string, value: Json): this {
    return this.take(touch(this.state, form, path, value, this.stamp()))
  }

  /** Open, type and leave. */
  edit(id: string, set: Body): this {
    const form = this.form(id)
    for (const [path, value] of Object.entries(set)) this.type(form, path, value)
    return this.leave()
  }

  leave(): this {
    return this.take(freeze(this.state, null))
  }

  reply(more: Partial<Reply> = {}): Reply {
    return { incarnation: 'i1', server_now: new Date(this.now).toISOString(), results: [], cursor: `${this.state.cursor ?? 'c'}+`, covered: 0, more: false, ...more }
  }

  /** An answer to a request that was sent just now. */
  answer(more: Partial<Reply> = {}): this {
    return this.take(install(this.state, this.reply(more), pack(this.state).sent))
  }

  /** A first answer that tells the scopes and brings these records. */
  loaded(...puts: Put[]): this {
    return this.answer({ access: { version: 1, user: KARI, scopes: SCOPES }, puts, covered: Math.max(0, ...puts.map((one) => one.seq)) })
  }

  result(n: number, state: string, more: Partial<Result> = {}): Result {
    return { mid: this.row(n).mid, state, reason: null, reviews: [], seq: null, repeated: false, ...more }
  }

  row(n: number): Row {
    const row = this.state.rows.find((one) => one.n === n)
    if (row === undefined) throw new Error(`no row ${n}`)
    return row
  }

  states(): string[] {
    return this.state.rows.map((row) => `${row.n} ${row.state}`)
  }

  meta(): Meta {
    const meta = this.disk.meta.get('meta')
    if (meta === undefined) throw new Error('nothing was written yet')
    return meta as Meta
  }
}
