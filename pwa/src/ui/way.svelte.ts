/** The way through the screens: back to where the thumb came from, to the same height on the page and the same field. */
import { app } from '../app.svelte'

const heights = new Map<string, number>()
let stepsHere = 0
let here = ''
let focused: { place: string; id: string } | null = null

function placeOf(): string {
  return `${app.route.screen}|${app.route.id ?? ''}`
}

/** Remembers the height of the screen being left; called while a new one comes. */
export function arrive(): void {
  const place = placeOf()
  if (place === here) return
  if (here !== '') stepsHere += 1
  here = place
}

export function rememberHeight(): void {
  heights.set(here, window.scrollY)
}

/** The field that had the caret, so that unlocking leads back into it. */
export function rememberField(id: string): void {
  if (id !== '') focused = { place: placeOf(), id }
}

export function fieldToReturnTo(): string | null {
  return focused?.place === placeOf() ? focused.id : null
}

export function heightToReturnTo(): number {
  return heights.get(placeOf()) ?? 0
}

export function forgetHeights(): void {
  heights.clear()
  focused = null
  stepsHere = 0
}

/** Goes on in the place of this screen, which there is no way back to: what it showed has become something else. */
export function replaceWith(screen: string, id: string | null = null, focus: string | null = null): void {
  stepsHere -= 1
  app.replace(screen, id, focus)
}

export function goBack(): void {
  if (stepsHere > 0) {
    stepsHere -= 1
    history.back()
  } else app.go('today')
}
