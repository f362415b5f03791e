// What a person does with records: begin, write, tap, finish, decide. It asks the pure half what follows, and keeps it.
import { freeze, list, mark, open, show, touch, type Json, type Row, type Shown, type Snapshot, type Stamp, type State } from '../../sync/phone'
import { Begun, type OnePer } from './begun'
import { isBlank, isUnsent, PARTS } from './drafts'
import { OpenForm, type FormDesk } from './form.svelte'
import { counterOf, uuid7 } from './ids'
import type { Keeper } from './keeper'
import { concealable, concealed, veiled } from './secrecy'
import { partOf } from './values'
import { dayOf } from './written'
import { bundle, checks, deviationsOf, missing, nameOf, outbox, returnable, returned, type Check, type Gap, type Kinds, type OutboxItem, type Returned } from './views'

export interface Host {
  keeper(): Keeper | null
  /** Written and frozen: may be sent soon. */
  frozen(): void
  /** Does what the thumb may still undo; resolves when it is written. */
  heldBack(): Promise<unknown>
  trouble(error: unknown): void
  formsChanged(): void
}

const RETRY_MS = 3_000
/** Outcomes after which an agreed visit has been paid. */
const PAID: ReadonlySet<Json | undefined> = new Set(['completed', 'talked_at_door'])

export class Work implements FormDesk {
  inFlight: ReadonlySet<string> = new Set()
  readonly #begun: Begun
  #forms = new Set<OpenForm>()
  #lists = new Map<string, Shown[]>()
  #listed: State | null = null
  #listedFlight: ReadonlySet<string> | null = null
  #listedOn = ''

  constructor(
    private readonly host: Host,
    private readonly kinds: Kinds & OnePer,
  ) {
    this.#begun = new Begun(kinds)
  }

  keeper(): Keeper | null {
    return this.host.keeper()
  }

  stamp(): Stamp {
    const now = Date.now()
    return { mid: uuid7(now), now: new Date(now).toISOString(), offset_ms: this.host.keeper()?.profile.offset_ms ?? 0 }
  }

  readonly isBegun = (id: string): boolean => this.#begun.has(id)
  readonly begun = (id: string): Readonly<Record<string, Json>> => this.#begun.of(id)

  trouble(error: unknown): void {
    this.host.trouble(error)
  }

  opened(form: OpenForm): void {
    this.#forms.add(form)
    this.host.formsChanged()
  }

  left(form: OpenForm): void {
    this.#forms.delete(form)
    this.host.formsChanged()
    this.host.frozen()
  }

  get formOpen(): boolean {
    return this.#forms.size > 0
  }

