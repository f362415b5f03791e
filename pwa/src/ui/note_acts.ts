/** What becomes of a quick note: handed in as it is, or its words moved to a deviation or an assignment; each with time to undo. */
import { app } from '../app.svelte'
import type { Json, Shown } from '../app.svelte'
import { responsibleFor } from '../deviations'
import { noteWords } from '../quick_notes'
import { stringAt } from '../today'
import { dayOf, text } from '../words'
import { signed } from './deviation_acts'
import { fieldOf } from './fields'
import { placeValues } from './places'
import { undoBar } from './undo.svelte'

/** Notat: sent in when the time to undo is out, to those who follow up in that home. */
export function handIn(note: string): void {
  undoBar.say({
    message: text('note.handed_in'),
    undo: () => {
      undoBar.finishing.delete(note)
      app.go('new', note)
    },
    commit: () => {
      const home = stringAt(app.record(note), 'dwelling')
      const tenancy = app.records('tenancy').find((one) => one.body['dwelling'] === home && one.body['ended'] !== true)
      const whose = tenancy ? { tenancy: tenancy.id } : {}
      void app.set(note, 'conversation', { ...whose, status: signed('submitted') }).finally(() => undoBar.finishing.delete(note))
    },
  })
  undoBar.finishing.add(note)
  app.go('today')
}

/** The words move to a new record and the note goes; what is too long for it stays behind whole as well. */
export async function becomes(kind: 'deviation' | 'assignment', note: string, place: Shown | null): Promise<void> {
  const standing = app.record(note)
  const words = noteWords(standing)
  const values = born(kind, place)
  const id = app.begin(kind, values)
  if (standing) {
    const max = fieldOf(kind, 'words')?.max ?? words.length
    const whole = words.length <= max
    await app.set(id, kind, { ...values, ...(words !== '' && { words: whole ? words : `${words.slice(0, max - 1)}…` }) })
    void carry(note, id, whole)
    undoBar.say({
      message: text(whole ? 'note.moved' : 'note.too_long'),
      undo: () => void takeBack(kind, id, note),
    })
  }
  app.go(kind, id, 'new')
}

/** The note goes when nothing is left in it that the new record has not. */
async function carry(note: string, id: string, whole: boolean): Promise<void> {
  const all = await app.photos.carry(note, id)
  if (whole && all) await app.remove(note, 'conversation')
}

async function takeBack(kind: string, id: string, note: string): Promise<void> {
  if (!app.record(note)) await app.restore(note, 'conversation')
  await app.photos.carry(id, note)
  app.go('new', note)
  await app.remove(id, kind)
}

function born(kind: 'deviation' | 'assignment', place: Shown | null): Record<string, Json> {
  const me = app.user?.id ?? ''
  const today = dayOf(new Date())
  const where = Object.fromEntries(Object.entries(placeValues(place)).filter(([, value]) => value !== null))
  if (kind === 'assignment') return { ...where, [`who/${me}`]: true, due_on: today, source: 'self', handling: signed('accepted') }
  return { ...where, severity: 'medium', responsible: responsibleOf(place), found_on: today, found_by: me }
}

/** Whose a fault in a place is, before anybody has said otherwise. */
export function responsibleOf(place: Shown | null): string {
  const building = place?.kind === 'building' ? place : app.record(stringAt(place, 'building') ?? '')
  return responsibleFor(null, { building, dwelling: place?.kind === 'dwelling' ? place : null })
}
