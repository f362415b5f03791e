/** «Som sist»: what a visit may take over from the last one like it, and what must be asked or looked at anew. Pure. */
import type { Json, Shown } from './app.svelte'
import { answerPath, itemsOf, type Answers, type Checklist, type Item } from './checklists'
import { statusOf, stringAt } from './today'

/** How an answer came about, beside the answer. */
export const MARK = 'as_last'
/** What was told is told again or not at all: a talk of today is no state of the home. */
const TAKEN_OVER: Readonly<Record<string, readonly string[]>> = { check: ['ok', 'not_relevant'] }
/** What of a visit's head is about the household rather than about the day. */
const OF_THE_HOUSEHOLD = ['interpreter', 'language']
/** How it went with the interpreter that day is no need of the household's: it went wrong, and may go right today. */
const OF_THE_DAY: ReadonlySet<unknown> = new Set(['missing', 'unqualified'])

export const markPath = (item: Item): string => `${MARK}/${item.code}`
export const isOfTheHousehold = (path: string): boolean => OF_THE_HOUSEHOLD.includes(path)
/** Whether somebody is to interpret: only then is it asked in which language. */
export const isInterpreted = (interpreter: Json): boolean => !['', 'not_needed'].includes(String(interpreter ?? ''))

/** Whether «Som sist» can have given an answer: a mark that was left beside another says nothing of it. */
export function isTakenOver(item: Item, value: Json): value is string {
  return typeof value === 'string' && (TAKEN_OVER[item.answer] ?? []).includes(value)
}

/** What one tap filled in. */
export interface Filled {
  points: { item: Item; value: string }[]
  head: Record<string, Json>
}

export interface Like {
  id: string
  purpose: string
  /** The household: another that lived there before is nobody's last. */
  tenancy: string
}

/** The last visit with the same household for the same purpose that was carried out and handed in. */
export function lastLike(now: Like, visits: readonly Shown[], tenancyOf: (visit: Shown) => string | null): Shown | null {
  const like = visits.filter(
    (visit) =>
      visit.id !== now.id &&
      stringAt(visit, 'purpose') === now.purpose &&
      stringAt(visit, 'outcome') === 'completed' &&
      statusOf(visit) !== 'draft' &&
      tenancyOf(visit) === now.tenancy,
  )
  const day = (visit: Shown): string => stringAt(visit, 'visited_on') ?? ''
  return like.sort((left, right) => day(right).localeCompare(day(left)))[0] ?? null
}

/**
 * The untouched points that «Som sist» answers, and how. Never one that is critical, never a fault (which is described
 * anew or not at all), and never what was talked about or what the resident answers in person.
 */
export function asLast(list: Checklist, last: Answers, now: Answers): Filled['points'] {
  return itemsOf(list).flatMap((item) => {
    const value = last(item)
    return isTakenOver(item, value) && !item.critical && now(item) === null ? [{ item, value }] : []
  })
}

/** What of the head is as it was, where nothing stands yet; no language where nobody is to interpret. */
export function headAsLast(last: Shown, now: (path: string) => Json): Filled['head'] {
  const standing = (path: string): Json => (OF_THE_DAY.has(last.body[path]) ? null : (last.body[path] ?? null))
  const spoken = isInterpreted(now('interpreter') ?? standing('interpreter'))
  const known = OF_THE_HOUSEHOLD.flatMap((path) => {
    const value = standing(path)
    return value !== null && now(path) === null && (path !== 'language' || spoken) ? [[path, value] as const] : []
  })
  return Object.fromEntries(known)
}

/** What of it nobody has put right since, and may be taken back; `standing` tells of a point's run, or of the head. */
export function untouched({ points, head }: Filled, standing: (path: string, item?: Item) => Json): Filled {
  return {
    points: points.filter(({ item, value }) => standing(answerPath(item), item) === value && standing(markPath(item), item) !== null),
    head: Object.fromEntries(Object.entries(head).filter(([path, value]) => standing(path) === value)),
  }
}

/** The answers of a visit's runs of one checklist. */
export function answersOf(runs: readonly Shown[]): Answers {
  return (item) => runs.map((run) => run.body[answerPath(item)] ?? null).find((value) => value !== null) ?? null
}
