import { describe, expect, it } from 'vitest'
import { freeze, open, startVault, touch, type Json, type State } from '../../sync/phone'
import { KINDS } from '../src/contract'
import { concealable, concealed, isPersonal, swept, veiled } from '../src/secrecy'

const ME = '00000000-0000-4000-8000-000000000001'
const TALK = '00000000-0000-4000-8000-0000000000a1'
const SAID = 'Sover dårlig.'
const TECHNICAL = ['absence', 'area', 'checklist', 'emergency_number', 'housing_company', 'programme_site', 'site_figures']

function standing(body: Record<string, Json>, kind = 'party_talk'): State {
  const state = startVault(ME, '00000000-0000-4000-8000-0000000000b1', 1)
  return { ...state, base: new Map([[TALK, { kind, seq: 4, in: [`me:${ME}`], body, gen: 1 }]]) }
}

function handedIn(state: string, at: string): State {
  return standing({ party: 'p', talked_on: '2026-11-23', words: SAID, wish: 'Stille', status: { state, by: ME, at } })
}

function typed(at: string): State {
  const state = startVault(ME, '00000000-0000-4000-8000-0000000000b1', 1)
  const snapshot = open(state, TALK, 'party_talk')
  return freeze(touch(state, snapshot, 'words', SAID, { mid: '00000000-0000-7000-8000-0000000000c1', now: at, offset_ms: 0 }).state, null).state
}

describe('what a party said', () => {
  it('is all that it says in words, and nothing of other kinds', () => {
    expect(concealable('party_talk')).toEqual(['words', 'wish'])
    expect(concealable('follow_up_plan')).toEqual([])
    expect(concealable('visit')).toEqual([])
  })

  it('may be read on the day it was handed in, and no longer', () => {
    const state = handedIn('submitted', '2026-11-23T13:00:00.000Z')
    expect(concealed(state, TALK, 'party_talk', '2026-11-23')).toEqual([])
    expect(concealed(state, TALK, 'party_talk', '2026-11-24')).toEqual(['words', 'wish'])
  })

  it('has a day that ends at midnight in Norway', () => {
    expect(concealed(handedIn('submitted', '2026-11-23T23:30:00.000Z'), TALK, 'party_talk', '2026-11-24')).toEqual([])
    expect(concealed(handedIn('submitted', '2026-11-23T22:30:00.000Z'), TALK, 'party_talk', '2026-11-24')).not.toEqual([])
  })

  it('is concealed though it has not been sent, or is a draft, once its day is over', () => {
    expect(concealed(typed('2026-11-23T10:00:00.000Z'), TALK, 'party_talk', '2026-11-23')).toEqual([])
    expect(concealed(typed('2026-11-23T10:00:00.000Z'), TALK, 'party_talk', '2026-11-24')).not.toEqual([])
    expect(concealed(standing({ party: 'p', words: SAID }), TALK, 'party_talk', '2026-11-23')).not.toEqual([])
  })

  it('is shown again when the office asks to have it put right', () => {
    expect(concealed(handedIn('returned', '2026-11-20T13:00:00.000Z'), TALK, 'party_talk', '2026-11-24')).toEqual([])
  })

  it('hides nothing of a talk that is new', () => {
    expect(concealed(startVault(ME, 'r', 1), TALK, 'party_talk', '2026-11-24')).toEqual([])
  })

  it('leaves the base, and the item stays', () => {
    const step = swept(handedIn('submitted', '2026-11-23T13:00:00.000Z'), '2026-11-24')
    expect(step.changes.map((change) => change.key)).toEqual([TALK])
    expect(JSON.stringify([...step.state.base])).not.toContain(SAID)
    expect(step.state.base.get(TALK)?.body).toMatchObject({ party: 'p', talked_on: '2026-11-23' })
    expect(swept(step.state, '2026-11-24').changes).toEqual([])
  })

  it('never takes what is not sent yet with it', () => {
    const step = swept(typed('2026-11-23T10:00:00.000Z'), '2026-11-24')
    expect(step.changes).toEqual([])
    expect(JSON.stringify(step.state.rows)).toContain(SAID)
  })

  it('is taken out of a body with all its keys', () => {
    expect(veiled({ words: 'a', 'wish/x': 'b', party: 'p' }, ['words', 'wish'])).toEqual({ party: 'p' })
  })
})

describe('what may be read for longer without contact', () => {
  it('is what tells of no person, no home and no visit, nor refers to any', () => {
    expect(Object.keys(KINDS).filter((kind) => !isPersonal(kind)).sort()).toEqual(TECHNICAL)
    expect(isPersonal('a kind from tomorrow')).toBe(true)
  })
})
