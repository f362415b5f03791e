/** What was agreed of a visit beforehand, and what of it the visit begins with, where all of it may be changed. Pure. */
import type { Json, Shown } from './app.svelte'
import { stringAt } from './today'

const LANGUAGE_MAX = 40

/**
 * On what ground, and in which language where the words fit a visit's. Who was there and how it was interpreted is of
 * the day: that is asked, never taken over.
 */
export function takenOver(plan: Shown): Record<string, Json> {
  const basis = stringAt(plan, 'access_basis')
  const language = stringAt(plan, 'interpreter')
  return {
    planned_visit: plan.id,
    ...(basis === null ? {} : { access_basis: basis }),
    ...(language === null || language.length > LANGUAGE_MAX ? {} : { language }),
  }
}
