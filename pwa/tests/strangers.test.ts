import { describe, expect, it } from 'vitest'
import type { Json, Shown } from '../src/app.svelte'
import { isHiddenBy, strangeAmong } from '../src/today'

const TODAY = '2026-11-29'
const BEFORE = '2026-11-28'

/** A visit to the household; handed in at an hour in UTC, or still being written. */
function visit(id: string, outcome: string, on: string, hour: string | null, state = 'submitted'): Shown {
  const status: Json = hour === null ? null : { state, by: 'kari', at: `${on}T${hour}:00.000Z` }
  return { id, kind: 'visit', body: { dwelling: 'home', outcome, visited_on: on, status }, pending: false, seq: 1, state: 'received' }
}
const hiddenBy = (...visits: Shown[]): string | null => strangeAmong(visits, TODAY)?.id ?? null

describe('another than the tenant opened', () => {
  it('and the tenant is hidden, by the last of them, until somebody has met the tenant after it', () => {
    const strange = visit('strange', 'tenant_moved', BEFORE, '10:00')
    expect(hiddenBy(visit('met', 'completed', '2026-11-20', '10:00'), strange)).toBe('strange')
    expect(hiddenBy(visit('later', 'tenant_moved', TODAY, '10:00'), strange)).toBe('later')
    expect(hiddenBy(strange, visit('nobody', 'no_answer', TODAY, '10:00'))).toBe('strange')
    for (const outcome of ['completed', 'talked_at_door']) expect(hiddenBy(strange, visit('met', outcome, TODAY, '10:00'))).toBe(null)
  })

  it('and met the same day counts when it came after, and not when it came before', () => {
    const strange = visit('strange', 'tenant_moved', TODAY, '10:00')
    expect(hiddenBy(strange, visit('met', 'completed', TODAY, '10:30'))).toBe(null)
    expect(hiddenBy(strange, visit('met', 'completed', TODAY, '09:30'))).toBe('strange')
    expect(hiddenBy(strange, visit('met', 'completed', TODAY, null))).toBe(null)
  })

  it('and stands at the door while the visit is being written', () => {
    const strange = visit('strange', 'tenant_moved', TODAY, null)
    for (const hour of ['09:30', null]) expect(hiddenBy(strange, visit('met', 'completed', TODAY, hour))).toBe('strange')
  })

  it('and what the office approves later hides nobody anew', () => {
    const strange = visit('strange', 'tenant_moved', TODAY, '14:00', 'approved')
    expect(hiddenBy(strange, visit('met', 'completed', TODAY, '10:30'))).toBe(null)
    expect(hiddenBy(strange)).toBe('strange')
  })

  it('and a wrong address, which is no fault of the tenancy, hides for that day alone', () => {
    expect(hiddenBy(visit('wrong', 'wrong_address', TODAY, '10:00'))).toBe('wrong')
    expect(hiddenBy(visit('wrong', 'wrong_address', BEFORE, '10:00'))).toBe(null)
    expect(hiddenBy(visit('wrong', 'wrong_address', BEFORE, null))).toBe(null)
  })

  it('and every other visit to the household is hidden with it, but for what is being written since', () => {
    const strange = visit('strange', 'tenant_moved', TODAY, '10:00')
    const hides = (...rest: [string, string | null, string?]): boolean => isHiddenBy(strange, visit('other', 'refused', ...rest))
    expect(hides(BEFORE, '10:00')).toBe(true)
    expect(hides(BEFORE, '10:00', 'returned')).toBe(true)
    expect(hides(BEFORE, null)).toBe(true)
    expect(hides(TODAY, '11:00')).toBe(true)
    expect(hides(TODAY, null)).toBe(false)
    expect(isHiddenBy(strange, strange)).toBe(false)
    expect(isHiddenBy(visit('strange', 'tenant_moved', TODAY, null), visit('other', 'refused', TODAY, null))).toBe(true)
  })
})
