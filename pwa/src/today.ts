/** What stands on «I dag» and in which order; a pure reading of the records, it changes none. */
import type { Json, Shown } from './app.svelte'
import { partOf } from './values'

/** One card: a planned visit, a visit already begun, or a door to try again. */
export interface Card {
  key: string
  dwelling: string | null
  purpose: string | null
  planned: Shown | null
  visit: Shown | null
  at: string | null
  late: string | null
  again: string | null
  begun: boolean
  /** Finished by a colleague while a part of mine waits. */
  left: boolean
}

export interface Today {
  planned: Card[]
  whenTime: Card[]
  begun: Card[]
  finished: Card[]
}

export interface Sources {
  me: string
  today: string
  planned: Shown[]
  visits: Shown[]
  /** Visits the thumb has finished a moment ago, while it may still be undone. */
  finishing: ReadonlySet<string>
  /** Visits that have answers or a conversation, even where the header is as it was born. */
  withParts: ReadonlySet<string>
  /** Visits with a part of mine that is not handed in, whoever has finished the rest. */
  unsent: ReadonlySet<string>
}

export function stringAt(shown: Shown | null, path: string): string | null {
  const value: Json | undefined = shown?.body[path]
  return typeof value === 'string' && value !== '' ? value : null
}

/** Outcomes after which a stranger may stand in the door, who is to see nothing of whoever we came for. */
const STRANGERS = new Set(['tenant_moved', 'wrong_address'])

/** True when another than the tenant opened, so that nothing personal is to be on the screen. */
export function isStrangers(outcome: Json | undefined): boolean {
  return typeof outcome === 'string' && STRANGERS.has(outcome)
}

export function statusOf(shown: Pick<Shown, 'body'> | null): string {
  const status = shown?.body['status']
  if (status && typeof status === 'object' && !Array.isArray(status)) {
    const state = status['state']
    if (typeof state === 'string') return state
  }
  return 'draft'
}

/** How a visit ends that the tenant was at. */
const MET: ReadonlySet<unknown> = new Set(['completed', 'talked_at_door'])

const dayAt = (visit: Shown): string => stringAt(visit, 'visited_on') ?? ''
const hourAt = (visit: Shown): string => (statusOf(visit) === 'draft' ? '~' : (partOf(visit.body['status'], 'at') ?? ''))

/** What is not handed in is the latest of its day; of what the office has approved nothing tells the hour, and it is the first. */
function isAfter(one: Shown, other: Shown): boolean {
  const reached = statusOf(other) === 'approved' ? '' : hourAt(other)
  return dayAt(one) > dayAt(other) || (dayAt(one) === dayAt(other) && hourAt(one) > reached)
}

/**
 * Of the visits to one household, the last at which another than the tenant opened and which still hides the tenant: one who
 * had moved until a visit after it met the tenant, a wrong address for that day.
 */
export function strangeAmong(visits: readonly Shown[], today: string): Shown | null {
  const met = visits.filter(({ body }) => MET.has(body['outcome']))
  const hides = (visit: Shown): boolean =>
    isStrangers(visit.body['outcome']) &&
    (visit.body['outcome'] === 'tenant_moved' || dayAt(visit) === today) &&
    !met.some((one) => isAfter(one, visit))
  return visits.filter(hides).sort((left, right) => dayAt(left).localeCompare(dayAt(right))).at(-1) ?? null
}

/** Whether the stranger's visit hides another to the same household: all but what is being written after it. */
export function isHiddenBy(strange: Shown, visit: Shown): boolean {
  return visit.id !== strange.id && !(statusOf(visit) === 'draft' && isAfter(visit, strange))
}

/** Paths that a visit has from its birth; anything more is the thumb's work. */
const BORN_WITH = new Set(['dwelling', 'planned_visit', 'purpose', 'access_basis', 'visited_on', 'status'])

export function isBegun(visit: Shown | null, withParts: ReadonlySet<string>): boolean {
  if (!visit) return false
  if (withParts.has(visit.id)) return true
  return Object.entries(visit.body).some(([path, value]) => !BORN_WITH.has(path) && value !== null)
}

function isSent(visit: Shown, finishing: ReadonlySet<string>): boolean {
  return finishing.has(visit.id) || ['submitted', 'approved'].includes(statusOf(visit))
}

function card(planned: Shown | null, visit: Shown | null, begun: boolean): Card {
  return {
    key: (planned ?? visit)?.id ?? '',
    dwelling: stringAt(visit, 'dwelling') ?? stringAt(planned, 'dwelling'),
    purpose: stringAt(visit, 'purpose') ?? stringAt(planned, 'purpose'),
    planned,
    visit,
    at: stringAt(planned, 'planned_at'),
    late: null,
    again: null,
    begun,
    left: false,
  }
}

