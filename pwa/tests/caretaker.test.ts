import { describe, expect, it } from 'vitest'
import definitions from '../../server/data/checklists.json'
import type { Json, Shown } from '../src/app.svelte'
import { checklist } from '../src/checklists'
import { answeredIn, askedIn, isAsked, membersOf, whereToGoOn } from '../src/checkpoints'
import { alike, closedForMe, isOpenDeviation, mayCorrect, responsibleFor, wordsOverlap, type Sketch } from '../src/deviations'
import { noteWords, recentPlaces, unsorted } from '../src/quick_notes'

const ME = 'me'
const TODAY = '2026-11-23'
const AT = '2026-11-20T10:00:00.000Z'

function shown(id: string, kind: string, body: Record<string, Json>): Shown {
  return { id, kind, body, pending: false, seq: 1, state: 'received' }
}

function deviation(id: string, body: Record<string, Json> = {}): Shown {
  const status = { state: 'submitted', by: ME, at: AT }
  return shown(id, 'deviation', { building: 'b', words: 'Lekkasje under vasken', found_on: '2026-11-20', found_by: ME, status, ...body })
}

interface Raw {
  code: string
  items: { code: string; section: string; text_nb: string; answer: string; frequency: string; severity_if_deviation: string | null }[]
}
const seed: Raw[] = definitions.checklists

/** A checklist as the server lays it in. */
function laidIn(code: string): Shown {
  const raw = seed.find((one) => one.code === code)
  const items = (raw?.items ?? []).map((item, at) => [
    `items/${item.code}`,
    { order: at + 1, section: item.section, words: item.text_nb, answer: item.answer, frequency: item.frequency, severity: item.severity_if_deviation },
  ])
  return shown(code, 'checklist', { code, edition: 1, title: code, published: true, ...(Object.fromEntries(items) as Record<string, Json>) })
}

describe('a round', () => {
  const list = checklist([laidIn('HMSFELLES')], 'HMSFELLES')
  const count = (frequency: string | null): number => askedIn(list, frequency).flatMap((section) => section.items).length

  it('asks six points each week and all nineteen each quarter', () => {
    expect(count('weekly')).toBe(6)
    expect(count('monthly')).toBe(6)
    expect(count('quarterly')).toBe(19)
    expect(count(null)).toBe(19)
  })

  it('asks what is asked every time each time, and the seasons’ own only with the season', () => {
    expect(isAsked({ frequency: 'every' }, 'weekly')).toBe(true)
    expect(isAsked({ frequency: 'season' }, 'quarterly')).toBe(false)
    expect(isAsked({ frequency: 'season' }, 'season')).toBe(true)
  })

  it('counts only answers to what it asks', () => {
    const sections = askedIn(list, 'weekly')
    const answers: Record<string, Json> = { 'answers/HMSFELLES-01': 'ok', 'answers/HMSFELLES-02': null, 'answers/HMSFELLES-19': 'ok' }
    expect(answeredIn(sections, (path) => answers[path])).toBe(1)
  })

  it('goes on in the building that was begun and left, then in the first that is not done', () => {
    const stretch = (building: string, answered: number): { building: string; answered: number; asked: number } => ({ building, answered, asked: 6 })
    expect(whereToGoOn([stretch('a', 6), stretch('b', 0), stretch('c', 2)])).toBe('c')
    expect(whereToGoOn([stretch('a', 6), stretch('b', 0), stretch('c', 0)])).toBe('b')
    expect(whereToGoOn([stretch('a', 6)])).toBeNull()
  })

  it('walks the buildings that are in it, and none that was taken out', () => {
    expect(membersOf(shown('r', 'round', { 'buildings/a': true, 'buildings/b': false, 'who/x': true }), 'buildings')).toEqual(['a'])
  })
})

describe('whose a deviation is', () => {
  const point = { responsible: 'landlord', inCompany: 'housing_company' }
  const company = shown('b', 'building', { ownership: 'company' })
  const own = shown('b', 'building', { ownership: 'municipal' })

  it('follows the ownership of the building', () => {
    expect(responsibleFor(point, { building: company, dwelling: null })).toBe('housing_company')
    expect(responsibleFor(point, { building: own, dwelling: null })).toBe('landlord')
    expect(responsibleFor({ responsible: 'tenant', inCompany: null }, { building: company, dwelling: null })).toBe('tenant')
  })

  it('is the landlord’s inside a home, also in a company’s building', () => {
    expect(responsibleFor(null, { building: company, dwelling: shown('d', 'dwelling', {}) })).toBe('landlord')
    expect(responsibleFor(null, { building: company, dwelling: null })).toBe('housing_company')
    expect(responsibleFor(null, { building: null, dwelling: null })).toBe('landlord')
  })
})

