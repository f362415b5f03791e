/** The parts of one visit as open forms: its header, a run of answers per subject, its conversation; each written first when touched. */
import { app } from '../app.svelte'
import type { Json } from '../app.svelte'
import { subjectOf } from '../checklists'
import type { Checklist, Item } from '../checklists'
import { dayOf } from '../words'
import { Draft } from './draft.svelte'
import { fieldOf } from './fields'

export class VisitParts {
  readonly visit: Draft
  readonly conversation: Draft
  #runs = $state.raw<ReadonlyMap<string, Draft>>(new Map())
  readonly #id: string

  constructor(id: string) {
    this.#id = id
    this.visit = new Draft(app.form(id, 'visit'))
    this.conversation = this.#part('conversation', { visit: id })
  }

  /** Opens the runs that a checklist's answers are kept in; they are written first when touched. */
  prepare(list: Checklist): void {
    const runs = new Map(this.#runs)
    for (const item of list.sections.flatMap((section) => section.items)) {
      const subject = this.#subject(item)
      const key = `${list.code} ${subject}`
      if (runs.has(key)) continue
      const { dwelling, checklist } = { dwelling: this.visit.value('dwelling'), checklist: list.code }
      runs.set(key, this.#part('checklist_run', { visit: this.#id, dwelling, checklist, subject }))
    }
    if (runs.size > this.#runs.size) this.#runs = runs
  }

  /** The run that keeps the answer to an item; null before the checklist is prepared. */
  run(list: Checklist, item: Item): Draft | null {
    return this.#runs.get(`${list.code} ${this.#subject(item)}`) ?? null
  }

  #subject(item: Item): string {
    return subjectOf(item, fieldOf('checklist_run', 'subject')?.choices.map((choice) => choice.value) ?? [])
  }

  all(): Draft[] {
    return [this.visit, ...this.#runs.values(), this.conversation]
  }

  /** What is true of the whole page: not saved when any part is not. */
  saving(): 'idle' | 'saving' | 'saved' | 'failed' {
    const states = this.all().map((part) => part.form.saving)
    for (const state of ['failed', 'saving', 'saved'] as const) if (states.includes(state)) return state
    return 'idle'
  }

  /** Writes once more what the phone had no room for. */
  again(): void {
    for (const part of this.all()) if (part.form.saving === 'failed') part.again()
  }

  async leave(): Promise<void> {
    for (const part of this.all()) await part.form.leave()
  }

  #part(kind: string, values: Record<string, Json>): Draft {
    const id = app.begin(kind, values)
    return new Draft(app.form(id, kind), () => {
      if (app.record(this.#id)) return
      this.visit.form.touch('visited_on', this.visit.value('visited_on') ?? dayOf(new Date()))
    })
  }
}
