/** What may truly be said of somebody who is out alone: who will be warned, who was, and when that is nobody. Pure: it reads records and is given the clock. */
import type { ItemState, Json, Shown } from '../app.svelte'
import { stringAt } from '../today'

/** The chips of how long, in minutes. */
export const MINUTES = [15, 30, 45, 60, 90] as const
export const MORE_MINUTES = 15
/** So long before the end the phone asks whether all is well. */
export const SOON_MS = 5 * 60_000
/** So long the server has, after the end, before the phone says that nobody was warned. */
export const PATIENCE_MS = 60_000

type Body = Readonly<Record<string, Json>>

/**
 * unheard: the office does not know that I am here · unwatched: it knows, and nobody is warned · watched: somebody will be
 * soon: the end is near · unsaid: more time, or the end, was not heard, so the old time counts · warned: somebody was
 * waiting: time is over, and the answer is on its way · unwarned: time is over, and nobody was warned that I know of
 */
export type Standing = 'unheard' | 'unwatched' | 'watched' | 'soon' | 'unsaid' | 'warned' | 'waiting' | 'unwarned'

export interface Alone {
  readonly id: string
  readonly standing: Standing
  /** «Må ut nå» was pressed. */
  readonly out: boolean
  /** True while the office would warn somebody when the time is out. */
  readonly watched: boolean
  /** When the time is over, by this phone's clock. */
  readonly until: number
  /** When the office will warn, as far as it has heard; null when it will not. */
  readonly warnsAt: number | null
  readonly warnedAt: number | null
  /** Users who are warned, by the office's own word. */
  readonly watchers: readonly string[]
}

/** Mine that has not ended, the latest; null when I am not out alone. */
export function runningOf(records: readonly Shown[], me: string): Shown | null {
  const mine = records.filter((one) => one.body['who'] === me && stringAt(one, 'ended_at') === null && stringAt(one, 'ends_at') !== null)
  return mine.sort((left, right) => (stringAt(right, 'started_at') ?? '').localeCompare(stringAt(left, 'started_at') ?? ''))[0] ?? null
}

/** How it stands now. `known` is what the office has said of it, null when it has said nothing. */
export function aloneOf(record: Shown, known: Body | null, now: number): Alone {
  const until = timeAt(record.body, 'ends_at') ?? now
  const watchers = watchersOf(known)
  const watched = watchers.length > 0 && record.state !== 'check'
  const heard = isHeard(record.state)
  const warnedAt = timeAt(known ?? {}, 'escalated_at')
  const out = record.body['out_now'] === true
  const warnsAt = watched ? timeAt(known ?? {}, 'ends_at') : null
  const at = { id: record.id, out, watched, until, warnsAt, warnedAt, watchers }
  return { ...at, standing: standingOf() }

  function standingOf(): Standing {
    const over = now >= until
    if (out) return known?.['out_now'] === true && warnedAt !== null ? 'warned' : watched && heard ? 'waiting' : 'unwarned'
    if (over && warnedAt !== null && (warnsAt === null || now >= warnsAt)) return 'warned'
    if (over) return watched && heard && now < until + PATIENCE_MS ? 'waiting' : 'unwarned'
    if (known === null || record.state === 'check') return 'unheard'
    if (!watched) return 'unwatched'
    if (!heard && warnsAt !== until) return 'unsaid'
    return until - now <= SOON_MS ? 'soon' : 'watched'
  }
}

/** Mine that I have ended and the office would still warn about, or has: it has not heard of the end. */
export function unheardEnd(records: readonly Shown[], known: (id: string) => Body | null, me: string): Alone | null {
  for (const record of records) {
    if (record.body['who'] !== me || stringAt(record, 'ended_at') === null || isHeard(record.state)) continue
    const body = known(record.id)
    const until = timeAt(body ?? {}, 'ends_at')
    const watchers = watchersOf(body)
    if (body === null || until === null || watchers.length === 0 || timeAt(body, 'ended_at') !== null) continue
    const warnedAt = timeAt(body, 'escalated_at')
    return { id: record.id, standing: 'unsaid', out: false, watched: true, until, warnsAt: until, warnedAt, watchers }
  }
  return null
}

/** True while the phone ought to ask the office for its answer every few seconds. */
export function asks(alone: Alone): boolean {
  return ['unheard', 'unwatched', 'unsaid', 'waiting', 'unwarned'].includes(alone.standing)
}

/** All that was written of it is in the office's hands. */
function isHeard(state: ItemState): boolean {
  return state === 'received'
}

function watchersOf(known: Body | null): string[] {
  const paths = Object.entries(known ?? {}).filter(([path, on]) => on === true && path.startsWith('warns/'))
  return paths.map(([path]) => path.slice('warns/'.length)).sort()
}

function timeAt(body: Body, path: string): number | null {
  const value = body[path]
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isFinite(at) ? at : null
}