  records(kind: string): Shown[] {
    const keeper = this.host.keeper()
    if (!keeper) return []
    const today = dayOf(new Date())
    if (this.#listed !== keeper.state || this.#listedFlight !== this.inFlight || this.#listedOn !== today) {
      this.#lists.clear()
      this.#listedOn = today
      this.#listed = keeper.state
      this.#listedFlight = this.inFlight
    }
    const known = this.#lists.get(kind)
    if (known) return known
    const all = list(keeper.state, kind, this.inFlight)
    const made = concealable(kind).length === 0 ? all : all.map((one) => this.#veil(one))
    this.#lists.set(kind, made)
    return made
  }

  record(id: string): Shown | null {
    const keeper = this.host.keeper()
    const shown = keeper ? show(keeper.state, id, this.inFlight) : null
    return shown && this.#veil(shown)
  }

  /** The fields of a record whose words this phone shows no longer. */
  concealed(id: string, kind: string): readonly string[] {
    const keeper = this.host.keeper()
    return keeper && keeper.profile.policy?.conceals !== false ? concealed(keeper.state, id, kind, dayOf(new Date())) : []
  }

  /** What the office has said of a record, without what is written here and not sent; null when it has said nothing. */
  known(id: string): Shown['body'] | null {
    return this.host.keeper()?.state.base.get(id)?.body ?? null
  }

  /** Whose lines are counted on here. */
  get counter(): string {
    const state = this.host.keeper()?.state
    return state ? counterOf(state.user, state.replica) : ''
  }

  name(user: string): string {
    const keeper = this.host.keeper()
    return keeper ? nameOf(keeper.state, user) : ''
  }

  /** The id of the record that these values make; nothing is written before the first touch, and nothing is born handed in. */
  begin(kind: string, values: Record<string, Json>): string {
    return this.#begun.begin(kind, values)
  }

  form(id: string, kind: string): OpenForm {
    return new OpenForm(this, id, kind)
  }

  /** One tap: written and frozen in one go, by what was `looked` at or is now. What lacks an answer is not handed in: the rest is kept, and the gaps are given. */
  async set(id: string, kind: string, values: Record<string, Json>, looked?: Snapshot | null): Promise<Gap[]> {
    const keeper = this.host.keeper()
    if (!keeper) return []
    const { status, ...rest } = values
    const gaps = partOf(status, 'state') === 'submitted' ? this.#gaps({ id, kind, body: { ...(this.record(id)?.body ?? this.begun(id)), ...rest } }) : []
    this.#tap(keeper, id, kind, gaps.length > 0 ? rest : values, looked)
    await this.#write(keeper)
    this.host.frozen()
    return gaps
  }

  /** Takes a record away, or takes that back; nothing else in it is touched. */
  async mark(id: string, kind: string, op: 'delete' | 'restore'): Promise<void> {
    const keeper = this.host.keeper()
    if (!keeper) return
    keeper.apply(mark(keeper.state, open(keeper.state, id, kind), op, this.stamp()))
    await this.#write(keeper)
    this.host.frozen()
  }

  /** What must be answered before a record and its parts can be handed in; one that is not written has what it was begun with. */
  lacking(id: string, kind: string): Gap[] {
    const whole = this.#whole(id)
    return (whole.length > 0 ? whole : [{ id, kind, body: this.begun(id) }]).flatMap((record) => this.#gaps(record))
  }

  /** Parts of mine that are not handed in, though a colleague has handed in the visit. */
  leftBehind(visitId: string): boolean {
    const states = this.#whole(visitId).map((record) => partOf(record.body['status'], 'state') ?? 'draft')
    return states[0] !== 'draft' && states.includes('draft')
  }

  /** «Ferdig»: the whole and the parts that lack nothing are handed in, the others stay drafts; nothing while the whole itself lacks something. */
  async finish(id: string): Promise<Gap[]> {
    const keeper = this.host.keeper()
    if (!keeper) return []
    for (const form of this.#forms) form.freeze()
    const whole = this.#whole(id)
    const gaps = whole.flatMap((record) => this.#gaps(record))
    const lacks = new Set(gaps.map((gap) => gap.id))
    if (!lacks.has(id)) {
      const handedIn = returnable(this.kinds)
      for (const record of whole.filter((one) => handedIn.includes(one.kind) && isUnsent(one) && !lacks.has(one.id))) {
        keeper.apply(freeze(keeper.state, record.id))
        this.#tap(keeper, record.id, record.kind, { status: { state: 'submitted', by: keeper.state.user, at: this.stamp().now } })
      }
      const { outcome, planned_visit } = this.record(id)?.body ?? {}
      const plan = PAID.has(outcome) && typeof planned_visit === 'string' ? this.record(planned_visit) : null
      if (plan && plan.body['done'] !== true) this.#tap(keeper, plan.id, plan.kind, { done: true })
    }
    await this.#write(keeper)
    this.host.frozen()
    return gaps
  }

  outbox(): OutboxItem[] {
    const keeper = this.host.keeper()
    return keeper ? outbox(keeper.state, this.kinds, this.inFlight) : []
  }

  checks(): Check[] {
    const keeper = this.host.keeper()
    return keeper ? checks(keeper.state, this.kinds, this.records('review'), keeper.profile.left_to_office) : []
  }

  returned(): Returned[] {
    const keeper = this.host.keeper()
    if (!keeper) return []
    const records = returnable(this.kinds).flatMap((kind) => this.records(kind))
    return returned(keeper.state, records, (visit) => this.#whole(visit))
  }

  /** A decision carries the seq of the record as it is shown now, whenever it is then made: a record that moved on is asked about again. */
  deciding(reviewId: string, choice: 'author' | 'standing' | 'office'): () => Promise<unknown> {
    const keeper = this.host.keeper()
    const review = this.record(reviewId)
    if (!keeper || !review) return async () => undefined
    if (choice === 'office') {
      return () => (keeper.know({ left_to_office: [...keeper.profile.left_to_office, reviewId] }), this.#write(keeper))
    }
    const about = review.body['about']
    const record_seq = typeof about === 'string' ? (keeper.state.base.get(about)?.seq ?? 0) : 0
    const decision = { choice, record_seq, by: keeper.state.user, at: this.stamp().now }
    return () => this.set(reviewId, review.kind, { decision })
  }

  checkNews(): void {
    for (const form of this.#forms) form.checkNews()
  }

  /** All that is typed is on disk when this resolves; false when the phone could not. */
  async write(): Promise<boolean> {
    return (await Promise.all([...this.#forms].map((form) => form.write()))).every((one) => one)
  }

  /** What is typed so far is closed, for something new refers to it; the forms go on. */
  freezeTyped(): void {
    for (const form of this.#forms) form.freeze()
  }

  /** The vault is about to leave these hands: nothing stays open or held back in it when this resolves. */
  async freezeAll(): Promise<void> {
    const done = this.host.heldBack()
    for (const form of this.#forms) form.freeze()
    this.#forms.clear()
    const keeper = this.host.keeper()
    if (keeper?.state.rows.some((row) => row.state === 'open')) keeper.apply(freeze(keeper.state, null))
    this.host.formsChanged()
    await done
  }

  /** The vault is closed: nothing readable is kept. What was begun and not written waits for who unlocks, unless `all` goes. */
  forget(all: boolean): void {
    this.#lists.clear()
    this.#listed = null
    if (all) this.#begun.forget()
  }

  /** A form left lying, here or before a kill, is finished after a while. */
  async freezeOlderThan(ms: number): Promise<void> {
    const keeper = this.host.keeper()
    const old = (row: Row): boolean => row.state === 'open' && Date.now() - Date.parse(row.captured_at) >= ms
    const rows = keeper?.state.rows.filter(old) ?? []
    if (!keeper || rows.length === 0) return
    for (const row of rows) keeper.apply(freeze(keeper.state, row.id))
    await this.#write(keeper)
    this.host.frozen()
  }

  #veil(shown: Shown): Shown {
    const names = concealable(shown.kind).length === 0 ? [] : this.concealed(shown.id, shown.kind)
    return names.length === 0 ? shown : { ...shown, body: veiled(shown.body, names) }
  }

  /** The visit or the round, its parts, and the deviations found at its points. */
  #whole(id: string): Shown[] {
    const whole = this.record(id)
    const records = whole ? bundle(whole, PARTS.flatMap((kind) => this.records(kind)).filter((one) => !isBlank(one))) : []
    return [...records, ...deviationsOf(records).flatMap((found) => this.record(found) ?? [])]
  }

  /** What must be answered and is not. What this phone shows no longer, was answered; what the office has, lacks what was emptied here. */
  #gaps(record: Pick<Shown, 'id' | 'kind' | 'body'>): Gap[] {
    const gone = this.concealed(record.id, record.kind)
    const had = isUnsent(record) ? [] : missing(this.kinds, { ...record, body: this.known(record.id) ?? {} }).map(({ path }) => path)
    return missing(this.kinds, record).filter(({ path }) => !gone.includes(path) && !had.includes(path))
  }

  #tap(keeper: Keeper, id: string, kind: string, values: Record<string, Json>, looked?: Snapshot | null): void {
    const now = open(keeper.state, id, kind)
    const all = now.exists ? values : { ...this.begun(id), ...values }
    for (const [path, value] of Object.entries(all)) keeper.apply(touch(keeper.state, looked ?? now, path, value, this.stamp()))
    keeper.apply(freeze(keeper.state, id))
  }

  /** Goes on when it is durable, however long the phone is full: what is said after it must be true. */
  async #write(keeper: Keeper): Promise<void> {
    const failed = await keeper.flush().then(() => null, (error: unknown) => error)
    if (failed === null) return
    this.host.trouble(failed)
    this.host.frozen() // it can be sent all the same
    await new Promise((passed) => setTimeout(passed, RETRY_MS))
    if (this.host.keeper() !== keeper) throw failed
    return this.#write(keeper)
  }
}
