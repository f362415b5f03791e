import { describe, expect, it } from 'vitest'
import type { Json, Shown } from '../src/app.svelte'
import { floorOf, housesOf } from '../src/homes'
import { aheadOf, timelineOf, type TimelineSources } from '../src/timeline'

function shown(kind: string, id: string, body: Record<string, Json>): Shown {
  return { id, kind, body, pending: false, seq: 1, state: 'received' }
}
const home = (id: string, body: Record<string, Json>): Shown => shown('dwelling', id, body)

describe('homes in their houses', () => {
  it('stand by stairwell and floor, the lowest floor first', () => {
    const homes = [
      home('a', { building: 'b', address: 'Storgata 12', unit_number: 'H0201' }),
      home('b', { building: 'b', address: 'Storgata 12', unit_number: 'H0101' }),
      home('c', { building: 'b', address: 'Storgata 14', floor: 3 }),
    ]
    const [house] = housesOf(homes, [shown('building', 'b', { address: 'Storgata 12–14', name: 'Rødgården' })])
    expect(house?.name).toBe('Rødgården')
    expect(house?.stairwells.map((one) => one.address)).toEqual(['Storgata 12', 'Storgata 14'])
    expect(house?.stairwells[0]?.floors.map((one) => one.floor)).toEqual([1, 2])
    expect(house?.homes).toHaveLength(3)
  })

  it('share an address where no building is known, and an empty building is there too', () => {
    const homes = [home('a', { address: 'Myrveien 3' }), home('b', { address: 'Myrveien 3' }), home('c', { address: 'Myrveien 5', building: 'unseen' })]
    const houses = housesOf(homes, [shown('building', 'empty', { address: 'Garasjen' })])
    expect(houses.map((house) => [house.key, house.homes.length])).toEqual([
      ['Myrveien 3', 2],
      ['Myrveien 5', 1],
      ['empty', 0],
    ])
  })

  it('have the floor that was written, else the one their number tells', () => {
    expect(floorOf(home('a', { floor: -1, unit_number: 'H0203' }))).toBe(-1)
    expect(floorOf(home('a', { unit_number: 'H0203' }))).toBe(2)
    expect(floorOf(home('a', { unit_number: 'K0101' }))).toBe(null)
  })
})

describe('the timeline of a home', () => {
  const none: TimelineSources = {
    id: 'home',
    at: 'dwelling',
    visits: [],
    runs: [],
    rounds: [],
    deviations: [],
    assignments: [],
    conversations: [],
    tenancies: [],
    addenda: [],
    dayOf: (instant) => instant.slice(0, 10),
  }

  it('has everything by day, the newest first, and a tenancy when it began and when it ended', () => {
    const moments = timelineOf({
      ...none,
      visits: [shown('visit', 'v', { dwelling: 'home', visited_on: '2026-11-20', status: { state: 'submitted', by: 'kari' } })],
      deviations: [shown('deviation', 'd', { dwelling: 'home', found_on: '2026-11-21', handling: { state: 'open', by: 'eva' } })],
      assignments: [shown('assignment', 'a', { dwelling: 'home', due_on: '2026-11-19' }), shown('assignment', 'far', { dwelling: 'other', due_on: '2026-11-19' })],
      tenancies: [shown('tenancy', 't', { dwelling: 'home', started_on: '2026-01-01', ended_on: '2026-11-22' })],
    })
    expect(moments.map((moment) => moment.key)).toEqual(['t|ended', 'd', 'v', 'a', 't|started'])
    expect(moments[2]).toMatchObject({ by: 'kari', state: 'submitted' })
    expect(moments[1]).toMatchObject({ state: 'open' })
  })

  it('shows a run by itself only where its visit is not here', () => {
    const run = shown('checklist_run', 'r', { dwelling: 'home', visit: 'v', status: { state: 'submitted', by: 'kari', at: '2026-11-20T09:00:00.000Z' } })
    const visit = shown('visit', 'v', { dwelling: 'home', visited_on: '2026-11-20' })
    expect(timelineOf({ ...none, runs: [run], visits: [visit] }).map((moment) => moment.key)).toEqual(['v'])
    expect(timelineOf({ ...none, runs: [run] }).map((moment) => [moment.key, moment.on])).toEqual([['r', '2026-11-20']])
  })

  it('has a visit before what came of it the same day', () => {
    const visit = shown('visit', 'v', { dwelling: 'home', visited_on: '2026-11-20' })
    const found = shown('deviation', 'a', { dwelling: 'home', found_on: '2026-11-20' })
    expect(timelineOf({ ...none, visits: [visit], deviations: [found] }).map((moment) => moment.key)).toEqual(['v', 'a'])
  })

  it('puts what was added afterwards under what it adds to', () => {
    const visit = shown('visit', 'v', { dwelling: 'home', visited_on: '2026-11-20' })
    const addendum = shown('addendum', 'x', { record: 'v', words: 'Ringte etterpå.' })
    expect(timelineOf({ ...none, visits: [visit], addenda: [addendum] })[0]?.addenda).toEqual([addendum])
  })

  it('is of the building: its rounds, and what is wrong in the common parts, not in its homes', () => {
    const moments = timelineOf({
      ...none,
      id: 'house',
      at: 'building',
      rounds: [shown('round', 'r', { planned_on: '2026-11-16', 'buildings/house': true }), shown('round', 'far', { planned_on: '2026-11-16', 'buildings/other': true })],
      runs: [shown('checklist_run', 'run', { building: 'house', round: 'r' })],
      deviations: [
        shown('deviation', 'd', { building: 'house', found_on: '2026-11-16' }),
        shown('deviation', 'in a home', { building: 'house', dwelling: 'home', found_on: '2026-11-16' }),
      ],
    })
    expect(moments.map((moment) => moment.key)).toEqual(['d', 'r'])
  })

  it('has what is still to come apart, the nearest first: a round of next week has not happened', () => {
    const moments = timelineOf({
      ...none,
      id: 'house',
      at: 'building',
      rounds: ['2026-11-16', '2026-12-07', '2026-11-23', '2026-11-30'].map((on) => shown('round', on, { planned_on: on, 'buildings/house': true, ...(on === '2026-11-30' && { handling: { state: 'cancelled' } }) })),
    })
    const { ahead, happened } = aheadOf(moments, '2026-11-23')
    expect(ahead.map((moment) => moment.key)).toEqual(['2026-11-23', '2026-12-07'])
    expect(happened.map((moment) => moment.key)).toEqual(['2026-11-30', '2026-11-16'])
  })
})
