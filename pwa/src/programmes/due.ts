/** What is to be done by when in the programmes' records, and what has come to its end. Pure: it reads records and knows no clock. */
import type { Json, Shown } from '../app.svelte'
import { addDays } from '../days'
import { statusOf, stringAt } from '../today'
import { partOf } from '../values'

/** A day by which something is to be done. */
interface Watch {
  at: string
  /** The field that says it has been done. */
  met?: string
  /** Done when a later record points at the same one by this field. */
  next?: string
}

const WATCHED: Readonly<Record<string, readonly Watch[]>> = {
  complaint: [{ at: 'acknowledge_due_on', met: 'acknowledged_on' }],
  conflict_case: [{ at: 'parties_due_on' }],
  conflict_agreement: [{ at: 'first_due_on', met: 'first_on' }, { at: 'second_due_on', met: 'second_on' }],
  party_talk: [{ at: 'next_on', next: 'party' }],
  follow_up_plan: [{ at: 'evaluate_on' }],
  evaluation: [{ at: 'next_on', next: 'plan' }],
  offer: [{ at: 'again_on', next: 'tenancy' }],
  hf_contact: [{ at: 'next_on', next: 'participant' }],
  fidelity_assessment: [{ at: 'next_on', next: 'area' }],
  event: [{ at: 'minutes_due_on', met: 'minutes_shared_on' }],
  resident_input: [{ at: 'due_on', met: 'answered_on' }],
  measure: [{ at: 'due_on', met: 'done_on' }],
  cooperation_agreement: [{ at: 'next_meeting_on' }],
}
/** The day that a record is from, by kind; the first that has one. */
const DAYS = ['talked_on', 'held_on', 'met_on', 'offered_on', 'agreed_on', 'assessed_on', 'received_on', 'opened_on', 'started_on', 'planned_on', 'sent_on', 'seen_on', 'noticed_on', 'joined_on', 'happened_on', 'learnt_on', 'checked_on', 'notified_on']
const ENDED = ['closed_on', 'ended_on', 'left_on', 'answered_on', 'done_on', 'met_on', 'valid_until']
/** Kinds whose ending field means something else than an end. */
const GOES_ON = new Set(['hf_contact', 'safety_alert', 'cooperation_agreement', 'dialogue_meeting'])
const OVER = new Set(['closed', 'done', 'cancelled', 'rejected', 'held', 'verified'])
export const AHEAD_DAYS = 14

export interface Due {
  record: Shown
  path: string
  on: string
  late: boolean
}

/** The day that a record is from; empty when it says none. */
export function dayOfRecord(record: Shown): string {
  return DAYS.map((name) => stringAt(record, name)).find((on) => on !== null) ?? ''
}

/** True when no more is to be done with it. */
export function isOver(record: Shown): boolean {
  const handling = partOf(record.body['handling'], 'state')
  if (handling !== null && OVER.has(handling)) return record.kind !== 'event' || stringAt(record, 'minutes_due_on') === null || stringAt(record, 'minutes_shared_on') !== null
  return !GOES_ON.has(record.kind) && ENDED.some((name) => stringAt(record, name) !== null)
}

/** What is due until a fortnight from today, what is late first. */
export function duesOf(records: (kind: string) => readonly Shown[], today: string): Due[] {
  const last = addDays(today, AHEAD_DAYS)
  const found: Due[] = []
  for (const [kind, watches] of Object.entries(WATCHED)) {
    const all = records(kind)
    for (const record of all) {
      if (isOver(record)) continue
      for (const watch of watches) {
        const on = stringAt(record, watch.at)
        if (on === null || on > last || (watch.met !== undefined && stringAt(record, watch.met) !== null)) continue
        if (watch.next !== undefined && isFollowed(record, watch.next, all)) continue
        found.push({ record, path: watch.at, on, late: on < today })
      }
    }
  }
  return found.sort((left, right) => left.on.localeCompare(right.on))
}

function isFollowed(record: Shown, field: string, all: readonly Shown[]): boolean {
  const above = stringAt(record, field)
  const from = dayOfRecord(record)
  return all.some((other) => other.id !== record.id && stringAt(other, field) === above && dayOfRecord(other) > from)
}

/** The one before this among those of the same: last evaluation of the plan, last scores of the area. */
export function previousOf(kind: string, id: string, value: (name: string) => Json, all: readonly Shown[]): Shown | null {
  const tie = WATCHED[kind]?.find(({ next }) => next !== undefined)?.next
  const above = tie === undefined ? null : value(tie)
  if (tie === undefined || typeof above !== 'string') return null
  const own = DAYS.map(value).find((on) => typeof on === 'string')
  const before = all.filter((one) => one.id !== id && stringAt(one, tie) === above && (own === undefined || dayOfRecord(one) < String(own)))
  return before.sort((left, right) => dayOfRecord(right).localeCompare(dayOfRecord(left)))[0] ?? null
}

/** The latest first; what is still a draft of mine stands above. */
export function latestFirst(records: readonly Shown[], life: boolean): Shown[] {
  const draft = (record: Shown): number => Number(life && statusOf(record) === 'draft')
  return [...records].sort((left, right) => draft(right) - draft(left) || dayOfRecord(right).localeCompare(dayOfRecord(left)))
}
