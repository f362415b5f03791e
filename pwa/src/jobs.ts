/** Assignments, rounds and deviations as «I dag» lists them: whose they are, when, and what lies behind the same front door. Pure. */
import type { Shown } from './app.svelte'
import { isClosed } from './deviations'
import type { Unsent } from './drafts'
import { statusOf, stringAt } from './today'
import { partOf } from './values'

export type JobKind = 'assignment' | 'round' | 'deviation'

export interface Job {
  key: string
  kind: JobKind
  record: Shown
  at: string | null
  late: string | null
}

export interface Jobs {
  timed: Job[]
  whenTime: Job[]
  /** Rounds with something of mine that waits, and deviations that are not sent in yet and stand on no other card. */
  begun: Job[]
  finished: Job[]
}

export interface JobSources {
  me: string
  today: string
  /** The day in Norway of an instant, for what was finished today. */
  dayOf: (instant: string) => string
  assignments: readonly Shown[]
  rounds: readonly Shown[]
  deviations: readonly Shown[]
  /** Rounds with a part of mine that is not handed in, and the deviations that are within reach on such a round's or visit's card. */
  unsent: Unsent
}

const OVER: Readonly<Record<string, ReadonlySet<string>>> = {
  assignment: new Set(['done', 'rejected']),
  round: new Set(['done', 'cancelled']),
}

export function handlingOf(record: Shown): string | null {
  return partOf(record.body['handling'], 'state')
}

export function isOver(record: Shown): boolean {
  if (record.kind === 'deviation') return isClosed(record)
  return OVER[record.kind]?.has(handlingOf(record) ?? '') === true
}

function isTaken(record: Shown, me: string): boolean {
  return record.body[`who/${me}`] === true
}

/** Mine to put right: what I have taken in hand, or reported where it is ours to mend. */
function isMyDeviation(record: Shown, me: string): boolean {
  if (partOf(record.body['handling'], 'by') === me) return true
  const ours = ['team', null].includes(stringAt(record, 'responsible'))
  return ours && partOf(record.body['status'], 'by') === me
}

export function jobOf(record: Shown, today: string): Job {
  const kind = record.kind as JobKind
  const on = stringAt(record, kind === 'round' ? 'planned_on' : 'due_on')
  return { key: record.id, kind, record, at: on === today ? stringAt(record, 'due_at') : null, late: on !== null && on < today ? on : null }
}

function order(left: Job, right: Job): number {
  return (left.at ?? '99').localeCompare(right.at ?? '99') || (left.late ?? '9').localeCompare(right.late ?? '9') || left.key.localeCompare(right.key)
}

export function jobsOf({ me, today, dayOf, assignments, rounds, deviations, unsent }: JobSources): Jobs {
  const jobs: Jobs = { timed: [], whenTime: [], begun: [], finished: [] }
  const finishedToday = (record: Shown): boolean => dayOf(partOf(record.body['handling'], 'at') ?? '') === today
  for (const record of [...assignments, ...rounds]) {
    const job = jobOf(record, today)
    const on = stringAt(record, job.kind === 'round' ? 'planned_on' : 'due_on')
    const ahead = !isTaken(record, me) || (on !== null && on > today)
    if (unsent.wholes.has(record.id) && (isOver(record) || ahead)) jobs.begun.push(job)
    else if (!isTaken(record, me)) continue
    else if (isOver(record)) {
      if (finishedToday(record)) jobs.finished.push(job)
    } else if (job.at !== null || (job.kind === 'round' && on === today)) jobs.timed.push(job)
    else if (on === null || on <= today) jobs.whenTime.push(job)
  }
  for (const record of deviations) {
    const job = jobOf(record, today)
    if (statusOf(record) === 'draft') {
      if (handlingOf(record) !== 'rejected' && !unsent.deviations.has(record.id)) jobs.begun.push(job)
    } else if (!isOver(record) && job.late !== null && isMyDeviation(record, me)) jobs.whenTime.push(job)
  }
  for (const list of [jobs.timed, jobs.whenTime, jobs.begun, jobs.finished]) list.sort(order)
  return jobs
}

/** Gives a home by its id, where it is on this phone. */
export interface Homes {
  get(id: string): Shown | null | undefined
}

/** What tells one front door from another: the building, or the address of a home that belongs to none. */
export function frontDoor(record: Shown, homes: Homes): string | null {
  const home = record.kind === 'dwelling' ? record : (homes.get(stringAt(record, 'dwelling') ?? '') ?? null)
  return stringAt(record, 'building') ?? stringAt(home, 'building') ?? stringAt(home, 'address')
}

/** Open assignments and deviations by front door, but for those that stand on the page already. */
export function behindDoors(
  open: readonly Shown[],
  homes: Homes,
  listed: ReadonlySet<string>,
  today: string,
): Map<string, Job[]> {
  const doors = new Map<string, Job[]>()
  for (const record of open) {
    if (listed.has(record.id) || isOver(record) || (record.kind === 'deviation' && statusOf(record) === 'draft')) continue
    const door = frontDoor(record, homes)
    if (door === null) continue
    const list = doors.get(door)
    if (list) list.push(jobOf(record, today))
    else doors.set(door, [jobOf(record, today)])
  }
  return doors
}
