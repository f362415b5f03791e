/** The acts of somebody who is out alone: start, more time, must get out, done. The bar on every screen needs no more than these. */
import { app } from '../app.svelte'
import type { Json, Shown } from '../app.svelte'
import { undoBar } from '../ui/undo.svelte'
import { stringAt } from '../today'
import { MORE_MINUTES, type Alone } from './alone'
import { say } from './words'

const MINUTE_MS = 60_000

/** The area that a home or a building lies in; null where the phone cannot tell. */
export function areaOf(place: Shown | null): string | null {
  if (!place) return null
  return stringAt(place, 'area') ?? areaOf(app.record(stringAt(place, 'building') ?? ''))
}

export interface Start {
  readonly area: string
  readonly home: string | null
  readonly meet: string
  readonly minutes: number
}

/** Begins now; it is on the disk when this resolves, and on its way. */
export async function start({ area, home, meet, minutes }: Start): Promise<void> {
  const from = Date.now()
  const values: Record<string, Json> = {
    area,
    who: app.user?.id ?? '',
    started_at: new Date(from).toISOString(),
    ends_at: new Date(from + minutes * MINUTE_MS).toISOString(),
    ...(home !== null && { dwelling: home }),
    ...(meet !== '' && { meet }),
  }
  await app.set(app.begin('check_in', values), 'check_in', values)
  void app.sync()
}

/** A quarter more, counted from the end, or from now when that is past. */
export async function moreTime(alone: Alone): Promise<void> {
  const ends = Math.max(alone.until, Date.now()) + MORE_MINUTES * MINUTE_MS
  await app.set(alone.id, 'check_in', { ends_at: new Date(ends).toISOString() })
  undoBar.say({ message: say('alone.no_time', { antall: MORE_MINUTES }) })
  void app.sync()
}

/** Nothing is asked first: the warning goes at once. */
export async function mustGetOut(alone: Alone): Promise<void> {
  await app.set(alone.id, 'check_in', { out_now: true })
  void app.sync()
}

export async function done(alone: Alone): Promise<void> {
  await app.set(alone.id, 'check_in', { ended_at: new Date().toISOString() })
  undoBar.say({ message: say('alone.done'), undo: () => app.set(alone.id, 'check_in', { ended_at: null }) })
  void app.sync()
}
