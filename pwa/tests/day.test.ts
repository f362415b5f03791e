import { describe, expect, it } from 'vitest'
import type { Json, Shown } from '../src/app.svelte'
import { barOf, homeOf, PRESETS, screensOf } from '../src/presets'
import { behindDoors, jobsOf } from '../src/jobs'
import { readyFor } from '../src/ready'
import { failedTries } from '../src/tries'

const ME = 'me'
const TODAY = '2026-11-23'
const dayOf = (instant: string): string => instant.slice(0, 10)

function shown(kind: string, id: string, body: Record<string, Json>): Shown {
  return { id, kind, body, pending: false, seq: 1, state: 'received' }
}
const mine = { [`who/${ME}`]: true }
const assignment = (id: string, body: Record<string, Json> = {}): Shown => shown('assignment', id, { dwelling: 'home', due_on: TODAY, ...mine, ...body })
const round = (id: string, body: Record<string, Json> = {}): Shown => shown('round', id, { planned_on: TODAY, ...mine, ...body })
const deviation = (id: string, body: Record<string, Json> = {}): Shown =>
  shown('deviation', id, { dwelling: 'home', due_on: '2026-11-20', status: { state: 'submitted', by: ME }, ...body })

function jobs(records: Shown[], unsent: readonly string[] = []): ReturnType<typeof jobsOf> {
  const of = (kind: string): Shown[] => records.filter((record) => record.kind === kind)
  return jobsOf({ me: ME, today: TODAY, dayOf, assignments: of('assignment'), rounds: of('round'), deviations: of('deviation'), unsent: { wholes: new Set(unsent), deviations: new Set(unsent) } })
}
const keys = (list: readonly { key: string }[]): string[] => list.map((one) => one.key)

describe('what is to be done today', () => {
  it('has assignments with an hour by the clock, then today’s rounds', () => {
    const all = jobs([round('r'), assignment('b', { due_at: '13:00' }), assignment('a', { due_at: '08:30' })])
    expect(keys(all.timed)).toEqual(['a', 'b', 'r'])
  })

  it('has the rest under «Når du har tid», the longest overdue first', () => {
    const all = jobs([assignment('untimed'), assignment('late', { due_on: '2026-11-18', due_at: '09:00' }), round('missed', { planned_on: '2026-11-20' })])
    expect(keys(all.whenTime)).toEqual(['late', 'missed', 'untimed'])
    expect(all.whenTime[0]?.at).toBe(null)
  })

  it('leaves out what is another’s, what is for another day, and what is over', () => {
    const all = jobs([
      assignment('theirs', { [`who/${ME}`]: null, 'who/other': true }),
      assignment('tomorrow', { due_on: '2026-11-24' }),
      assignment('rejected', { handling: { state: 'rejected', by: ME, at: '2026-11-20T09:00:00.000Z' } }),
      round('cancelled', { handling: { state: 'cancelled', by: ME, at: '2026-11-20T09:00:00.000Z' } }),
    ])
    expect([...all.timed, ...all.whenTime, ...all.finished]).toEqual([])
  })

  it('shows what was finished today at the end', () => {
    const all = jobs([assignment('done', { handling: { state: 'done', by: ME, at: `${TODAY}T09:00:00.000Z` } })])
    expect(keys(all.finished)).toEqual(['done'])
  })

  it('has deviations past due that are mine to mend, and none that eiendom has', () => {
    const all = jobs([
      deviation('mine', { responsible: 'team' }),
      deviation('in hand', { responsible: 'landlord', handling: { state: 'waiting', by: ME, at: `${TODAY}T09:00:00.000Z` } }),
      deviation('reported', { responsible: 'landlord' }),
      deviation('in time', { due_on: '2026-11-25' }),
      deviation('mended', { handling: { state: 'done', by: ME, at: `${TODAY}T09:00:00.000Z` } }),
    ])
    expect(keys(all.whenTime).sort()).toEqual(['in hand', 'mine'])
  })

  it('keeps a deviation that is not sent in under «Påbegynt», but not one that the card of its visit or round leads to', () => {
    const all = jobs([deviation('begun', { status: null }), deviation('of a round that is gone', { status: null, item: 'HMSFELLES-01' }), deviation('of a visit', { status: null })], ['of a visit'])
    expect(keys(all.begun)).toEqual(['begun', 'of a round that is gone'])
    expect(all.whenTime).toEqual([])
  })

  it('keeps a round within reach while something of mine in it is not sent in, whoever finished it and whose ever it is', () => {
    const over = round('over', { handling: { state: 'done', by: 'other', at: '2026-11-20T09:00:00.000Z' } })
    const theirs = round('theirs', { [`who/${ME}`]: null })
    const ahead = round('ahead', { planned_on: '2026-11-30' })
    expect(keys(jobs([over, theirs, ahead], ['over', 'theirs', 'ahead']).begun)).toEqual(['ahead', 'over', 'theirs'])
    expect(Object.values(jobs([over, theirs, ahead])).flat()).toEqual([])
  })

  it('tells what else is open behind the same front door, by building or else by address', () => {
    const homes = new Map([
      ['home', shown('dwelling', 'home', { building: 'house', address: 'Storgata 12' })],
      ['other', shown('dwelling', 'other', { building: 'house', address: 'Storgata 14' })],
      ['cabin', shown('dwelling', 'cabin', { address: 'Myrveien 3' })],
    ])
    const open = [
      assignment('a'),
      deviation('d', { dwelling: 'other' }),
      deviation('common', { dwelling: null, building: 'house' }),
      deviation('far', { dwelling: 'cabin' }),
      deviation('over', { handling: { state: 'verified', by: ME, at: TODAY } }),
      deviation('not sent', { status: null }),
    ]
    const doors = behindDoors(open, homes, new Set(['a']), TODAY)
    expect(keys(doors.get('house') ?? [])).toEqual(['d', 'common'])
    expect(keys(doors.get('Myrveien 3') ?? [])).toEqual(['far'])
  })

  it('is not slow with 10,000 records', () => {
    const homes = new Map(Array.from({ length: 5_000 }, (_, at) => [`h${at}`, shown('dwelling', `h${at}`, { address: `Gate ${at % 700}` })]))
    const open = Array.from({ length: 5_000 }, (_, at) => assignment(`a${at}`, { dwelling: `h${at}` }))
    expect(behindDoors(open, homes, new Set(), TODAY).size).toBe(700)
  })
})

