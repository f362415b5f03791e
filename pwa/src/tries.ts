/** How often a door has stayed closed: tries without an answer since somebody was last met there. Pure. */
import type { Shown } from './app.svelte'
import { stringAt } from './today'

const MET = new Set(['completed', 'refused', 'talked_at_door', 'tenant_moved', 'wrong_address'])

/**
 * Visits without an answer in the same tenancy, or at the same home where no tenancy is known, after the last
 * one where somebody was met; the visit itself included.
 */
export function failedTries(visit: Shown, plans: ReadonlyMap<string, Shown>, visits: readonly Shown[]): number {
  const tenancyOf = (one: Shown): string | null => stringAt(plans.get(stringAt(one, 'planned_visit') ?? '') ?? null, 'tenancy')
  const tenancy = tenancyOf(visit)
  const home = stringAt(visit, 'dwelling')
  const same = visits.filter((one) => {
    const theirs = tenancyOf(one)
    return one.id === visit.id || (tenancy !== null && theirs !== null ? theirs === tenancy : home !== null && stringAt(one, 'dwelling') === home)
  })
  const met = same
    .filter((one) => MET.has(stringAt(one, 'outcome') ?? ''))
    .reduce((latest, one) => (stringAt(one, 'visited_on') ?? '') > latest ? (stringAt(one, 'visited_on') ?? '') : latest, '')
  return same.filter((one) => stringAt(one, 'outcome') === 'no_answer' && (one.id === visit.id || (stringAt(one, 'visited_on') ?? '') > met)).length
}
