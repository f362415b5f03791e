/** What becomes of a quick note: handed in as it is, or its words moved to a deviation or an assignment; each with time to undo. */
import { app } from '../app.svelte'
import type { Json, Shown } from '../app.svelte'
import { responsibleFor } from '../deviations'
import { cut, noteWords } from '../quick_notes'
import { stringAt } from '../today'
import { say } from '../programmes/words'
import { dayOf } from '../words'
import { signed, submit } from './deviation_acts'
import { fieldOf } from './fields'
import { placeValues } from './places'
import { undoBar } from './undo.svelte'
import { replaceWith } from './way.svelte'

/** Notat: sent in when the time to undo is out, to those who follow up in that home. */
export function handIn(note: string): void {
  undoBar.say({
    message: say('note.handed_in'),
    undo: () => {
      undoBar.finishing.delete(note)
      app.go('new', note)
    },
    commit: () => {
      const home = stringAt(app.record(note), 'dwelling')
      const tenancy = app.records('tenancy').find((one) => one.body['dwelling'] === home && one.body['ended'] !== true)
      const whose = tenancy ? { tenancy: tenancy.id } : {}
      return submit(note, 'conversation', whose).finally(() => undoBar.finishing.delete(note))
    },
  })
  undoBar.finishing.add(note)
  app.go('today')
}

/** The words and photos stand in a new record at once; the note goes when the time to undo is out, if all of it has come along. */
export async function becomes(kind: 'deviation' | 'assignment', note: string, place: Shown | null): Promise<void> {
  const standing = app.record(note)
  const words = noteWords(standing)
  const values = born(kind, place)
  const id = app.begin(kind, values)
  if (!standing) return replaceWith(kind, id, 'new')
  const max = fieldOf(kind, 'words')?.max ?? words.length
  const whole = words.length <= max
  await app.set(id, kind, { ...values, ...(words !== '' && { words: whole ? words : cut(words, max) }) })
  const copied = app.photos.copy(note, id)
  undoBar.say({
    message: say(whole ? 'note.moved' : 'note.too_long'),
    undo: () => {
      undoBar.finishing.delete(note)
      replaceWith('new', note)
      return copied.then(() => discard(id, kind))
    },
    commit: () => copied.then((all) => (whole && all ? discard(note, 'conversation') : undefined)).finally(() => undoBar.finishing.delete(note)),
  })
  undoBar.finishing.add(note)
  replaceWith(kind, id, 'new')
}

/** A record and its photos are taken away. */
export async function discard(id: string, kind: string): Promise<void> {
  for (const photo of app.photos.of(id)) await app.photos.remove(photo.id)
  await app.remove(id, kind)
}

function born(kind: 'deviation' | 'assignment', place: Shown | null): Record<string, Json> {
  if (kind === 'deviation') return faultAt(place)
  return { ...whereValues(place), [`who/${app.user?.id ?? ''}`]: true, due_on: dayOf(new Date()), source: 'self', handling: signed('accepted') }
}

/** What is said of every fault beforehand: without it the office could not take it. */
export function faultAt(place: Shown | null): Record<string, Json> {
  return { ...whereValues(place), severity: 'medium', responsible: responsibleOf(place), found_on: dayOf(new Date()), found_by: app.user?.id ?? '' }
}

function whereValues(place: Shown | null): Record<string, Json> {
  return Object.fromEntries(Object.entries(placeValues(place)).filter(([, value]) => value !== null))
}

/** Whose a fault in a place is, before anybody has said otherwise. */
export function responsibleOf(place: Shown | null): string {
  const building = place?.kind === 'building' ? place : app.record(stringAt(place, 'building') ?? '')
  return responsibleFor(null, { building, dwelling: place?.kind === 'dwelling' ? place : null })
}