describe('a closed door', () => {
  const plans = new Map([
    ['p1', shown('planned_visit', 'p1', { tenancy: 't' })],
    ['p2', shown('planned_visit', 'p2', { tenancy: 't' })],
    ['old', shown('planned_visit', 'old', { tenancy: 'before' })],
  ])
  const door = (id: string, on: string, outcome: string, plan: string | null = 'p1'): Shown =>
    shown('visit', id, { dwelling: 'home', visited_on: on, outcome, planned_visit: plan })

  it('is counted over the tries of the same tenancy', () => {
    const visits = [door('1', '2026-11-10', 'no_answer'), door('2', '2026-11-16', 'no_answer', 'p2'), door('3', TODAY, 'no_answer', null)]
    expect(failedTries(visits[2] as Shown, plans, visits)).toBe(3)
  })

  it('is not counted from before somebody was met, nor from an earlier tenant', () => {
    const visits = [door('1', '2026-10-10', 'no_answer'), door('2', '2026-10-16', 'completed'), door('0', '2026-11-10', 'no_answer', 'old'), door('3', TODAY, 'no_answer', 'p2')]
    expect(failedTries(visits[3] as Shown, plans, visits)).toBe(1)
  })
})

describe('Klar for dagen', () => {
  const plans = [shown('planned_visit', 'p', { dwelling: 'home', planned_on: TODAY, [`visitors/${ME}`]: true })]
  const ready = (fetchedOn: string | null, has: boolean): ReturnType<typeof readyFor> =>
    readyFor({ me: ME, today: TODAY, fetchedOn, plans, assignments: [assignment('a'), assignment('b', { dwelling: 'next' })], has: () => has })

  it('is ready when all of today is here, and counts the homes that are not', () => {
    expect(ready(TODAY, true)).toEqual({ state: 'ready', missing: 0 })
    expect(ready(TODAY, false)).toEqual({ state: 'loading', missing: 2 })
  })

  it('is not ready before the first of it has come, and says when it is from another day', () => {
    expect(ready(null, true).state).toBe('loading')
    expect(ready('2026-11-22', true).state).toBe('stale')
  })
})

describe('role presets', () => {
  it('give no role more than eight screens', () => {
    for (const [role, screens] of Object.entries(PRESETS)) {
      expect(new Set(screens).size, role).toBe(screens.length)
      expect(screens.length, role).toBeLessThanOrEqual(8)
    }
  })

  it('give the caretaker no visits, and the landlord deviations and homes alone', () => {
    expect(screensOf(['caretaker']).has('visit')).toBe(false)
    expect(screensOf(['bomiljo']).has('visit')).toBe(true)
    expect(barOf(['landlord'])).toEqual(['deviations', 'dwellings', 'me'])
    expect(barOf(['admin'])).toEqual(['today', 'me'])
  })

  it('add up for whoever has several, and leave a way to one’s own work for whoever has none', () => {
    expect(barOf(['landlord', 'caretaker'])).toEqual(['today', 'dwellings', 'new', 'search', 'me'])
    expect(homeOf(['landlord'])).toBe('deviations')
    expect(homeOf(['bomiljo', 'landlord'])).toBe('today')
    expect(barOf([])).toEqual(barOf(['bomiljo']))
    expect(barOf(['unheard of'])).toEqual(barOf(['bomiljo']))
  })
})
