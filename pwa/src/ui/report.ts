/** «Meld avvik»: a fault in a home or a building is begun, and nothing is written before the first touch. */
import { app } from '../app.svelte'
import type { Shown } from '../app.svelte'
import { dayOf } from '../words'
import { responsibleOf } from './note_acts'
import { placeValues } from './places'

export function reportAt(place: Shown): void {
  const found = { found_on: dayOf(new Date()), found_by: app.user?.id ?? null, responsible: responsibleOf(place) }
  app.go('deviation', app.begin('deviation', { ...placeValues(place), ...found }))
}
