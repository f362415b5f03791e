import { describe, expect, it } from 'vitest'
import type { Json, Shown } from '../src/app.svelte'
import { answered, asked, checklist, codeFor, criticalLeft, itemsOf, itemWords, newItems, subjectOf, toCallTold, toPutInOrder, unpictured } from '../src/checklists'
import type { Checklist, Item } from '../src/checklists'
import { deviationId, deviationsOf } from '../src/views'
import seeds from '../../server/data/checklists.json'

type Seed = (typeof seeds.checklists)[number]

/** A record as the server seeds it, as far as the phone reads it. */
function record(seed: Seed, edition = 1, more: Record<string, Json> = {}): Shown {
  const items = seed.items.map((item, at): [string, Json] => [
    `items/${item.code}`,
    {
      order: at + 1,
      section: item.section,
      words: item.text_nb,
      subject: item.subject,
      answer: item.answer,
      frequency: item.frequency,
      responsible: item.responsible,
      photo: item.photo,
      ...(item.severity_if_deviation !== null && { severity: item.severity_if_deviation }),
      ...('choices_nb' in item && { choices: item.choices_nb.join('\n') }),
      ...('show' in item && { show: item.show }),
    },
  ])
  const body = { code: seed.code, edition, title: seed.title_nb, published: true, ...Object.fromEntries(items.reverse()), ...more }
  return { id: `${seed.code}-${edition}`, kind: 'checklist', seq: 1, body, pending: false, state: 'received' }
}

const RECORDS = seeds.checklists.map((seed) => record(seed))

function list(code: string): Checklist {
  const found = checklist(RECORDS, code)
  if (!found) throw new Error(`${code} is missing`)
  return found
}

function run(id: string, body: Record<string, Json>): Shown {
  return { id, kind: 'checklist_run', seq: 1, body, pending: false, state: 'received' }
}

describe('the checklist by thumb', () => {
  const fire = list('NYVRI1').sections[1]
  if (!fire) throw new Error('the second section is missing')

  it('has five sections and 23 points for the first visit, in the order of the list', () => {
    expect(codeFor('move_in')).toBe('NYVRI1')
    expect(list('NYVRI1').sections.map((section) => section.name)).toEqual([
      'Velkommen',
      'Brann og rømning',
      'Bad, luft og strøm',
      'Fellesareal og avfall',
      'Veien videre',
    ])
    expect(itemsOf(list('NYVRI1'))).toHaveLength(23)
    expect(codeFor('complaint')).toBeNull()
    expect(list('NYVRI2').sections).toHaveLength(3)
  })

  it('is about the damp when something is damaged, and about the whole home when somebody moves out', () => {
    const first = (code: string): string[] => itemsOf(list(code)).map((item) => item.code)
    expect([codeFor('damage'), codeFor('exit'), codeFor('fire_safety'), codeFor('follow_up')]).toEqual(['FUKT', 'OVERTA', 'BRANNBOLIG', 'NYVRI2'])
    expect([first('FUKT').length, first('OVERTA').length]).toEqual([9, 12])
  })

  it('keeps of a hand-over what the household says with the tenancy, and what the rooms are like with the home', () => {
    const about = (subject: string): string[] =>
      itemsOf(list('OVERTA')).flatMap((item) => (subjectOf(item, ['building', 'dwelling', 'tenancy']) === subject ? [item.code.slice(-2)] : []))
    expect(about('tenancy')).toEqual(['01', '02', '10', '12'])
    expect(about('dwelling')).toEqual(['03', '11', '04', '05', '06', '07', '08', '09'])
    const [, rooms] = list('OVERTA').sections
    if (!rooms) throw new Error('the rooms are missing')
    expect(criticalLeft(rooms, () => null)).toBe(1)
    expect(toPutInOrder(rooms, () => null).map((item) => item.code)).not.toContain('OVERTA-07')
  })

  it('says of damp whose it is to mend and how bad it is, and asks for no picture of a figure', () => {
    const points = new Map(itemsOf(list('FUKT')).map((item) => [item.code.slice(-2), item]))
    const whose = (who: string): string[] => [...points].flatMap(([code, item]) => (item.responsible === who ? [code] : []))
    expect(whose('tenant')).toEqual(['01', '02', '03', '07'])
    expect([...points].filter(([, item]) => item.severity === 'high').map(([code]) => code)).toEqual(['04', '05', '08'])
    const figures = [...points].flatMap(([code, item]) => (item.answer === 'number' ? [[code, item.photo, item.severity]] : []))
    expect(figures).toEqual([['06', 'never', null], ['09', 'never', null]])
  })

  it('answers the section’s untouched checks at once, but never a critical one', () => {
    const untouched = (): null => null
    expect(toPutInOrder(fire, untouched).map((item) => item.code)).toEqual(['NYVRI1-09'])
    expect(toCallTold(fire, untouched).map((item) => item.code)).toEqual(['NYVRI1-23'])
    expect(criticalLeft(fire, untouched)).toBe(2)
  })

  it('never writes over an answer that stands', () => {
    const answers = (item: Item): string | null => (item.code === 'NYVRI1-09' ? 'deviation' : null)
    expect(toPutInOrder(fire, answers)).toEqual([])
    expect(answered(fire, answers)).toBe(1)
  })

  it('keeps each answer with what it is about, and what is about the visit itself with the dwelling', () => {
    const [stairs] = list('NYVRI1').sections[3]?.items ?? []
    const [alone] = itemsOf(list('SIKKER'))
    if (!stairs || !alone) throw new Error('a point is missing')
    expect(subjectOf(stairs, ['building', 'dwelling', 'tenancy'])).toBe('building')
    expect(subjectOf(alone, ['building', 'dwelling', 'tenancy'])).toBe('dwelling')
  })

  it('asks one line before the door, and all of it only where there is an alert', () => {
    const words = (alert: boolean): string[] => asked(list('SIKKER'), alert).flatMap((section) => section.items.map((item) => item.words))
    expect(words(false)).toEqual(['Trygt å gå alene?'])
    expect(words(true)).toHaveLength(8)
    expect(words(true)).not.toContain('Trygt å gå alene?')
  })
})

