/** The parts of one visit as open forms: its header, a run of answers per subject, its talk and what came of it; each written first when touched. */
import { SvelteMap } from 'svelte/reactivity'
import { app } from '../app.svelte'
import type { Json, Shown } from '../app.svelte'
import { answersOf, asLast, headAsLast, isOfTheHousehold, lastLike, MARK, type Filled } from '../as_last'
import { answerPath, BEFORE_VISIT, checklist, itemsOf, subjectOf } from '../checklists'
import type { Checklist, Item } from '../checklists'
import { responsibleFor } from '../deviations'
import { isUnsent } from '../drafts'
import { stringAt } from '../today'
import { deviationId } from '../views'
import { dayOf } from '../words'
import { Draft } from './draft.svelte'
import { buildingOf, isTakenBack, withoutPicture } from './deviation_acts'
import { fieldOf } from './fields'
import { pointingAt, strangerAt, tenancyOf } from './lookup'

export class VisitParts {
  readonly visit: Draft
  readonly conversation: Draft
  readonly #lists = new Set<Checklist>()
  readonly #runs = new SvelteMap<string, Draft>()
  readonly #others = new SvelteMap<string, Draft>()
  readonly #begun = new SvelteMap<string, string>()
  readonly #id: string

  constructor(id: string) {
    this.#id = id
    const form = app.form(id, 'visit')
    // Whoever says it by hand takes the mark away with it.
    this.visit = new Draft(form, (path) => isOfTheHousehold(path) && form.value(MARK) !== null && form.touch(MARK, null))
    this.conversation = this.#part('conversation', { ...this.about(), channel: 'visit', talked_on: this.visit.value('visited_on') })
  }

  get home(): Shown | null {
    return app.record(this.visit.words('dwelling'))
  }

  get building(): Shown | null {
    return buildingOf(this.home)
  }

  get plan(): Shown | null {
    return app.record(this.visit.words('planned_visit'))
  }

  /** The tenancy it is about, where this phone knows it: of the plan, else the one that runs in the home. */
  get tenancy(): Shown | null {
    const planned = stringAt(this.plan, 'tenancy')
    if (planned !== null) return app.record(planned)
    const running = pointingAt('tenancy', 'dwelling', this.home?.id ?? null).filter((one) => one.body['ended'] !== true)
    return running.length === 1 ? (running[0] ?? null) : null
  }

  /** What each part refers to; a reference that this phone does not know is left out, for the office could not follow it. */
  about(subject = 'tenancy'): Record<string, Json> {
    const { building, tenancy } = this
    return {
      visit: this.#id,
      dwelling: this.visit.value('dwelling'),
      ...(subject === 'tenancy' && tenancy && { tenancy: tenancy.id }),
      ...(subject === 'building' && building && { building: building.id }),
    }
  }