describe('deviations that look alike', () => {
  const mine: Sketch = { id: 'mine', dwelling: null, building: 'b', item: null, words: 'Det lekker vann under vasken' }
  const ids = (found: Shown[]): string[] => found.map((one) => one.id)

  it('share half of the words that tell something, however they are bent', () => {
    expect(wordsOverlap('Lekkasje under vasken', 'Vasken har lekkasje igjen')).toBe(true)
    expect(wordsOverlap('Barnevogn i trappa', 'Barnevogner sperrer')).toBe(true)
    expect(wordsOverlap('Lyset er borte i kjelleren', 'Døra er ødelagt i porten')).toBe(false)
    expect(wordsOverlap('Det er noe under', 'Ikke noe under her')).toBe(false)
  })

  it('are open, in the same place, and from the last thirty days', () => {
    const standing = [
      deviation('old', { found_on: '2026-10-23' }),
      deviation('near', { found_on: '2026-10-24' }),
      deviation('new'),
      deviation('elsewhere', { building: 'c' }),
      deviation('home', { dwelling: 'd' }),
      deviation('draft', { status: null }),
      deviation('closed', { handling: { state: 'done', by: 'eva', at: AT } }),
      deviation('mine'),
    ]
    expect(ids(alike(standing, mine, TODAY))).toEqual(['new', 'near'])
    expect(ids(alike(standing, { ...mine, building: 'b', dwelling: 'd' }, TODAY))).toEqual(['home'])
  })

  it('are the same point of a checklist too, and nothing is alike without a place', () => {
    const standing = [deviation('new', { item: 'HMSFELLES-01', words: 'Sykkel' })]
    expect(ids(alike(standing, { ...mine, item: 'HMSFELLES-01', words: 'Barnevogn' }, TODAY))).toEqual(['new'])
    expect(alike([deviation('nowhere', { building: null })], { ...mine, building: null }, TODAY)).toEqual([])
  })
})

describe('what comes back to who found it', () => {
  const mended = (by: string, at = AT): Json => ({ state: 'done', by, at })

  it('is what another has mended in the last fortnight, the latest first', () => {
    const all = [
      deviation('a', { handling: mended('eva') }),
      deviation('b', { handling: mended('eva', '2026-11-22T10:00:00.000Z') }),
      deviation('by me', { handling: mended(ME) }),
      deviation('long ago', { handling: mended('eva', '2026-11-01T10:00:00.000Z') }),
      deviation('not found by me', { found_by: 'kari', handling: mended('eva') }),
      deviation('no fault', { handling: { state: 'rejected', by: 'eva', at: AT } }),
      deviation('open'),
    ]
    expect(closedForMe(all, ME, TODAY).map((one) => one.id)).toEqual(['b', 'a'])
  })

  it('comes back after an approval too, for the finder is not whoever signed last', () => {
    const approved = { state: 'approved', by: 'ingrid', at: AT }
    expect(closedForMe([deviation('a', { status: approved, handling: mended('eva') })], ME, TODAY)).toHaveLength(1)
  })
})

describe('correcting a deviation', () => {
  it('is its author’s for a week, and nobody’s once it is closed or approved', () => {
    const sent = (at: string, more: Record<string, Json> = {}): Shown => deviation('a', { status: { state: 'submitted', by: ME, at }, ...more })
    expect(mayCorrect(sent('2026-11-17T10:00:00.000Z'), ME, TODAY)).toBe(true)
    expect(mayCorrect(sent('2026-11-16T10:00:00.000Z'), ME, TODAY)).toBe(false)
    expect(mayCorrect(sent(AT), 'kari', TODAY)).toBe(false)
    expect(mayCorrect(sent(AT, { handling: { state: 'done', by: 'eva', at: AT } }), ME, TODAY)).toBe(false)
    expect(mayCorrect(deviation('a', { status: { state: 'returned', by: 'ingrid', at: AT } }), ME, TODAY)).toBe(true)
    expect(isOpenDeviation(deviation('draft', { status: null }))).toBe(false)
  })
})

describe('quick notes', () => {
  const note = (id: string, body: Record<string, Json>): Shown => shown(id, 'conversation', { talked_on: TODAY, [`notes/${ME}`]: 'Lys borte', ...body })

  it('wait to be sorted while they are drafts of mine with words, and belong to no visit', () => {
    const all = [
      note('a', {}),
      note('b', { talked_on: '2026-11-22' }),
      note('of a visit', { visit: 'v' }),
      note('sent in', { status: { state: 'submitted', by: ME, at: AT } }),
      note('empty', { [`notes/${ME}`]: ' ' }),
      note('theirs', { [`notes/${ME}`]: null, 'notes/kari': 'Hei' }),
    ]
    expect(unsorted(all, ME).map((one) => one.id)).toEqual(['a', 'b'])
  })

  it('read as one text', () => {
    expect(noteWords(note('a', { 'notes/x': ' Mer ' }))).toBe('Lys borte\nMer')
    expect(noteWords(null)).toBe('')
  })

  it('offer the five places where somebody was last, each once', () => {
    const at = (place: string, on: string): { record: Shown; on: string } => ({ record: shown(place, 'visit', { dwelling: place }), on })
    const days = ['a', 'b', 'c', 'd', 'e', 'f'].map((place, number) => at(place, `2026-11-1${number}`))
    expect(recentPlaces([...days, at('a', '2026-11-20')])).toEqual(['a', 'f', 'e', 'd', 'c'])
  })
})
