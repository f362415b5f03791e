import { describe, expect, it } from 'vitest'
import type { Json, Shown } from '../src/app.svelte'
import { KINDS } from '../src/contract'
import { duesOf, isOver, latestFirst } from '../src/programmes/due'
import { AT_HOME, below, born, hasLife, isEnding, isShared, mayWrite, PROGRAMMES, programmesOf, sectionsOf } from '../src/programmes/programmes'

const TODAY = '2026-11-23'
const BIRTH = { me: 'me', today: TODAY, now: `${TODAY}T09:00:00.000Z`, areas: ['area'] }

function shown(kind: string, body: Record<string, Json>, id = 'id'): Shown {
  return { id, kind, body, pending: false, seq: 1, state: 'received' }
}

function dues(...records: Shown[]): string[] {
  return duesOf((kind) => records.filter((one) => one.kind === kind), TODAY).map((due) => `${due.record.id} ${due.path}${due.late ? ' late' : ''}`)
}

describe('the programmes', () => {
  it('name only kinds that are there', () => {
    expect([...Object.values(PROGRAMMES).flat(), ...AT_HOME].filter((kind) => !(kind in KINDS))).toEqual([])
  })

  it('have every kind within reach: in a programme, below a record of one, at a home, or on a screen of its own', () => {
    const reached = new Set<string>([...Object.values(PROGRAMMES).flat(), ...AT_HOME])
    for (const kind of reached) for (const one of below(kind)) reached.add(one.kind)
    expect(Object.keys(KINDS).filter((kind) => isShared(kind) && !reached.has(kind))).toEqual([])
  })

  it('are offered to those who may write in them, and to those who have something there to read', () => {
    expect(programmesOf(['landlord'], () => false)).toEqual([])
    expect(programmesOf(['landlord'], (kind) => kind === 'event')).toEqual(['events'])
    expect(programmesOf(['caretaker'], () => false)).not.toContain('neighbours')
    expect(mayWrite('conflict_case', ['caretaker'])).toBe(false)
    expect(mayWrite('conflict_case', ['bomiljo'])).toBe(true)
  })

  it('hang a talk on its party, and a party on its case', () => {
    expect(below('conflict_case').map((one) => one.kind)).toEqual(expect.arrayContaining(['case_party', 'dialogue_meeting', 'conflict_agreement']))
    expect(below('case_party')).toEqual([{ kind: 'party_talk', field: 'party' }])
    expect(below('dwelling').map((one) => one.kind)).not.toContain('visit')
  })
})

describe('a new record', () => {
  it('is born with its day, with me in its team, and with what it hangs on', () => {
    expect(born('conflict_case', BIRTH)).toEqual({ area: 'area', opened_on: TODAY, 'team/me': true })
    expect(born('party_talk', BIRTH, { party: 'p' })).toEqual({ talked_on: TODAY, party: 'p' })
    expect(born('event', { ...BIRTH, areas: ['a', 'b'] })).toEqual({ held_on: TODAY, 'who/me': true })
  })

  it('is written by section, without what only the server or a place of its own says', () => {
    const names = sectionsOf('complaint').flatMap((section) => section.fields.map((field) => field.name))
    expect(names).toContain('words')
    expect(names).not.toContain('dwelling')
    expect(names).not.toContain('status')
    expect(hasLife('complaint') && !hasLife('event')).toBe(true)
  })
})

describe('how it ended', () => {
  it('is told from what is asked while it begins', () => {
    const ending = (kind: string): string[] => (KINDS[kind]?.fields ?? []).filter(isEnding).map((field) => field.name)
    expect(ending('follow_up_plan')).toEqual(['ended_on', 'end_reason'])
    expect(ending('arrears_case')).toEqual(['outcome', 'closed_on'])
    expect(ending('party_talk')).toEqual([])
  })
})

describe('what is due', () => {
  it('is late after its day, near within a fortnight, and gone when it is met', () => {
    const answer = { received_on: '2026-10-01', due_on: '2026-11-22' }
    expect(dues(shown('resident_input', answer))).toEqual(['id due_on late'])
    expect(dues(shown('resident_input', { ...answer, due_on: '2026-12-07' }))).toEqual(['id due_on'])
    expect(dues(shown('resident_input', { ...answer, due_on: '2026-12-08' }))).toEqual([])
    expect(dues(shown('resident_input', { ...answer, answered_on: '2026-11-20' }))).toEqual([])
  })

  it('is met by a later talk with the same, and not by one with another', () => {
    const first = shown('hf_contact', { participant: 'p', met_on: '2026-11-10', next_on: '2026-11-20' }, 'first')
    const later = (participant: string): Shown => shown('hf_contact', { participant, met_on: '2026-11-19' }, 'later')
    expect(dues(first, later('q'))).toEqual(['first next_on late'])
    expect(dues(first, later('p'))).toEqual([])
  })

  it('is nothing in what has come to its end', () => {
    expect(isOver(shown('follow_up_plan', { ended_on: TODAY }))).toBe(true)
    expect(isOver(shown('hf_contact', { met_on: TODAY }))).toBe(false)
    expect(isOver(shown('conflict_case', { handling: { state: 'closed' } }))).toBe(true)
    expect(isOver(shown('event', { handling: { state: 'held' }, minutes_due_on: TODAY }))).toBe(false)
    expect(dues(shown('follow_up_plan', { evaluate_on: TODAY, ended_on: TODAY }))).toEqual([])
  })
})

it('puts drafts of mine first, then the latest', () => {
  const records = [
    shown('party_talk', { talked_on: '2026-11-01', status: { state: 'submitted' } }, 'old'),
    shown('party_talk', { talked_on: '2026-11-09', status: { state: 'submitted' } }, 'new'),
    shown('party_talk', { talked_on: '2026-10-01' }, 'draft'),
  ]
  expect(latestFirst(records, true).map((one) => one.id)).toEqual(['draft', 'new', 'old'])
})
