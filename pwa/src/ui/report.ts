/** «Meld avvik»: a fault in a home or a building is begun, and nothing is written before the first touch. */
import { app } from '../app.svelte'
import type { Shown } from '../app.svelte'
import { faultAt } from './note_acts'

export function reportAt(place: Shown): void {
  app.go('deviation', app.begin('deviation', faultAt(place)))
}
