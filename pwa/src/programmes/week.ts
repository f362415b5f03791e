/** Ukeskjema: one person's own week, made from what was done in it. Pure: it reads records, asks nothing and compares nobody. */
import type { Shown } from '../app.svelte'
import { addDays } from '../days'
import { stringAt } from '../today'
import { partOf } from '../values'

const DAY_MS = 86_400_000

/** The Monday of the week that a day is in. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay()
  return addDays(day, weekday === 0 ? -6 : 1 - weekday)
}

/** The week's number by ISO 8601, as it is printed in Norwegian calendars. */
export function weekNumber(day: string): number {
  const thursday = addDays(mondayOf(day), 3)
  const first = Date.parse(`${thursday.slice(0, 4)}-01-01T12:00:00Z`)
  return 1 + Math.floor((Date.parse(`${thursday}T12:00:00Z`) - first) / (7 * DAY_MS))
}

export interface Done {
  record: Shown
  on: string
  minutes: number | null
}

export interface Week {
  from: string
  until: string
  /** What was done, the first of the week first. */
  done: readonly Done[]
  minutes: number
  /** Minutes by day, for the days that have any. */
  days: readonly { on: string; minutes: number }[]
  /** Done without anybody having said how long it took. */
  without: readonly Done[]
  bags: number
  together: number
  materials: readonly string[]
}

const TOGETHER = new Set(['together', 'resident_with_help'])

/** `dayOf` tells the day in Norway of an instant. */
export function weekOf(me: string, day: string, records: (kind: string) => readonly Shown[], dayOf: (instant: string) => string): Week {
  const from = mondayOf(day)
  const until = addDays(from, 6)
  const mine = ['assignment', 'round', 'activity'].flatMap((kind) => records(kind)).filter((record) => record.body[`who/${me}`] === true)
  const done = mine
    .flatMap((record): Done[] => {
      const on = doneOn(record, dayOf)
      const minutes = record.body['minutes']
      return on !== null && on >= from && on <= until ? [{ record, on, minutes: typeof minutes === 'number' ? minutes : null }] : []
    })
    .sort((left, right) => left.on.localeCompare(right.on))
  const byDay = new Map<string, number>()
  for (const { on, minutes } of done) if (minutes !== null) byDay.set(on, (byDay.get(on) ?? 0) + minutes)
  const jobs = done.filter(({ record }) => record.kind === 'assignment')
  return {
    from,
    until,
    done,
    minutes: [...byDay.values()].reduce((sum, minutes) => sum + minutes, 0),
    days: [...byDay].map(([on, minutes]) => ({ on, minutes })),
    without: done.filter(({ minutes }) => minutes === null),
    bags: jobs.reduce((sum, { record }) => sum + Number(record.body['waste_bags'] ?? 0), 0),
    together: jobs.filter(({ record }) => TOGETHER.has(stringAt(record, 'done_by') ?? '')).length,
    materials: jobs.flatMap(({ record }) =>
      Object.entries(record.body).flatMap(([path, words]) => (path.startsWith('materials/') && typeof words === 'string' ? [words] : [])),
    ),
  }
}

/** The day that it was done on; null while it is not. */
function doneOn(record: Shown, dayOf: (instant: string) => string): string | null {
  const { handling } = record.body
  const state = partOf(handling, 'state')
  if (record.kind === 'activity') return state === 'held' ? stringAt(record, 'held_on') : null
  const at = partOf(handling, 'at')
  return state === 'done' && at !== null ? dayOf(at) : null
}

/** Minutes as hours are said: 1 t 30 min. */
export function hoursWords(minutes: number): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  return [hours > 0 || rest === 0 ? `${hours} t` : '', rest > 0 ? `${rest} min` : ''].filter((part) => part !== '').join(' ')
}
