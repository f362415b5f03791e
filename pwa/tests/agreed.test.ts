import { describe, expect, it } from 'vitest'
import { takenOver } from '../src/agreed'
import type { Json, Shown } from '../src/app.svelte'

const plan = (body: Record<string, Json>): Shown => ({ id: 'plan', kind: 'planned_visit', body, pending: false, seq: 1, state: 'received' })

describe('what a visit begins with', () => {
  it('is the plan, its ground and its language', () => {
    const agreed = plan({ access_basis: 'inspection_notice', interpreter: 'Tigrinja', interpreter_booked: true })
    expect(takenOver(agreed)).toEqual({ planned_visit: 'plan', access_basis: 'inspection_notice', language: 'Tigrinja' })
  })

  it('is the plan alone where nothing more was agreed', () => {
    expect(takenOver(plan({ access_basis: null, interpreter: '' }))).toEqual({ planned_visit: 'plan' })
  })

  it('is never who was there, nor words that a visit cannot hold', () => {
    const agreed = plan({ 'expected/guardian': true, interpreter: 'x'.repeat(41) })
    expect(takenOver(agreed)).toEqual({ planned_visit: 'plan' })
  })
})