describe('a new edition', () => {
  const [seed] = seeds.checklists
  if (!seed) throw new Error('no checklist is seeded')
  const added: Json = { order: 24, section: 'Veien videre', words: 'Nytt punkt', subject: 'tenancy', answer: 'told' }
  const newer = record(seed, 2, { 'items/NYVRI1-24': added })

  it('is drawn as soon as it is in use, and not before', () => {
    expect(checklist([...RECORDS, newer], 'NYVRI1')?.edition).toBe(2)
    const waiting = record(seed, 2, { published: false })
    expect(checklist([...RECORDS, waiting], 'NYVRI1')?.edition).toBe(1)
  })

  it('leaves what was answered with the words it was answered by', () => {
    expect(checklist([...RECORDS, newer], 'NYVRI1', 1)?.edition).toBe(1)
    const retired = record(seed, 1, { published: false })
    expect(checklist([retired, newer], 'NYVRI1', 1)?.edition).toBe(1)
  })

  it('counts the points that are new', () => {
    const after = checklist([...RECORDS, newer], 'NYVRI1')
    if (!after) throw new Error('the new edition is missing')
    expect(newItems(list('NYVRI1'), after).map((item) => item.words)).toEqual(['Nytt punkt'])
  })

  it('gives its words to a path that the office speaks of', () => {
    expect(itemWords([...RECORDS, newer], 'answers/NYVRI1-24')).toBe('Nytt punkt')
    expect(itemWords(RECORDS, 'summary')).toBeNull()
  })
})

describe('the deviations of a visit', () => {
  it('are found by the run and the point, and only where the answer is still «Avvik»', () => {
    const answers = run('run-1', { 'answers/NYVRI1-15': 'deviation', 'answers/NYVRI1-08': 'ok', 'remarks/NYVRI1-15': 'deviation' })
    expect(deviationsOf([answers])).toEqual([deviationId('run-1', 'NYVRI1-15')])
    expect(deviationsOf([{ ...answers, kind: 'visit' }])).toEqual([])
  })

  it('offers the words of a point that has some, and none elsewhere', () => {
    const [, about, good] = itemsOf(list('TRYGG'))
    expect(about?.choices).toEqual(['Lys', 'Sikt', 'Trafikk', 'Orden', 'Møteplass', 'Universell utforming', 'Annet'])
    expect(good?.choices).toEqual([])
  })

  it('misses a picture only where the point must have one and its answer is «Avvik»', () => {
    const points = itemsOf(list('HMSFELLES'))
    const [stairs] = points
    const all = unpictured(points, () => 'deviation', () => false)
    expect(all.map((item) => item.code)).toEqual(['HMSFELLES-01', 'HMSFELLES-02'])
    expect(unpictured(points, () => 'deviation', (item) => item === stairs).map((item) => item.code)).toEqual(['HMSFELLES-02'])
    expect(unpictured(points, () => 'ok', () => false)).toEqual([])
  })
})
