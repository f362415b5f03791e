import { describe, expect, it } from 'vitest'
import type { Json, Shown } from '../src/app.svelte'
import { unsentOf, type Unsent } from '../src/drafts'
import { deviationId } from '../src/views'

const SENT = { state: 'submitted', by: 'other', at: '2026-11-23T09:00:00.000Z' }
const shown = (kind: string, id: string, body: Record<string, Json>): Shown => ({ id, kind, body, pending: false, seq: 1, state: 'received' })
const here = (whole: string): boolean => whole !== 'elsewhere'

function unsent(parts: Shown[], deviations: Shown[] = []): { wholes: string[]; deviations: string[] } {
  const found: Unsent = unsentOf(parts, deviations, here)
  return { wholes: [...found.wholes], deviations: [...found.deviations] }
}

describe('what of a visit or a round is not handed in', () => {
  it('is every part that is still a draft', () => {
    const parts = [
      shown('conversation', 'c', { visit: 'talked' }),
      shown('agreement', 'a', { visit: 'agreed', status: { state: 'draft' } }),
      shown('checklist_run', 'r', { round: 'walked', 'answers/HMSFELLES-01': 'ok' }),
      shown('checklist_run', 's', { visit: 'sent', status: SENT }),
      shown('conversation', 'note', {}),
    ]
    expect(unsent(parts).wholes).toEqual(['talked', 'agreed', 'walked'])
  })

  it('is no run from which every answer was taken back', () => {
    const emptied = { visit: 'v', checklist: 'FUKT', subject: 'dwelling', edition: 1, 'answers/FUKT-01': null }
    expect(unsent([shown('checklist_run', 'run', emptied)]).wholes).toEqual([])
    expect(unsent([shown('checklist_run', 'run', { ...emptied, 'numbers/FUKT-02': 0 })]).wholes).toEqual(['v'])
  })

  it('is a deviation of mine at a point whose answers a colleague has handed in', () => {
    const run = shown('checklist_run', 'run', { visit: 'v', 'answers/FUKT-01': 'deviation', status: SENT })
    const id = deviationId('run', 'FUKT-01')
    expect(unsent([run], [shown('deviation', id, {})])).toEqual({ wholes: ['v'], deviations: [id] })
    expect(unsent([run], [shown('deviation', id, { status: SENT })]).wholes).toEqual([])
    expect(unsent([run], [shown('deviation', id, { handling: { state: 'rejected' } })]).wholes).toEqual([])
  })

  it('is not hung on a visit or round that is not on this phone, so that the deviation stands on its own', () => {
    const run = shown('checklist_run', 'lost', { round: 'elsewhere', 'answers/HMSFELLES-01': 'deviation' })
    expect(unsent([run], [shown('deviation', deviationId('lost', 'HMSFELLES-01'), {})])).toEqual({ wholes: [], deviations: [] })
  })
})
