/** The acts at a closed door: note it with one tap, plan the next try with another, and take both back. */
import { SvelteMap } from 'svelte/reactivity'
import { app } from '../app.svelte'
import type { Json, Shown } from '../app.svelte'
import { addWorkingDays } from '../days'
import { isMine, stringAt } from '../today'
import { failedTries } from '../tries'
import { clockOf, day, dayOf, text } from '../words'
import { pointingAt } from './lookup'
import { finishWithUndo, visitOf, type Door } from './visits'

const notedAt = new SvelteMap<string, string>()

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

/** The day the office's rule proposes for a new try; the next working day where it has none. */
export function newTryDay(visit: Shown): string {
  return addWorkingDays(stringAt(visit, 'visited_on') ?? dayOf(new Date()), app.rules.try_again_after ?? 1)
}

/** How many tries in a row have had no answer, this one included. */
export function triesAt(visit: Shown): number {
  const plans = new Map(app.records('planned_visit').map((plan) => [plan.id, plan]))
  return failedTries(visit, plans, app.records('visit'))
}

export async function takeBackNobodyHome(visit: Shown): Promise<void> {
  await app.set(visit.id, 'visit', { outcome: null })
}

/** The next try is an agreed visit of its own, with the same home, tenancy and purpose; null when there is one already. */
async function planNextTry(visit: Shown, plan: Shown | null, on: string): Promise<string | null> {
  const me = app.user?.id ?? ''
  const home = stringAt(visit, 'dwelling')
  const same = (one: Shown): boolean => isMine(one, me) && stringAt(one, 'planned_on') === on && one.body['cancelled'] !== true
  if (pointingAt('planned_visit', 'dwelling', home).some(same)) return null
  const values: Record<string, Json> = { dwelling: home, planned_on: on, [`visitors/${me}`]: true }
  const tenancy = stringAt(plan, 'tenancy')
  const purpose = stringAt(visit, 'purpose') ?? stringAt(plan, 'purpose')
  if (tenancy !== null) values['tenancy'] = tenancy
  if (purpose !== null) values['purpose'] = purpose
  const id = app.begin('planned_visit', values)
  await app.set(id, 'planned_visit', values)
  return id
}

export async function tryAgainOn(visit: Shown, plan: Shown | null, on: string): Promise<void> {
  await app.set(visit.id, 'visit', { next_contact_on: on })
  const next = await planNextTry(visit, plan, on)
  finishWithUndo(visit.id, text('today.try_again_done', { dato: day(on, dayOf(new Date())) }), () => {
    void app.set(visit.id, 'visit', { next_contact_on: null })
    if (next !== null) void app.remove(next, 'planned_visit')
  })
}

/** No new try: the visit goes to the office as it is, and after many tries the leader decides. */
export async function noNewTry(visit: Shown, toLeader: boolean): Promise<void> {
  await app.set(visit.id, 'visit', {}) // what was noted with the tap before is on the disk before it is said to be
  finishWithUndo(visit.id, text(toLeader ? 'today.leader_told' : 'today.finished_done'))
}
