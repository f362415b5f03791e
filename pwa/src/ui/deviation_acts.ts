/** The acts around a deviation that several screens share: born of a checkpoint, sent in, taken back, mended. */
import { app } from '../app.svelte'
import type { Json, Shown, Snapshot } from '../app.svelte'
import { unpictured, type Item } from '../checklists'
import { responsibleFor } from '../deviations'
import { statusOf, stringAt } from '../today'
import { partOf } from '../values'
import { deviationId } from '../views'
import { day, dayOf, text } from '../words'
import { undoBar } from './undo.svelte'

export interface Found {
  /** The run of answers that it was found in. */
  run: string
  point: Item
  building: Shown | null
  dwelling: Shown | null
}

/** What a deviation says before anybody has written more. */
export function givenWords(point: { words: string }): string {
  return text('deviation.from_point', { punkt: point.words })
}

/** Who, and when: what every state of a handling or a status is signed with. */
export function signed(state: string, words?: string): Record<string, Json> {
  const at = new Date().toISOString()
  return { state, by: app.user?.id ?? '', at, ...(words !== undefined && words !== '' && { words }) }
}

/** One tap: the deviation stands, whole, as a draft; taken up again if it was taken back. */
export async function noteDeviation({ run, point, building, dwelling }: Found): Promise<string> {
  const id = deviationId(run, point.code)
  const standing = app.record(id)
  if (!standing) {
    const where = dwelling ? { dwelling: dwelling.id } : {}
    await app.set(id, 'deviation', {
      ...where,
      ...(building && { building: building.id }),
      item: point.code,
      words: givenWords(point),
      severity: point.severity ?? 'medium',
      responsible: responsibleFor(point, { building, dwelling }),
      found_on: dayOf(new Date()),
      found_by: app.user?.id ?? null,
    })
  } else if (isTakenBack(standing)) await app.set(id, 'deviation', { handling: statusOf(standing) === 'draft' ? null : signed('open') })
  return id
}

export function isTakenBack(deviation: Shown | null): boolean {
  return partOf(deviation?.body['handling'], 'state') === 'rejected'
}

/** The answer was a slip: a draft is nobody's but mine and is let lie, what was sent in is closed with the reason. Gives how to have it back. */
export async function takeBackDeviation(id: string): Promise<() => Promise<unknown>> {
  const standing = app.record(id)
  if (!standing) return async () => undefined
  const handling = standing.body['handling'] ?? null
  await app.set(id, 'deviation', { handling: signed('rejected', text('deviation.answer_corrected')) })
  return () => app.set(id, 'deviation', { handling })
}

/** Handed in, signed; false, and told, where something must be answered first: it stays as it was, and nothing of it is lost. */
export async function submit(id: string, kind: string, values: Record<string, Json> = {}): Promise<boolean> {
  const gaps = await app.set(id, kind, { ...values, status: signed('submitted') })
  if (gaps.length > 0) undoBar.say({ message: text('wrong.form', { antall: gaps.length }) })
  return gaps.length === 0
}

export async function submitDeviation(id: string): Promise<boolean> {
  const standing = app.record(id)
  if (!standing || isTakenBack(standing) || !['draft', 'returned'].includes(statusOf(standing))) return true
  return submit(id, 'deviation')
}

/** Mended by whoever stands there, in their words, as they saw it. */
export async function mend(id: string, words: string, looked: Snapshot | null): Promise<void> {
  await app.set(id, 'deviation', { handling: signed('done', words.trim()) }, looked)
}

/** What is said of a deviation that was put right where it was found. */
export function mendedHereWords(): string {
  return text('deviation.mended_here')
}

export function isMendedHere(handling: Json | undefined): boolean {
  return partOf(handling, 'state') === 'done' && partOf(handling, 'words') === mendedHereWords()
}

/** The deviations of one run at points that must have a picture, and have none; what was taken back needs none. */
export function withoutPicture(items: readonly Item[], run: string, answer: (item: Item) => Json): { item: Item; id: string }[] {
  const found = (item: Item): string => deviationId(run, item.code)
  const isPictured = (item: Item): boolean => isTakenBack(app.record(found(item))) || app.photos.of(found(item)).length > 0
  return unpictured(items, answer, isPictured).map((item) => ({ item, id: found(item) }))
}

/** The building a record lies in: its own, or its home's. */
export function buildingOf(record: Shown | null): Shown | null {
  const own = stringAt(record, 'building')
  const home = app.record(stringAt(record, 'dwelling') ?? '')
  const id = own ?? stringAt(home, 'building')
  return id === null ? null : app.record(id)
}

/** «Rettet av eiendom 12.3.» to whoever found it, or by name when it was nobody of the landlord's to mend. */
export function mendedWords(deviation: Shown): string {
  const handling = deviation.body['handling']
  const dato = day(dayOf(new Date(partOf(handling, 'at') ?? Date.now())), dayOf(new Date()))
  const theirs = ['landlord', null].includes(stringAt(deviation, 'responsible'))
  const navn = app.name(partOf(handling, 'by') ?? '')
  return theirs || navn === '' ? text('deviation.mended_by_landlord', { dato }) : text('deviation.mended_by', { navn, dato })
}
