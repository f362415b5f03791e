import { describe, expect, it } from 'vitest'
import type { Json, Shown } from '../src/app.svelte'
import { read } from '../src/checklists'
import { KINDS } from '../src/contract'
import type { FieldContract } from '../src/contract'
import { previousOf } from '../src/programmes/due'
import { beside, isBeside, keysOf, pointsOf, scaleOf, writtenAt } from '../src/programmes/keyed'
import { sectionsOf } from '../src/programmes/programmes'

function field(kind: string, name: string): FieldContract {
  const found = KINDS[kind]?.fields.find((one) => one.name === name)
  if (!found) throw new Error(`${kind} has no ${name}`)
  return found
}

function shown(id: string, kind: string, body: Record<string, Json>): Shown {
  return { id, kind, body, pending: false, seq: 1, state: 'received' }
}

describe('a keyed field', () => {
  it('is drawn beside the keys that it holds, and nowhere else', () => {
    expect(beside('follow_up_plan', 'goals').map((one) => one.name)).toEqual(['reached'])
    expect(beside('fidelity_assessment', 'scores').map((one) => one.name)).toEqual(['notes'])
    const drawn = sectionsOf('follow_up_plan').flatMap((section) => section.fields.map((one) => one.name))
    expect(drawn).toContain('goals')
    expect(drawn).not.toContain('reached')
    expect(isBeside('case_party', field('case_party', 'team'))).toBe(false)
  })

  it('has the keys that it names, else those that hold something', () => {
    expect(keysOf(field('evaluation', 'levels'), {}).map((one) => one.words)).toContain('Økonomi og regninger')
    expect(keysOf(field('follow_up_plan', 'reached'), { 'reached/b': 'reached', 'reached/a': 'on_the_way', 'reached/c': null })).toEqual([
      { key: 'a', words: 'a' },
      { key: 'b', words: 'b' },
    ])
    expect(writtenAt('goals', { 'goals/x': 'Jeg vil åpne posten.', goalsome: 'no', 'goals/y': null })).toEqual(['x'])
  })

  it('has a scale for the thumb only while it is short', () => {
    expect(scaleOf(field('evaluation', 'levels'))).toEqual([0, 1, 2, 3])
    expect(scaleOf(field('fidelity_assessment', 'scores'))).toEqual([1, 2, 3, 4])
    expect(scaleOf(field('checklist_run', 'numbers'))).toBeNull()
  })

  it('that holds a checklist has its points, but not those that are counted', () => {
    const list = read(
      shown('l', 'checklist', {
        code: 'DUGNAD',
        edition: 1,
        title: 'Dugnad',
        'items/D-1': { section: 'Før', words: 'Farene er vurdert', answer: 'check', order: 1 },
        'items/D-2': { section: 'Etter', words: 'Antall voksne', answer: 'count', order: 2 },
      }),
    )
    expect(pointsOf(list).map(({ name, items }) => [name, items.map((item) => item.code)])).toEqual([['Før', ['D-1']]])
    expect(field('dialogue_meeting', 'checks').holds).toBe('DIALOG')
  })
})

describe('what it was last time', () => {
  const plan = (id: string, on: string, of = 'p'): Shown => shown(id, 'evaluation', { plan: of, held_on: on })
  const mine: Record<string, Json> = { plan: 'p', held_on: '2026-11-23' }
  const at = (name: string): Json => mine[name] ?? null

  it('is the latest before it of the same plan', () => {
    const all = [plan('me', '2026-11-23'), plan('june', '2026-06-01'), plan('august', '2026-08-30'), plan('later', '2026-12-24'), plan('other', '2026-11-01', 'q')]
    expect(previousOf('evaluation', 'me', at, all)?.id).toBe('august')
  })

  it('is nothing the first time, and nothing for what hangs on nothing', () => {
    expect(previousOf('evaluation', 'me', at, [plan('me', '2026-11-23')])).toBeNull()
    expect(previousOf('complaint', 'me', at, [])).toBeNull()
  })
})
