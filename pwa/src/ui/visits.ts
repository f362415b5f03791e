/** The acts around a visit that several screens share: begin it, finish it with time to undo. */
import { app } from '../app.svelte'
import type { Json, Shown } from '../app.svelte'
import { takenOver } from '../agreed'
import { PARTS, unsentOf, type Unsent } from '../drafts'
import { toldFor } from '../programmes/notices'
import { stringAt } from '../today'
import { day, dayOf, text } from '../words'
import { choiceWords, fieldOf, labelOf } from './fields'
import { pointingAt } from './lookup'
import { undoBar } from './undo.svelte'

export interface Door {
  dwelling: string
  purpose: string | null
  planned: Shown | null
  visit: Shown | null
}

/** The one visit behind a door: begun already, or about to be. */
export function visitOf(door: Door): string {
  if (door.visit) return door.visit.id
  const values: Record<string, Json> = { dwelling: door.dwelling, visited_on: dayOf(new Date()) }
  if (door.purpose !== null) values['purpose'] = door.purpose
  return app.begin('visit', door.planned ? { ...values, ...takenOver(door.planned) } : values)
}

/** What to know of an agreed visit before the door: on what ground and whether they were told, in which language, and who comes. */
export function agreedOf(plan: Shown | null): string {
  if (!plan) return ''
  const { kind, body } = plan
  const basis = stringAt(plan, 'access_basis')
  const told = toldFor(basis, stringAt(plan, 'planned_on'), pointingAt('access_notice', 'dwelling', stringAt(plan, 'dwelling')))
  const asked = basis !== null && app.rules.tell_before?.[basis] !== undefined
  const expected = fieldOf(kind, 'expected')?.choices.filter(({ value }) => body[`expected/${value}`] === true) ?? []
  const language = stringAt(plan, 'interpreter')
  return [
    choiceWords(kind, 'access_basis', basis),
    told ? `${labelOf('access_notice', 'notified_on')} ${day(told)}` : asked ? text('today.untold') : '',
    language === null ? '' : `${labelOf(kind, 'interpreter')}: ${language}`,
    body['interpreter_booked'] === true ? labelOf(kind, 'interpreter_booked') : '',
    expected.map(({ label }) => label).join(', '),
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

function parts(): Shown[] {
  return PARTS.flatMap((kind) => app.records(kind))
}

/** Visits that something on this phone is part of. */
export function visitsWithParts(): Set<string> {
  return new Set(parts().map((part) => stringAt(part, 'visit') ?? ''))
}

/** What of mine is not handed in, by the visit or round it belongs to. */
export function unsentParts(): Unsent {
  return unsentOf(parts(), app.records('deviation'), (whole) => app.record(whole) !== null)
}

export function startVisit(door: Door): void {
  app.go('visit', visitOf(door))
}

/** Outcomes after which nobody has been inside, so that there is nothing to check. */
const NOT_INSIDE: ReadonlySet<string> = new Set([
  'no_answer',
  'refused',
  'postponed_by_tenant',
  'postponed_by_us',
  'tenant_moved',
  'wrong_address',
  'no_interpreter',
])

/** Nothing to check after this outcome. */
export function isSkipped(outcome: string): boolean {
  return NOT_INSIDE.has(outcome)
}

/** «Ferdig»: shown as finished at once, sent in when the time to undo is out; what it lacks itself is asked for where it is answered. */
export function finishWithUndo(visit: string, message: string, takeBack: () => void = () => {}): void {
  const gaps = app.lacking(visit, 'visit').filter(({ id }) => id === visit)
  if (gaps[0]) {
    app.go('visit', visit, `${visit}|${gaps[0].path}`)
    return undoBar.say({ message: text('wrong.form', { antall: gaps.length }) })
  }
  undoBar.say({
    message,
    undo: () => {
      undoBar.finishing.delete(visit)
      takeBack()
    },
    commit: () => app.finish(visit).finally(() => undoBar.finishing.delete(visit)),
  })
  undoBar.finishing.add(visit)
}
