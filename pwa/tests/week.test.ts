import { describe, expect, it } from 'vitest'
import type { Json, Shown } from '../src/app.svelte'
import { hoursWords, mondayOf, weekNumber, weekOf } from '../src/programmes/week'

function shown(kind: string, body: Record<string, Json>, id = 'id'): Shown {
  return { id, kind, body: { 'who/me': true, ...body }, pending: false, seq: 1, state: 'received' }
}

const done = (on: string): Json => ({ state: 'done', by: 'me', at: `${on}T10:00:00.000Z` })

function week(...records: Shown[]): ReturnType<typeof weekOf> {
  return weekOf('me', '2026-11-25', (kind) => records.filter((one) => one.kind === kind), (instant) => instant.slice(0, 10))
}

describe('a week', () => {
  it('begins on its Monday, Sunday too', () => {
    expect(['2026-11-23', '2026-11-25', '2026-11-29'].map(mondayOf)).toEqual(['2026-11-23', '2026-11-23', '2026-11-23'])
    expect(mondayOf('2026-11-30')).toBe('2026-11-30')
  })

  it('has the number that stands in the calendar, over New Year as well', () => {
    expect(['2026-01-01', '2026-11-23', '2026-12-31', '2027-01-03', '2027-01-04'].map(weekNumber)).toEqual([1, 48, 53, 53, 1])
  })
})

describe('the week sheet', () => {
  it('is made of what I did in that week, by the day that it was done', () => {
    const sheet = week(
      shown('assignment', { handling: done('2026-11-23'), minutes: 45, waste_bags: 2, done_by: 'together', 'materials/a': 'Vannlås' }, 'a'),
      shown('assignment', { handling: done('2026-11-23'), minutes: 30, done_by: 'us' }, 'b'),
      shown('round', { handling: done('2026-11-24'), minutes: 120 }, 'c'),
      shown('activity', { handling: { state: 'held' }, held_on: '2026-11-29', minutes: 60 }, 'd'),
      shown('assignment', { handling: done('2026-11-30'), minutes: 500 }, 'next'),
      shown('assignment', { handling: { state: 'started', at: '2026-11-24T10:00:00Z' }, minutes: 500 }, 'begun'),
      shown('assignment', { handling: done('2026-11-24'), minutes: 500, 'who/me': null }, 'theirs'),
    )
    expect(sheet.done.map(({ record }) => record.id)).toEqual(['a', 'b', 'c', 'd'])
    expect(sheet.days).toEqual([
      { on: '2026-11-23', minutes: 75 },
      { on: '2026-11-24', minutes: 120 },
      { on: '2026-11-29', minutes: 60 },
    ])
    expect([sheet.minutes, sheet.bags, sheet.together, sheet.materials]).toEqual([255, 2, 1, ['Vannlås']])
  })

  it('asks for the time of what has none, and counts it as none', () => {
    const sheet = week(shown('round', { handling: done('2026-11-24') }, 'r'))
    expect(sheet.without.map(({ record }) => record.id)).toEqual(['r'])
    expect([sheet.minutes, sheet.days]).toEqual([0, []])
  })

  it('says hours as they are said', () => {
    expect([0, 30, 60, 255].map(hoursWords)).toEqual(['0 t', '30 min', '1 t', '4 t 15 min'])
  })
})