  /** Opens the runs that a checklist's answers are kept in; they are written first when touched. */
  prepare(list: Checklist): void {
    this.#lists.add(list)
    for (const item of itemsOf(list)) {
      const subject = this.#subject(item)
      const key = `${list.code} ${subject}`
      if (this.#runs.has(key)) continue
      const values: Record<string, Json> = { ...this.about(subject), checklist: list.code, edition: list.edition, subject }
      const run = this.#part('checklist_run', values, () => {
        if (run.value('edition') !== list.edition) run.form.touch('edition', list.edition)
      })
      this.#runs.set(key, run)
    }
  }

  /** The run that keeps the answer to an item; null before the checklist is prepared. */
  run(list: Checklist, item: Item): Draft | null {
    return this.#runs.get(`${list.code} ${this.#subject(item)}`) ?? null
  }

  answer(list: Checklist, item: Item): Json {
    return this.run(list, item)?.value(answerPath(item)) ?? null
  }

  /**
   * What was answered and `list` does not ask: in a list that another purpose brought, or at points that a newer edition has
   * no longer. Opens their runs; not to be called while the page is being worked out.
   */
  others(list: Checklist | null): { list: Checklist; items: Item[] }[] {
    const asked = new Set(list === null ? [] : itemsOf(list).map((item) => item.code))
    const written = pointingAt('checklist_run', 'visit', this.#id).map((run) => stringAt(run, 'checklist') ?? '')
    const codes = new Set([...written, ...[...this.#runs.values()].map((run) => run.words('checklist'))])
    codes.delete(BEFORE_VISIT)
    return [...codes].sort().flatMap((code) => {
      const other = checklist(app.records('checklist'), code, this.begunIn(code))
      if (other === null) return []
      this.prepare(other)
      const items = itemsOf(other).filter((item) => !asked.has(item.code) && this.isWritten(other, item))
      return items.length > 0 ? [{ list: other, items }] : []
    })
  }

  /** Something stands at an item: its answer, or a deviation that was not handed in and not taken back. */
  isWritten(list: Checklist, item: Item): boolean {
    const run = this.run(list, item)
    const found = run && this.deviation(run, item)
    return this.answer(list, item) !== null || (found !== null && isUnsent(found))
  }

  /** The last visit for the same purpose with the same household; null where this phone knows none, not whose home it is, or must not show. */
  get last(): Shown | null {
    const { tenancy } = this
    const purpose = this.visit.words('purpose')
    if (tenancy === null || purpose === '' || strangerAt(tenancy) !== null) return null
    const there = pointingAt('visit', 'dwelling', this.home?.id ?? null)
    return lastLike({ id: this.#id, purpose, tenancy: tenancy.id }, there, tenancyOf)
  }

  /** What «Som sist» would fill in now. */
  asLast(list: Checklist, last: Shown): Filled {
    const runs = pointingAt('checklist_run', 'visit', last.id).filter((run) => run.body['checklist'] === list.code)
    const points = asLast(list, answersOf(runs), (item) => this.answer(list, item))
    return { points, head: headAsLast(last, (path) => this.visit.value(path)) }
  }

  /** The edition that this visit's answers were begun in; null while nothing is answered. */
  begunIn(code: string): number | null {
    const mine = pointingAt('checklist_run', 'visit', this.#id).filter((run) => run.body['checklist'] === code)
    const editions = mine.flatMap((run) => (typeof run.body['edition'] === 'number' ? [run.body['edition']] : []))
    return editions.length > 0 ? Math.min(...editions) : null
  }

  /**
   * «Avvik»: the deviation stands at once, with what the point says of it; words are for the thumb. It does not
   * name the point: the landlord reads it, and the list of a visit would tell that there was one.
   */
  async note(run: Draft, item: Item): Promise<void> {
    const id = deviationId(run.form.id, item.code)
    const standing = app.record(id)
    if (standing) return void (isTakenBack(standing) && (await app.set(id, 'deviation', { handling: null })))
    const { home, building } = this
    const common = item.subject === 'building' && building !== null
    const place = { building, dwelling: common ? null : home }
    await app.set(id, 'deviation', {
      ...(place.dwelling && { dwelling: place.dwelling.id }),
      ...(building && { building: building.id }),
      severity: item.severity ?? 'medium',
      responsible: responsibleFor(item, place),
      found_on: this.visit.value('visited_on') ?? dayOf(new Date()),
      found_by: app.user?.id ?? null,
    })
  }

  /** The deviation that stands at a point; null when there is none, or it was taken back. */
  deviation(run: Draft, item: Item): Shown | null {
    const standing = app.record(deviationId(run.form.id, item.code))
    return isTakenBack(standing) ? null : standing
  }

  /** The deviations at points of any of its checklists that must have a picture, and have none. */
  unpictured(): string[] {
    const found = [...this.#lists].flatMap((list) => itemsOf(list).flatMap((item) => {
      const run = this.run(list, item)
      return run ? withoutPicture([item], run.form.id, () => this.answer(list, item)).map(({ id }) => id) : []
    }))
    return [...new Set(found)]
  }

  /** What came of the visit: the records of a kind that name it, then those begun on this page, in that order. */
  came(kind: string): string[] {
    const begun = [...this.#begun].filter(([, one]) => one === kind).map(([id]) => id)
    const standing = pointingAt(kind, 'visit', this.#id).map((one) => one.id).filter((id) => !this.#begun.has(id))
    return [...standing.sort(), ...begun]
  }

  /** A new record of what came of the visit, written when it is touched. */
  begin(kind: string): Draft {
    const part = this.#part(kind, this.about())
    this.#others.set(part.form.id, part)
    this.#begun.set(part.form.id, kind)
    return part
  }

  /** Off the page: deleted, or never written. */
  drop(id: string): void {
    this.#begun.delete(id)
  }

  /** Gives the form of a record that is here; not to be called while the page is being worked out. */
  open(id: string, kind: string): Draft {
    const before = this.#others.get(id)
    if (before) return before
    const part = new Draft(app.form(id, kind))
    this.#others.set(id, part)
    return part
  }

  all(): Draft[] {
    return [this.visit, ...this.#runs.values(), this.conversation, ...this.#others.values()]
  }

  /** What could not be written, for want of room. */
  get failed(): boolean {
    return this.all().some((part) => part.form.saving === 'failed')
  }

  /** One tap: a part is written at once, behind the visit that it refers to. */
  async write(kind: string, values: Record<string, Json>): Promise<string> {
    this.#birth()
    await this.visit.form.leave()
    const id = app.begin(kind, { ...this.about(), ...values })
    await app.set(id, kind, values)
    return id
  }

  async leave(): Promise<void> {
    for (const part of this.all()) await part.form.leave()
  }

  #subject(item: Item): string {
    return subjectOf(item, fieldOf('checklist_run', 'subject')?.choices.map((choice) => choice.value) ?? [])
  }

  #birth(): void {
    if (!app.record(this.#id)) this.visit.form.touch('visited_on', this.visit.value('visited_on') ?? dayOf(new Date()))
  }

  #part(kind: string, values: Record<string, Json>, before: () => void = () => {}): Draft {
    const id = app.begin(kind, values)
    return new Draft(app.form(id, kind), () => {
      this.#birth()
      before()
    })
  }
}
