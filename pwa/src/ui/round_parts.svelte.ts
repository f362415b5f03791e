/** One round as open forms: a run of answers for each building, written first when touched, and how far each has come. */
import { app } from '../app.svelte'
import type { Shown } from '../app.svelte'
import { answerPath, checklist } from '../checklists'
import type { Checklist, Item, Section } from '../checklists'
import { answeredIn, askedIn, membersOf } from '../checkpoints'
import type { Stretch } from '../checkpoints'
import { isBlank } from '../drafts'
import { stringAt } from '../today'
import { partOf } from '../values'
import { deviationId, type Gap } from '../views'
import { isTakenBack, signed, withoutPicture } from './deviation_acts'
import { Draft } from './draft.svelte'

export interface Lacking extends Gap {
  building: string
  point: Item | null
}

export class RoundParts {
  readonly id: string
  readonly list: Checklist | null
  readonly sections: readonly Section[]
  readonly buildings: readonly string[]
  readonly runs: ReadonlyMap<string, Draft>

  constructor(round: Shown) {
    this.id = round.id
    const code = stringAt(round, 'checklist') ?? ''
    const begun = app.records('checklist_run').filter((run) => run.body['round'] === round.id && !isBlank(run))
    this.list = checklist(app.records('checklist'), code, Number(begun[0]?.body['edition'] ?? 0) || null)
    this.sections = askedIn(this.list, stringAt(round, 'frequency'))
    // One that the round names no longer stays, where something was answered there: it is handed in with the rest.
    const walked = begun.flatMap((run) => stringAt(run, 'building') ?? [])
    this.buildings = [...new Set([...membersOf(round, 'buildings'), ...walked])].sort((left, right) => nameOf(left).localeCompare(nameOf(right), 'nb'))
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

  /** The deviations that must have a picture, and have none. */
  unpictured(): Lacking[] {
    return [...this.runs].flatMap(([building, run]) =>
      withoutPicture(this.#points(), run.form.id, (point) => run.value(answerPath(point))).map(({ item, id }) => ({ id, path: 'photos', building, point: item })),
    )
  }

  async leave(): Promise<void> {
    for (const run of this.runs.values()) await run.form.leave()
  }

  /** What must be answered before the round can be handed in, and where: at a point, or of a building's answers as a whole. */
  lacking(): Lacking[] {
    return app.lacking(this.id, 'round').flatMap((gap) => this.buildings.flatMap((building) => {
      const run = this.runs.get(building)?.form.id ?? ''
      const point = this.#points().find((one) => deviationId(run, one.code) === gap.id) ?? null
      return point !== null || gap.id === run ? [{ ...gap, building, point }] : []
    }))
  }

  /**
   * «Ferdig»: all that was answered and found is handed in, then the round is done; not while something is lacking.
   * What is read and signed is so at once: the vault may be on its way to close.
   */
  async finish(): Promise<void> {
    const over = partOf(app.record(this.id)?.body['handling'], 'state') === 'done'
    const handling = signed('done')
    const gaps = await app.finish(this.id)
    if (gaps.length === 0 && !over) await app.set(this.id, 'round', { handling })
  }

  #points(): Item[] {
    return this.sections.flatMap((section) => section.items)
  }
}

function nameOf(building: string): string {
  return stringAt(app.record(building), 'address') ?? building
}
