import { describe, expect, it } from 'vitest'
import type { Json, Shown } from '../src/app.svelte'
import { addDays, addWorkingDays, isWorkingDay } from '../src/days'
import { arrange, isBegun, isStrangers, lateNotes, statusOf, type Card } from '../src/today'

const ME = 'me'
const TODAY = '2026-11-23'

function shown(id: string, kind: string, body: Record<string, Json>): Shown {
  return { id, kind, body, pending: false, seq: 1, state: 'received' }
}

function plan(id: string, body: Record<string, Json>): Shown {
  return shown(id, 'planned_visit', { dwelling: `home-${id}`, planned_on: TODAY, [`visitors/${ME}`]: true, ...body })
}

function visit(id: string, body: Record<string, Json>): Shown {
  return shown(id, 'visit', { visited_on: TODAY, ...body })
}

function page(planned: Shown[], visits: Shown[], finishing: string[] = [], parts: string[] = [], unsent: string[] = []): ReturnType<typeof arrange> {
  const sets = { finishing: new Set(finishing), withParts: new Set(parts), unsent: new Set(unsent) }
  return arrange({ me: ME, today: TODAY, planned, visits, ...sets })
}

const keys = (cards: { key: string }[]): string[] => cards.map((card) => card.key)

describe('I dag', () => {
  it('has timed appointments by the clock, and the rest under «Når du har tid»', () => {
    const today = page(
      [plan('b', { planned_at: '13:00' }), plan('a', { planned_at: '08:30' }), plan('c', {})],
      [],
    )
    expect(keys(today.planned)).toEqual(['a', 'b'])
    expect(keys(today.whenTime)).toEqual(['c'])
  })

  it('shows my visits only, and none of tomorrow', () => {
    const today = page(
      [plan('tomorrow', { planned_on: '2026-11-24' }), plan('theirs', { [`visitors/${ME}`]: null })],
      [],
    )
    expect(keys([...today.planned, ...today.whenTime])).toEqual([])
  })

  it('leaves out a visit that is called off', () => {
    const today = page([plan('off', { cancelled: true, planned_at: '09:00' }), plan('missed', { cancelled: true, planned_on: '2026-11-20' })], [])
    expect(keys([...today.planned, ...today.whenTime])).toEqual([])
  })

  it('keeps what was missed, the oldest first', () => {
    const today = page([plan('a', { planned_on: '2026-11-20' }), plan('b', { planned_on: '2026-11-18' })], [])
    expect(keys(today.whenTime)).toEqual(['b', 'a'])
    expect(today.whenTime[0]?.late).toBe('2026-11-18')
  })

  it('puts a visit begun yesterday where it can be taken up again', () => {
    const today = page(
      [plan('a', { planned_on: '2026-11-22', planned_at: '09:00' })],
      [visit('v', { planned_visit: 'a', 'present/tenant': true })],
    )
    expect(keys(today.begun)).toEqual(['a'])
    expect(today.begun[0]?.visit?.id).toBe('v')
  })

  it('does not call a visit begun before the thumb has written in it', () => {
    const untouched = visit('v', { dwelling: 'd', purpose: 'move_in', outcome: null })
    expect(isBegun(untouched, new Set())).toBe(false)
    expect(isBegun(visit('v', { outcome: 'no_answer' }), new Set())).toBe(true)
  })

  it('calls a visit begun when only its answers or its conversation have been written', () => {
    const plans = [plan('a', { planned_at: '09:00' })]
    const visits = [visit('v', { planned_visit: 'a' })]
    expect(page(plans, visits).planned[0]?.begun).toBe(false)
    expect(page(plans, visits, [], ['v']).planned[0]?.begun).toBe(true)
  })

  it('moves what is finished to the end, at once while it can still be undone', () => {
    const plans = [plan('a', { planned_at: '09:00' }), plan('b', { planned_at: '10:00' })]
    const visits = [
      visit('va', { planned_visit: 'a', outcome: 'completed', status: { state: 'submitted' } }),
      visit('vb', { planned_visit: 'b', outcome: 'completed' }),
    ]
    expect(keys(page(plans, visits).finished)).toEqual(['a'])
    expect(keys(page(plans, visits, ['vb']).finished)).toEqual(['a', 'b'])
  })

  it('keeps a visit that a colleague finished under «Påbegynt» while a part of mine is not sent in', () => {
    const done = (id: string, state: string): Shown => visit(id, { planned_visit: id.slice(1), outcome: 'completed', status: { state, by: 'other' } })
    const plans = [plan('a', { planned_at: '09:00', done: true }), plan('b', { planned_on: '2026-11-20', done: true }), plan('c', { done: true })]
    const visits = [done('va', 'submitted'), done('vb', 'approved'), done('vc', 'returned'), visit('alone', { status: { state: 'submitted' } })]
    const unsent = visits.map((one) => one.id)
    expect(keys(page(plans, visits, [], [], unsent).begun).sort()).toEqual(['a', 'alone', 'b', 'c'])
    expect(page(plans, visits, [], [], unsent).finished).toEqual([])
    expect(keys(page(plans, visits, ['va'], [], unsent).finished)).toEqual(['a'])
    expect(page(plans, visits).begun).toEqual([])
  })

  it('does not call a visit finished because its appointment is, while it is still a draft of mine', () => {
    const today = page([plan('a', { done: true })], [visit('v', { planned_visit: 'a', outcome: 'completed' })])
    expect(keys(today.whenTime)).toEqual(['a'])
    expect(today.finished).toEqual([])
  })

  it('leaves a returned visit to «Sendt tilbake til deg»', () => {
    const today = page(
      [plan('a', { planned_at: '09:00' })],
      [visit('v', { planned_visit: 'a', status: { state: 'returned' }, outcome: 'completed' })],
    )
    expect([...today.planned, ...today.begun, ...today.finished]).toEqual([])
    expect(statusOf(visit('v', { status: { state: 'returned' } }))).toBe('returned')
  })

  it('brings a door back on the day of the new try, until somebody has been there', () => {
    const before = visit('v', {
      planned_visit: 'a',
      dwelling: 'home-a',
      outcome: 'no_answer',
      visited_on: '2026-11-18',
      next_contact_on: TODAY,
      status: { state: 'submitted', by: ME },
    })
    const plans = [plan('a', { planned_on: '2026-11-18' })]
    expect(keys(page(plans, [before]).whenTime)).toEqual(['v'])
    const since = visit('w', { dwelling: 'home-a', outcome: 'completed', status: { state: 'submitted', by: ME } })
    expect(keys(page(plans, [before, since]).whenTime)).toEqual([])
  })
})