/** How long ago the note of a visit should have been finished, by the office's rule: those of mine that were not. Pure. */
export function lateNotes(begun: readonly Card[], hours: number | undefined, now: Date): Card[] {
  if (hours === undefined) return []
  return begun.filter(({ visit }) => {
    const on = stringAt(visit, 'visited_on')
    return on !== null && statusOf(visit) === 'draft' && Date.parse(`${on}T12:00:00`) + hours * 3_600_000 < now.getTime()
  })
}

function byTime(left: Card, right: Card): number {
  return (left.at ?? '').localeCompare(right.at ?? '') || left.key.localeCompare(right.key)
}

function byAge(left: Card, right: Card): number {
  const age = (one: Card): string => one.again ?? one.late ?? '9999'
  return age(left).localeCompare(age(right)) || left.key.localeCompare(right.key)
}

export function isMine(planned: Shown | null, me: string): boolean {
  return planned?.body[`visitors/${me}`] === true
}

export function arrange({ me, today, planned, visits, finishing, withParts, unsent }: Sources): Today {
  const page: Today = { planned: [], whenTime: [], begun: [], finished: [] }
  const byPlan = new Map<string, Shown>()
  for (const visit of visits) {
    const plan = stringAt(visit, 'planned_visit')
    if (plan !== null) byPlan.set(plan, visit)
  }
  const plans = new Map(planned.map((plan) => [plan.id, plan]))
  const shown = new Set<string>()
  const isOpen = (visit: Shown | null): boolean =>
    visit !== null && !finishing.has(visit.id) && (unsent.has(visit.id) || (statusOf(visit) === 'draft' && isBegun(visit, withParts)))
  for (const plan of planned) {
    const on = stringAt(plan, 'planned_on')
    if (!isMine(plan, me) || on === null || on > today || plan.body['cancelled'] === true) continue
    const visit = byPlan.get(plan.id) ?? null
    const one = card(plan, visit, isBegun(visit, withParts))
    const left = isOpen(visit) && visit !== null && statusOf(visit) !== 'draft'
    const over = !isOpen(visit) && (plan.body['done'] === true || (visit !== null && isSent(visit, finishing)))
    if (over && on < today && !(visit && finishing.has(visit.id))) continue
    if (visit && statusOf(visit) === 'returned' && !left) continue
    if (visit) shown.add(visit.id)
    if (over) page.finished.push(one)
    else if (left) page.begun.push({ ...one, begun: true, left })
    else if (on < today && one.begun) page.begun.push({ ...one, late: on })
    else if (on < today) page.whenTime.push({ ...one, late: on })
    else if (one.at !== null) page.planned.push(one)
    else page.whenTime.push(one)
  }
  for (const visit of visits) {
    if (shown.has(visit.id)) continue
    const plan = plans.get(stringAt(visit, 'planned_visit') ?? '') ?? null
    if (finishing.has(visit.id)) page.finished.push(card(plan, visit, true))
    else if (isOpen(visit)) page.begun.push({ ...card(plan, visit, true), left: statusOf(visit) !== 'draft' })
  }
  page.whenTime.push(...doorsToTryAgain(me, today, plans, visits))
  page.planned.sort(byTime)
  page.whenTime.sort(byAge)
  page.begun.sort(byTime)
  page.finished.sort(byTime)
  return page
}

const NOBODY_MET = new Set(['no_answer', 'postponed_by_tenant', 'postponed_by_us', 'no_interpreter', 'aborted_safety'])

/** The latest day anybody was, or is going, to each home. */
function latestDays(plans: Iterable<Shown>, visits: Iterable<Shown>): Map<string, string> {
  const days = new Map<string, string>()
  const note = (one: Shown, path: string): void => {
    const home = stringAt(one, 'dwelling')
    const on = stringAt(one, path)
    if (home !== null && on !== null && on > (days.get(home) ?? '')) days.set(home, on)
  }
  for (const visit of visits) note(visit, 'visited_on')
  for (const plan of plans) if (plan.body['cancelled'] !== true) note(plan, 'planned_on')
  return days
}

/** Doors where nobody was met, whose next day has come, and where nobody has been or is going since. */
function doorsToTryAgain(me: string, today: string, plans: ReadonlyMap<string, Shown>, visits: Shown[]): Card[] {
  const latest = latestDays(plans.values(), visits)
  const doors: Card[] = []
  for (const visit of visits) {
    const again = stringAt(visit, 'next_contact_on')
    const on = stringAt(visit, 'visited_on')
    const dwelling = stringAt(visit, 'dwelling')
    if (again === null || on === null || dwelling === null || again > today) continue
    if (!NOBODY_MET.has(stringAt(visit, 'outcome') ?? '') || statusOf(visit) === 'draft') continue
    const plan = plans.get(stringAt(visit, 'planned_visit') ?? '') ?? null
    const status = visit.body['status']
    const by = status && typeof status === 'object' && !Array.isArray(status) ? status['by'] : null
    if ((!isMine(plan, me) && by !== me) || (latest.get(dwelling) ?? '') > on) continue
    doors.push({ ...card(plan, null, false), key: visit.id, dwelling, purpose: stringAt(visit, 'purpose'), at: null, again })
  }
  return doors
}
