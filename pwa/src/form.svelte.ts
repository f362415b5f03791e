// One open record under the thumb: what is typed is shown at once and written within 300 ms; news never changes it.
import { freeze, moved, open, touch, type Json, type Snapshot, type Stamp } from '../../sync/phone'
import type { Keeper } from './keeper'
import { veiled } from './secrecy'
import { commentsOf, partOf } from './values'

/** What a form may ask of the app. */
export interface FormDesk {
  keeper(): Keeper | null
  stamp(): Stamp
  /** Values that a record begun here gets together with the first touch. */
  begun(id: string): Readonly<Record<string, Json>>
  /** The fields of a record whose words may be read no longer. */
  concealed(id: string, kind: string): readonly string[]
  trouble(error: unknown): void
  left(form: OpenForm): void
  opened(form: OpenForm): void
}

export type Saving = 'idle' | 'saving' | 'saved' | 'failed'

const QUIET_MS = 120
const LONGEST_MS = 500
const RETRY_MS = 3_000

export class OpenForm {
  saving = $state<Saving>('idle')
  news = $state.raw<{ by: string | null } | null>(null)
  comments = $state.raw<Record<string, string>>({})
  #typed = $state.raw<Record<string, Json>>({})
  #shown = $state.raw<Readonly<Record<string, Json>>>({})
  #snapshot: Snapshot | null = null
  #waiting = new Map<string, Json>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #since: number | null = null
  #writes = 0

  constructor(
    private readonly desk: FormDesk,
    readonly id: string,
    readonly kind: string,
  ) {
    this.#look()
  }

  value = (path: string): Json => (Object.hasOwn(this.#typed, path) ? this.#typed[path] : this.#shown[path]) ?? null

  touch(path: string, value: Json): void {
    if (!this.#snapshot) this.#look()
    this.#typed = { ...this.#typed, [path]: value }
    this.#waiting.set(path, value)
    this.saving = 'saving'
    this.#soon()
  }

  /** Resolves when all that was typed is durable; false when the phone could not. */
  async write(): Promise<boolean> {
    clearTimeout(this.#timer)
    this.#since = null
    this.#give()
    const keeper = this.desk.keeper()
    if (!keeper) return this.#waiting.size === 0
    const mine = ++this.#writes
    try {
      await keeper.flush()
      // An earlier write that ends while a later one is under way knows nothing of what that one carries.
      if (mine === this.#writes && this.#waiting.size === 0 && this.saving !== 'idle') this.saving = 'saved'
      return true
    } catch (error) {
      this.saving = 'failed'
      this.desk.trouble(error)
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => void this.write(), RETRY_MS)
      return false
    }
  }

  async leave(): Promise<void> {
    const done = this.write()
    this.freeze()
    await done
    await this.desk.keeper()?.flush().catch(() => undefined)
    this.desk.left(this)
  }

  /** What was typed is given to its row and the row is closed; the next touch opens another. */
  freeze(): void {
    this.#give()
    this.#snapshot = null
    const keeper = this.desk.keeper()
    if (keeper?.state.rows.some((row) => row.id === this.id && row.state === 'open')) keeper.apply(freeze(keeper.state, this.id))
  }

  /** The base has moved: a banner, and nothing else. */
  checkNews(): void {
    const keeper = this.desk.keeper()
    if (!keeper || !this.#snapshot || this.news) return
    const paths = moved(keeper.state, this.#snapshot)
    if (paths.length === 0) return
    const status = paths.includes('status') ? keeper.state.base.get(this.id)?.body['status'] : null
    this.news = { by: partOf(status, 'by') }
  }

  #look(): void {
    const keeper = this.desk.keeper()
    if (!keeper) return
    const snapshot = open(keeper.state, this.id, this.kind)
    this.#snapshot = snapshot
    this.#shown = snapshot.exists ? veiled(snapshot.body, this.desk.concealed(this.id, snapshot.kind)) : { ...this.desk.begun(this.id) }
    const status = snapshot.body['status'] ?? null
    this.comments = partOf(status, 'state') === 'returned' ? commentsOf(status) : {}
    this.desk.opened(this)
  }

  /** Hands the typed values to the record's one open row. */
  #give(): void {
    const keeper = this.desk.keeper()
    const snapshot = this.#snapshot
    if (!keeper || !snapshot || this.#waiting.size === 0) return
    const born = !snapshot.exists && !keeper.state.rows.some((row) => row.id === this.id)
    const values = born ? { ...this.desk.begun(this.id), ...Object.fromEntries(this.#waiting) } : Object.fromEntries(this.#waiting)
    this.#waiting.clear()
    this.#writes++ // a write that is under way carries none of it
    for (const [path, value] of Object.entries(values)) {
      keeper.apply(touch(keeper.state, snapshot, path, value, this.desk.stamp()))
    }
  }

  #soon(): void {
    const now = performance.now()
    this.#since ??= now
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.write(), Math.min(QUIET_MS, Math.max(0, this.#since + LONGEST_MS - now)))
  }
}
