/** One round as open forms: a run of answers for each building, written first when touched, and how far each has come. */
import { app } from '../app.svelte'
import type { Shown } from '../app.svelte'
import { answerPath, checklist } from '../checklists'
import type { Checklist, Item, Section } from '../checklists'
import { answeredIn, askedIn, membersOf } from '../checkpoints'
import type { Stretch } from '../checkpoints'
import { statusOf, stringAt } from '../today'
import { partOf } from '../values'
import { deviationId } from '../views'
import { isTakenBack, signed, submit, submitDeviation, withoutPicture } from './deviation_acts'
import { Draft } from './draft.svelte'

export class RoundParts {
  readonly id: string
  readonly list: Checklist | null
  readonly sections: readonly Section[]
  readonly buildings: readonly string[]
  readonly runs: ReadonlyMap<string, Draft>

  constructor(round: Shown) {
    this.id = round.id
    const code = stringAt(round, 'checklist') ?? ''
    const begun = app.records('checklist_run').find((run) => run.body['round'] === round.id)
    this.list = checklist(app.records('checklist'), code, Number(begun?.body['edition'] ?? 0) || null)
    this.sections = askedIn(this.list, stringAt(round, 'frequency'))
    this.buildings = membersOf(round, 'buildings').sort((left, right) => nameOf(left).localeCompare(nameOf(right), 'nb'))
    const edition = this.list?.edition ?? null
    this.runs = new Map(
      this.buildings.map((building) => {
        const values = { round: round.id, checklist: code, building, subject: 'building', edition }
        return [building, new Draft(app.form(app.begin('checklist_run', values), 'checklist_run'))]
      }),
    )
  }

  get drafts(): Draft[] {
    return [...this.runs.values()]
  }

  stretches(): Stretch[] {
    const asked = this.sections.reduce((sum, section) => sum + section.items.length, 0)
    return this.buildings.map((building) => {
      const run = this.runs.get(building)
      return { building, asked, answered: run ? answeredIn(this.sections, (path) => run.value(path)) : 0 }
    })
  }

  /** The deviations noted in a building that stand. */
  deviationsIn(building: string): string[] {
    const run = this.runs.get(building)
    if (!run) return []
    return this.#points()
      .filter((point) => run.words(`answers/${point.code}`) === 'deviation')
      .map((point) => deviationId(run.form.id, point.code))
      .filter((id) => !isTakenBack(app.record(id)))
  }

  /** The points of a building whose deviation must have a picture, and has none. */
  unpicturedIn(building: string): Item[] {
    const run = this.runs.get(building)
    return run ? withoutPicture(this.#points(), run.form.id, (point) => run.value(answerPath(point))).map(({ item }) => item) : []
  }

  async leave(): Promise<void> {
    for (const run of this.runs.values()) await run.form.leave()
  }

  /** «Ferdig»: the answers of every building and the deviations not yet sent in, then the round itself, if nothing must be answered first. */
  async finish(): Promise<void> {
    for (const building of this.buildings) {
      const run = this.runs.get(building)
      const standing = run ? app.record(run.form.id) : null
      if (!run || !standing) continue
      for (const id of this.deviationsIn(building)) if (!(await submitDeviation(id))) return
      if (['draft', 'returned'].includes(statusOf(standing)) && !(await submit(run.form.id, 'checklist_run'))) return
    }
    const over = partOf(app.record(this.id)?.body['handling'], 'state') === 'done'
    if (!over) await app.set(this.id, 'round', { handling: signed('done') })
  }

  #points(): Item[] {
    return this.sections.flatMap((section) => section.items)
  }
}

function nameOf(building: string): string {
  return stringAt(app.record(building), 'address') ?? building
}
