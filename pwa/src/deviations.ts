/** What can be worked out about deviations: whose to mend, which look alike, what came back to who found them. Pure. */
import type { Shown } from './app.svelte'
import { addDays } from './days'
import { fold } from './fold'
import { statusOf, stringAt } from './today'
import { partOf } from './values'

export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
const CLOSED = new Set(['done', 'verified', 'rejected'])
const MENDED = new Set(['done', 'verified'])
const ALIKE_DAYS = 30
const TOLD_DAYS = 14
const CORRECTED_DAYS = 7
const WORD_MIN = 4
const STEM = 5
const COMMON = new Set('ikke eller være blitt etter denne dette disse under over ved noen noe fortsatt igjen veldig'.split(' '))

/** Who is to mend it: in a company's building the common parts are the company's (decided for the product). */
export function responsibleFor(
  point: { responsible: string; inCompany: string | null } | null,
  place: { building: Shown | null; dwelling: Shown | null },
): string {
  const inCompany = stringAt(place.building, 'ownership') === 'company'
  const common = place.dwelling === null
  if (point) return inCompany ? (point.inCompany ?? point.responsible) : point.responsible
  return inCompany && common ? 'housing_company' : 'landlord'
}

export function isClosed(deviation: Shown): boolean {
  return CLOSED.has(partOf(deviation.body['handling'], 'state') ?? 'open')
}

/** Open for all to see: sent in, and not closed. */
export function isOpenDeviation(deviation: Shown): boolean {
  return statusOf(deviation) !== 'draft' && !isClosed(deviation)
}

/** Its author corrects it until it locks, a week after it was sent in; an approved one is locked. */
export function mayCorrect(deviation: Shown, me: string, today: string): boolean {
  const status = deviation.body['status']
  if (statusOf(deviation) === 'draft' || statusOf(deviation) === 'returned') return true
  if (statusOf(deviation) === 'approved' || isClosed(deviation)) return false
  return partOf(status, 'by') === me && addDays((partOf(status, 'at') ?? '').slice(0, 10) || today, CORRECTED_DAYS) > today
}

function tellingWords(text: string): string[] {
  const words = text.split(/[^\p{L}\d]+/u).map((word) => fold(word))
  return [...new Set(words.filter((word) => word.length >= WORD_MIN && !COMMON.has(word)))]
}

function sameWord(left: string, right: string): boolean {
  return left === right || (Math.min(left.length, right.length) >= STEM && left.slice(0, STEM) === right.slice(0, STEM))
}

/** Half of what the shorter one says is said in the other too. */
export function wordsOverlap(left: string, right: string): boolean {
  const [few, many] = [tellingWords(left), tellingWords(right)].sort((one, two) => one.length - two.length) as [string[], string[]]
  const shared = few.filter((word) => many.some((other) => sameWord(word, other))).length
  return shared > 0 && shared * 2 >= few.length
}

export interface Sketch {
  id: string
  dwelling: string | null
  building: string | null
  item: string | null
  words: string
}

/** Open deviations of the last 30 days in the same place that say the same, the newest first. */
export function alike(deviations: readonly Shown[], mine: Sketch, today: string): Shown[] {
  const since = addDays(today, -ALIKE_DAYS)
  const here = (one: Shown): boolean => {
    const dwelling = stringAt(one, 'dwelling')
    if (dwelling !== mine.dwelling) return false
    return mine.dwelling !== null || (mine.building !== null && stringAt(one, 'building') === mine.building)
  }
  const saysSo = (one: Shown): boolean =>
    (mine.item !== null && stringAt(one, 'item') === mine.item) || wordsOverlap(stringAt(one, 'words') ?? '', mine.words)
  const foundOn = (one: Shown): string => stringAt(one, 'found_on') ?? ''
  return deviations
    .filter((one) => one.id !== mine.id && isOpenDeviation(one) && foundOn(one) >= since && here(one) && saysSo(one))
    .sort((left, right) => foundOn(right).localeCompare(foundOn(left)))
}

/** Who found it; a deviation from before that was said, by who sent it in. */
export function finderOf(deviation: Shown): string | null {
  return stringAt(deviation, 'found_by') ?? partOf(deviation.body['status'], 'by')
}

/** What I found and another has mended in the last fortnight, the latest first: «Rettet av eiendom {dato}.» */
export function closedForMe(deviations: readonly Shown[], me: string, today: string): Shown[] {
  const since = addDays(today, -TOLD_DAYS)
  const at = (one: Shown): string => partOf(one.body['handling'], 'at') ?? ''
  return deviations
    .filter((one) => finderOf(one) === me && isMendedByAnother(one, me) && at(one) >= since)
    .sort((left, right) => at(right).localeCompare(at(left)))
}

export function isMendedByAnother(deviation: Shown, me: string): boolean {
  const handling = deviation.body['handling']
  return MENDED.has(partOf(handling, 'state') ?? '') && partOf(handling, 'by') !== me
}