describe('working days', () => {
  it('step over weekends and Norwegian holidays', () => {
    expect(addWorkingDays('2026-11-20', 3)).toBe('2026-11-25')
    expect(addWorkingDays('2026-03-31', 3)).toBe('2026-04-08')
    expect(isWorkingDay('2026-05-14')).toBe(false)
    expect(isWorkingDay('2026-05-25')).toBe(false)
    expect(addDays('2026-10-24', 2)).toBe('2026-10-26')
  })
})

describe('a note that was to be finished', () => {
  const card = (on: string, status?: Json): Card => ({ ...none, visit: shown(on, 'visit', { visited_on: on, ...(status !== undefined && { status }) }) })
  const none: Card = { key: '', dwelling: null, purpose: null, planned: null, visit: null, at: null, late: null, again: null, begun: true, left: false }
  const late = (hours: number | undefined): (string | undefined)[] =>
    lateNotes([card('2026-11-21'), card('2026-11-22'), card('2026-11-23'), card('2026-11-20', { state: 'submitted' }), none], hours, new Date('2026-11-23T11:00:00')).map((one) => one.visit?.id)

  it('is told of when the office’s time for it is over, and what is handed in is none', () => {
    expect(late(24)).toEqual(['2026-11-21'])
    expect(late(20)).toEqual(['2026-11-21', '2026-11-22'])
  })

  it('is not told of where the office has no such rule', () => {
    expect(late(undefined)).toEqual([])
  })
})

describe('a stranger in the door', () => {
  it('is told by two outcomes and no other', () => {
    const all = ['tenant_moved', 'wrong_address', 'no_answer', 'refused', 'completed', undefined]
    expect(all.filter(isStrangers)).toEqual(['tenant_moved', 'wrong_address'])
  })
})
