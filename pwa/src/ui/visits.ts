/** The acts around a visit that several screens share: begin it, note that nobody was home, finish it with time to undo. */
import { SvelteMap } from 'svelte/reactivity'
import { app } from '../app.svelte'
import type { Json, Shown } from '../app.svelte'
import { addWorkingDays } from '../days'
import { stringAt } from '../today'
import { clockOf, day, dayOf, text } from '../words'
import { fieldsOf } from './fields'
import { undoBar } from './undo.svelte'

/** A new try is proposed within five working days of a closed door. */
const NEW_TRY_WORKING_DAYS = 3

const notedAt = new SvelteMap<string, string>()

export interface Door {
  dwelling: string
  purpose: string | null
  planned: Shown | null
  visit: Shown | null
}

function visitOf(door: Door): string {
  if (door.visit) return door.visit.id
  const values: Record<string, Json> = { dwelling: door.dwelling, visited_on: dayOf(new Date()) }
  if (door.purpose !== null) values['purpose'] = door.purpose
  if (door.planned) values['planned_visit'] = door.planned.id
  return app.begin('visit', values)
}

/** Visits that have answers or a conversation on this phone. */
export function visitsWithParts(): Set<string> {
  const found = new Set<string>()
  for (const kind of ['checklist_run', 'conversation'])
    for (const part of app.records(kind)) found.add(stringAt(part, 'visit') ?? '')
  return found
}

export function startVisit(door: Door): void {
  app.go('visit', visitOf(door))
}

/** Notes «Ikke hjemme» at once; the question about a new day stands on the card until it is answered. */
export async function nobodyHome(door: Door): Promise<void> {
  const id = visitOf(door)
  notedAt.set(id, new Date().toISOString())
  await app.set(id, 'visit', { outcome: 'no_answer', visited_on: dayOf(new Date()) })
}

/** When «Ikke hjemme» was noted, as 09.14; null when the app has been closed since and nothing waits to be sent. */
export function noticedAt(visit: Shown): string | null {
  const at = notedAt.get(visit.id) ?? app.outbox().find((item) => item.id === visit.id)?.at
  return at === undefined ? null : clockOf(new Date(at))
}

export function newTryDay(visit: Shown): string {
  return addWorkingDays(stringAt(visit, 'visited_on') ?? dayOf(new Date()), NEW_TRY_WORKING_DAYS)
}

export async function takeBackNobodyHome(visit: Shown): Promise<void> {
  await app.set(visit.id, 'visit', { outcome: null })
}

export async function tryAgainOn(visit: Shown, on: string | null): Promise<void> {
  if (on !== null) await app.set(visit.id, 'visit', { next_contact_on: on })
  if (app.problem === text('wrong.no_space')) return
  const message =
    on === null ? text('today.finished_done') : text('today.try_again_done', { dato: day(on, dayOf(new Date())) })
  finishWithUndo(visit.id, message, () => {
    if (on !== null) void app.set(visit.id, 'visit', { next_contact_on: null })
  })
}

/** The required fields of a visit that are still empty, before it is sent in. */
export function emptyRequired(value: (path: string) => Json): string[] {
  return fieldsOf('visit')
    .filter((field) => field.required && value(field.name) === null)
    .map((field) => field.name)
}

/** «Ferdig»: shown as finished at once, sent in when the time to undo is out. */
export function finishWithUndo(visit: string, message: string, takeBack: () => void = () => {}): void {
  undoBar.say({
    message,
    undo: () => {
      undoBar.finishing.delete(visit)
      takeBack()
    },
    commit: () => {
      void app.finish(visit).then(({ missing }) => {
        undoBar.finishing.delete(visit)
        if (missing.length > 0) undoBar.say({ message: text('wrong.form', { antall: missing.length }) })
      })
    },
  })
  undoBar.finishing.add(visit)
}
