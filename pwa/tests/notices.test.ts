import { describe, expect, it } from 'vitest'
import type { Shown } from '../src/app.svelte'
import type { Rules } from '../src/profile'
import { tellBy, timingOf, toldFor } from '../src/programmes/notices'
import { errandId } from '../src/views'

const RULES: Rules = {
  tell_before: {
    inspection_notice: { count: 7, unit: 'days' },
    maintenance_notice: { count: 7, unit: 'days' },
    change_notice: { count: 3, unit: 'months' },
  },
}

function notice(planned_on: string, notified_on: string | null, basis = 'inspection_notice'): Shown {
  return { id: planned_on + notified_on, kind: 'access_notice', body: { planned_on, notified_on, basis }, pending: false, seq: 1, state: 'received' }
}

describe('a notice', () => {
  it('is in time a week before, and late the day after that', () => {
    expect(timingOf(RULES, 'inspection_notice', '2026-12-04', '2026-11-27')).toBe('in_time')
    expect(timingOf(RULES, 'inspection_notice', '2026-12-04', '2026-11-28')).toBe('late')
    expect(timingOf(RULES, 'maintenance_notice', '2026-12-04', null)).toBe('missing')
  })

  it('of a change is given three months before', () => {
    expect(tellBy(RULES, 'change_notice', '2026-12-04')).toBe('2026-09-04')
    expect(timingOf(RULES, 'change_notice', '2026-12-04', '2026-09-05')).toBe('late')
  })

  it('follows the municipality’s own rule, and is not asked for where that is not in use', () => {
    const own: Rules = { tell_before: { inspection_notice: { count: 5, unit: 'working_days' } } }
    expect(tellBy(own, 'inspection_notice', '2026-12-04')).toBe('2026-11-29')
    expect(tellBy(own, 'inspection_notice', '2026-12-06')).toBe('2026-11-29')
    expect(tellBy(own, 'maintenance_notice', '2026-12-04')).toBeNull()
    expect(timingOf({}, 'inspection_notice', '2026-12-04', null)).toBeNull()
  })

  it('is asked for on no other ground', () => {
    expect(timingOf(RULES, 'agreed_voluntary', '2026-12-04', null)).toBeNull()
    expect(timingOf(RULES, 'emergency_no_notice', '2026-12-04', null)).toBeNull()
    expect(timingOf(RULES, null, '2026-12-04', null)).toBeNull()
  })

  it('is that of the same day and ground, the first of several', () => {
    const all = [notice('2026-12-04', '2026-11-28'), notice('2026-12-04', '2026-11-20'), notice('2026-12-05', '2026-11-01'), notice('2026-12-04', '2026-11-01', 'maintenance_notice')]
    expect(toldFor('inspection_notice', '2026-12-04', all)).toBe('2026-11-20')
    expect(toldFor('inspection_notice', '2026-12-06', all)).toBeNull()
  })
})

describe('an agreement that is ours', () => {
  it('makes one assignment and never two', () => {
    expect(errandId('a')).toBe(errandId('a'))
    expect(errandId('a')).not.toBe(errandId('b'))
  })
})
