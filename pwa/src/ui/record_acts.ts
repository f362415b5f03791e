/** The acts on records of the programmes: begun from a place or from what they hang on, handed in, stepped on, let go. */
import { app } from '../app.svelte'
import type { Json, Shown, Snapshot } from '../app.svelte'
import { follows } from '../programmes/gathering'
import { born, handlingOf, placed } from '../programmes/programmes'
import { say } from '../programmes/words'
import { stringAt } from '../today'
import { dayOf } from '../words'
import { signed, submit } from './deviation_acts'
import { choiceWords, kindWords } from './fields'
import { areasHere } from './lookup'
import { undoBar } from './undo.svelte'

/** The tenancy that stands in a home now; null where this phone knows of none. */
export function tenancyAt(home: string | null): string | null {
  const found = home === null ? undefined : app.records('tenancy').find((one) => one.body['dwelling'] === home && one.body['ended'] !== true)
  return found?.id ?? null
}

/** The values that put a record of a kind in a place: only the fields that the kind has. */
export function placeFor(kind: string, place: Shown | null): Record<string, Json> {
  const has = placed(kind)
  const home = place?.kind === 'dwelling' ? place.id : null
  const house = place?.kind === 'building' ? place.id : home === null ? null : stringAt(place, 'building')
  return {
    ...(has.home && { dwelling: home }),
    ...(has.house && { building: house }),
    ...(has.tenancy && { tenancy: tenancyAt(home) }),
  }
}

/** What a new record of a kind is born with here and now. */
export function bornHere(kind: string, above: Readonly<Record<string, Json>> = {}): Record<string, Json> {
  const now = new Date()
  const given = Object.fromEntries(Object.entries(above).filter(([, value]) => value !== null))
  return born(kind, { me: app.user?.id ?? '', today: dayOf(now), now: now.toISOString(), areas: areasHere() }, given)
}

/** A new record of a kind comes on the screen; nothing is written before the thumb touches it. */
export function beginRecord(kind: string, above: Readonly<Record<string, Json>> = {}): void {
  app.go(kind, app.begin(kind, bornHere(kind, above)), 'new')
}

/** Handed in at once, and said so; false where something must be answered first. */
export async function handInRecord(id: string, kind: string): Promise<boolean> {
  const sent = await submit(id, kind)
  if (sent) undoBar.say({ message: say('record.sent', { hva: kindWords(kind) }) })
  return sent
}

/** How far the work has come is set, signed, on what was `looked` at, and can be taken back while the bar stands; with how it ended where it ends. */
export async function stepTo(record: Shown, looked: Snapshot | null, state: string, words: string, outcome: string | null): Promise<void> {
  const field = handlingOf(record.kind)
  if (!field) return
  const now = dayOf(new Date())
  const values = { [field.name]: signed(state, words), ...follows(record, state, now), ...(outcome !== null && { outcome, closed_on: now }) }
  const before = Object.fromEntries(Object.keys(values).map((path) => [path, record.body[path] ?? null]))
  await app.set(record.id, record.kind, values, looked)
  offerBack(record, before, say('record.stepped', { hva: choiceWords(record.kind, field.name, state) }))
}

/** What a tap has set can be set back while the bar stands; what another has set since is not seen, and not set back with it. */
export function offerBack(record: Shown, before: Record<string, Json>, message: string): void {
  const looked = app.look(record.id, record.kind)
  undoBar.say({ message, undo: () => app.set(record.id, record.kind, before, looked) })
}

/** A draft that nobody else has seen goes; for a while it can be had back. */
export async function letGo(id: string, kind: string): Promise<void> {
  if (app.record(id)) await app.remove(id, kind)
  undoBar.say({ message: say('record.removed'), undo: () => app.restore(id, kind) })
}

/** A case of its own for a complaint: begun and linked at once, with what the complaint says of where and what. */
export async function openCase(complaint: Shown): Promise<void> {
  const category = stringAt(complaint, 'category')
  const now = new Date()
  const given = { category, building: stringAt(complaint, 'building') ?? stringAt(app.record(stringAt(complaint, 'dwelling') ?? ''), 'building') }
  const values = born('conflict_case', { me: app.user?.id ?? '', today: dayOf(now), now: now.toISOString(), areas: areasHere() }, given)
  const id = app.begin('conflict_case', values)
  await app.set(id, 'conflict_case', { title: choiceWords('complaint', 'category', category) || kindWords('conflict_case') })
  await app.set(complaint.id, 'complaint', { case: id })
  app.go('conflict_case', id)
}
