import { describe, expect, it } from 'vitest'
import type { Json, Shown } from '../src/app.svelte'
import { answered, checklist, checklistFor, criticalLeft, subjectOf, toCallTold, toPutInOrder } from '../src/checklists'
import { addDays, addWorkingDays, isWorkingDay } from '../src/days'
import { almostBegins, find, fold, index } from '../src/find'
import { arrange, isBegun, statusOf } from '../src/today'

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

function page(planned: Shown[], visits: Shown[], finishing: string[] = [], parts: string[] = []): ReturnType<typeof arrange> {
  const sets = { finishing: new Set(finishing), withParts: new Set(parts) }
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

describe('the checklist by thumb', () => {
  const list = checklistFor('move_in')
  const fire = list?.sections[1]
  if (!list || !fire) throw new Error('NYVRI1 is missing')

  it('has five sections for the first visit', () => {
    expect(list.sections.map((section) => section.name)).toEqual([
      'Velkommen',
      'Brann og rømning',
      'Bad, luft og strøm',
      'Fellesareal og avfall',
      'Veien videre',
    ])
    expect(checklistFor('complaint')).toBeNull()
    expect(checklist('NYVRI2')?.sections).toHaveLength(3)
  })

  it('answers the section’s untouched checks at once, but never a critical one', () => {
    const untouched = (): null => null
    expect(toPutInOrder(fire, untouched).map((item) => item.code)).toEqual(['NYVRI1-09'])
    expect(toCallTold(fire, untouched).map((item) => item.code)).toEqual(['NYVRI1-23'])
    expect(criticalLeft(fire, untouched)).toBe(2)
  })

  it('never writes over an answer that stands', () => {
    const answers = (item: { code: string }): string | null => (item.code === 'NYVRI1-09' ? 'deviation' : null)
    expect(toPutInOrder(fire, answers)).toEqual([])
    expect(answered(fire, answers)).toBe(1)
  })

  it('keeps what is common to the building with the dwelling when there is no run for buildings', () => {
    const stairs = list.sections[3]?.items[0]
    if (!stairs) throw new Error('the stairwell item is missing')
    expect(subjectOf(stairs, ['dwelling', 'tenancy'])).toBe('dwelling')
    expect(subjectOf(stairs, ['dwelling', 'tenancy', 'building'])).toBe('building')
  })
})

describe('search', () => {
  const list = index([
    { id: '1', words: 'Kongens gate 12 H0203' },
    { id: '2', words: 'Kongens gate 12 H0204' },
    { id: '3', words: 'Kongens gate 1 H0203' },
    { id: '4', words: 'Åsveien 4 H0101' },
    { id: '5', words: 'Fjærebakken 7 Čáhppesgeaidnu' },
  ])

  it('finds «kong 12 h0203» by the beginnings of words', () => {
    expect(find(list, 'kong 12 h0203', 10)).toEqual(['1'])
    expect(find(list, 'kongens gate 1', 10)[0]).toBe('3')
  })

  it('folds æ, ø and å, aa and oe, and Sámi letters', () => {
    expect(fold('Åsveien')).toBe(fold('aasveien'))
    expect(fold('Bjørke')).toBe(fold('bjoerke'))
    expect(find(list, 'aasv', 10)).toEqual(['4'])
    expect(find(list, 'fjærebk', 10)).toEqual(['5'])
    expect(find(list, 'cahppes', 10)).toEqual(['5'])
  })

  it('forgives one slip, but not in a house number', () => {
    expect(find(list, 'kognens', 10)).toEqual(['1', '2', '3'])
    expect(find(list, 'konens', 10)).toEqual(['1', '2', '3'])
    expect(find(list, 'kongens 13', 10)).toEqual([])
    expect(almostBegins('kongxxs', 'kongens')).toBe(false)
  })

  it('answers within 100 ms at 10,000 records', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => ({
      id: String(at),
      words: `${['Fjord', 'Bjørke', 'Myr', 'Strand'][at % 4]}${at % 53}gata ${at % 90} H0${(at % 9) + 1}0${at % 7}`,
    }))
    const big = index(many)
    const start = performance.now()
    for (const typed of ['b', 'bj', 'bjorke', 'bjrke', 'bjørke 12 h']) find(big, typed, 50)
    expect((performance.now() - start) / 5).toBeLessThan(100)
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
