/** What has happened in one home or one building, by day, the newest first and a visit before what came of it. A pure reading of the records. */
import type { Shown } from './app.svelte'
import { handlingOf, isOver } from './jobs'
import { statusOf, stringAt } from './today'
import { partOf } from './values'

export interface Moment {
  key: string
  /** YYYY-MM-DD; empty when nothing tells. */
  on: string
  record: Shown
  /** Who wrote it, by user. */
  by: string | null
  /** Where it stands: a key of the status or of the handling. */
  state: string | null
  /** A tenancy comes twice: when it began and when it ended. */
  turn: 'started' | 'ended' | null
  /** What was added afterwards. */
  addenda: Shown[]
}

export interface TimelineSources {
  /** Names the home or the building, and which field of the others points at it; a building's are its common parts alone. */
  id: string
  at: 'dwelling' | 'building'
  visits: readonly Shown[]
  runs: readonly Shown[]
  rounds: readonly Shown[]
  deviations: readonly Shown[]
  assignments: readonly Shown[]
  conversations: readonly Shown[]
  tenancies: readonly Shown[]
  addenda: readonly Shown[]
  /** The day in Norway of an instant. */
  dayOf: (instant: string) => string
}

const DAY_OF: Readonly<Record<string, string>> = {
  visit: 'visited_on',
  round: 'planned_on',
  deviation: 'found_on',
  assignment: 'due_on',
  conversation: 'talked_on',
}

function author(record: Shown): string | null {
  return partOf(record.body['status'], 'by') ?? partOf(record.body['handling'], 'by')
}

function stateOf(record: Shown): string | null {
  if (record.kind === 'visit' || record.kind === 'conversation' || record.kind === 'checklist_run') return statusOf(record)
  return handlingOf(record)
}

export function timelineOf(sources: TimelineSources): Moment[] {
  const { id, at, dayOf } = sources
  const inHome = (record: Shown): boolean => stringAt(record, 'dwelling') !== null
  const here = (record: Shown): boolean => record.body[at] === id && (at === 'dwelling' || !inHome(record))
  const visits = sources.visits.filter(here)
  const wholes = new Set(visits.map((visit) => visit.id))
  const rounds = at === 'building' ? sources.rounds.filter((round) => round.body[`buildings/${id}`] === true) : []
  for (const round of rounds) wholes.add(round.id)
  const belongs = (part: Shown): boolean => wholes.has(stringAt(part, 'visit') ?? '') || wholes.has(stringAt(part, 'round') ?? '')
  const alone = [...sources.runs, ...sources.conversations].filter((part) => here(part) && !belongs(part))
  const days = new Map(sources.rounds.map((round) => [round.id, stringAt(round, 'planned_on')]))
  const dayOfRecord = (record: Shown): string => {
    const written = stringAt(record, DAY_OF[record.kind] ?? '') ?? days.get(stringAt(record, 'round') ?? '')
    if (written) return written
    const stamp = partOf(record.body['status'], 'at') ?? partOf(record.body['handling'], 'at')
    return stamp === null ? '' : dayOf(stamp)
  }
  const added = new Map<string, Shown[]>()
  for (const addendum of sources.addenda) {
    const about = stringAt(addendum, 'record') ?? ''
    const list = added.get(about)
    if (list) list.push(addendum)
    else added.set(about, [addendum])
  }
  const records = [...visits, ...rounds, ...alone, ...sources.deviations.filter(here), ...sources.assignments.filter(here)]
  const moments: Moment[] = records.map((record) => ({
    key: record.id,
    on: dayOfRecord(record),
    record,
    by: author(record),
    state: stateOf(record),
    turn: null,
    addenda: added.get(record.id) ?? [],
  }))
  for (const tenancy of sources.tenancies.filter(here)) {
    for (const turn of ['started', 'ended'] as const) {
      const on = stringAt(tenancy, `${turn}_on`)
      if (on !== null) moments.push({ key: `${tenancy.id}|${turn}`, on, record: tenancy, by: null, state: null, turn, addenda: turn === 'started' ? (added.get(tenancy.id) ?? []) : [] })
    }
  }
  const rank = (moment: Moment): number => (moment.record.kind === 'visit' ? 0 : 1)
  return moments.sort((left, right) => right.on.localeCompare(left.on) || rank(left) - rank(right) || left.key.localeCompare(right.key))
}

/** What is still to come, the nearest first: rounds and assignments of today or later that nobody has finished; and what has happened. */
export function aheadOf(moments: readonly Moment[], today: string): { ahead: Moment[]; happened: Moment[] } {
  const isAhead = ({ record, on }: Moment): boolean => ['round', 'assignment'].includes(record.kind) && on >= today && !isOver(record)
  return { ahead: moments.filter(isAhead).reverse(), happened: moments.filter((moment) => !isAhead(moment)) }
}
