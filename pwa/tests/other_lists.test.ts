// What was answered in a visit or a round, and is asked no longer, stays in sight until it is handed in or taken away.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Json, Shown } from '../../sync/phone'
import { BEFORE_VISIT, checklist, itemsOf, type Checklist } from '../src/checklists'
import { KINDS } from '../src/contract'
import type { Keeper } from '../src/keeper'
import { isTakenBack, takeBackDeviation } from '../src/ui/deviation_acts'
import { RoundParts } from '../src/ui/round_parts.svelte'
import { VisitParts } from '../src/ui/visit_parts.svelte'
import { deviationId } from '../src/views'
import { Work } from '../src/work'
import { newPhone, VISIT } from './parts'

const here = vi.hoisted(() => ({ work: null as unknown as Work }))
vi.mock('../src/app.svelte', () => ({
  app: {
    user: { id: 'kari' },
    photos: { of: () => [] },
    record: (id: string) => here.work.record(id),
    records: (kind: string) => here.work.records(kind),
    begin: (kind: string, values: Record<string, Json>) => here.work.begin(kind, values),
    form: (id: string, kind: string) => here.work.form(id, kind),
    set: (id: string, kind: string, values: Record<string, Json>) => here.work.set(id, kind, values),
    lacking: (id: string, kind: string) => here.work.lacking(id, kind),
  },
}))

let keeper: Keeper
let parts: VisitParts

function edition(code: string, number: number, ...points: string[]): void {
  const items = points.map((point, at) => [`items/${point}`, { order: at, section: 'Boligen', words: point, subject: 'dwelling', answer: 'check', photo: 'required_on_deviation' }])
  const body = { code, edition: number, title: code, published: true, ...(Object.fromEntries(items) as Record<string, Json>) }
  keeper.state = { ...keeper.state, base: new Map([...keeper.state.base, [`${code}-${number}`, { kind: 'checklist', seq: 1, in: [], body, gen: 1 }]]) }
}

function list(code: string): Checklist {
  const found = checklist(here.work.records('checklist'), code)
  if (!found) throw new Error(`${code} is missing`)
  return found
}

/** The thumb answers a point, and the deviation of an «Avvik» stands. */
async function answer(from: Checklist, point: string, value: string | null): Promise<string> {
  parts.prepare(from)
  const item = itemsOf(from).find((one) => one.code === point)
  const run = item && parts.run(from, item)
  if (!run) throw new Error(`${point} is not asked`)
  run.touch(`answers/${point}`, value)
  await parts.leave()
  if (value === 'deviation') await parts.note(run, item)
  return deviationId(run.form.id, point)
}

const others = (asked: Checklist | null): [string, number, string[]][] =>
  parts.others(asked).map((other) => [other.list.code, other.list.edition, other.items.map((item) => item.code)])

beforeEach(async () => {
  keeper = (await newPhone()).keeper
  here.work = new Work({ keeper: () => keeper, frozen: () => undefined, heldBack: () => Promise.resolve(), trouble: () => undefined, formsChanged: () => undefined }, KINDS)
  edition('A', 1, 'A-1', 'A-2', 'A-3')
  edition('B', 1, 'B-1')
  edition(BEFORE_VISIT, 1, 'S-1')
  await here.work.set(VISIT, 'visit', { dwelling: 'home', purpose: 'move_in', visited_on: '2026-11-30' })
  parts = new VisitParts(VISIT)
})

it('is a building that its round names no longer, where something was answered', async () => {
  const round = { checklist: 'A', 'buildings/one': true, 'buildings/two': true, planned_on: '2026-11-30' }
  await here.work.set('round', 'round', round)
  const of = (): RoundParts => new RoundParts(here.work.record('round') as Shown)
  const walked = of()
  walked.runs.get('one')?.touch('answers/A-1', 'deviation')
  walked.runs.get('two')?.touch('answers/A-1', null)
  await walked.leave()
  const found = deviationId(walked.runs.get('one')?.form.id ?? '', 'A-1')
  await here.work.set(found, 'deviation', { building: 'one', found_on: '2026-11-30', words: 'Knust rute' })
  await here.work.set('round', 'round', { 'buildings/one': null, 'buildings/two': null, 'buildings/three': true })
  expect(of().buildings).toEqual(['one', 'three'])
  expect(of().lacking().map(({ building, path, point }) => [building, point?.code, path])).toEqual([['one', 'A-1', 'severity']])
})

describe('what a visit asks no longer', () => {
  it('is what was answered in the list of another purpose, on this page and when it is opened anew', async () => {
    await answer(list('A'), 'A-1', 'ok')
    expect(others(list('A'))).toEqual([])
    for (const asked of [list('B'), null]) expect(others(asked)).toEqual([['A', 1, ['A-1']]])
    parts = new VisitParts(VISIT)
    expect(others(list('B'))).toEqual([['A', 1, ['A-1']]])
    await answer(list('A'), 'A-1', null)
    expect(others(list('B'))).toEqual([])
  })

  it('is what was typed a moment ago too', async () => {
    const typed = answer(list('A'), 'A-1', 'ok')
    expect(here.work.records('checklist_run')).toEqual([])
    expect(others(list('B'))).toEqual([['A', 1, ['A-1']]])
    await typed
  })

  it('is a point that the newer edition has not', async () => {
    await answer(list('A'), 'A-1', 'ok')
    await answer(list('A'), 'A-2', 'ok')
    edition('A', 2, 'A-1', 'A-3')
    parts = new VisitParts(VISIT)
    expect(others(list('A'))).toEqual([['A', 1, ['A-2']]])
  })

  it('is a deviation whose answer was taken back, until it is taken back or handed in itself', async () => {
    const [gone, sent] = [await answer(list('A'), 'A-1', 'deviation'), await answer(list('A'), 'A-2', 'deviation')]
    for (const point of ['A-1', 'A-2']) await answer(list('A'), point, null)
    expect(others(list('B'))).toEqual([['A', 1, ['A-1', 'A-2']]])
    await here.work.set(gone, 'deviation', { handling: { state: 'rejected', by: 'kari', at: '2026-11-30T09:00:00.000Z' } })
    expect(others(list('B'))).toEqual([['A', 1, ['A-2']]])
    await here.work.set(sent, 'deviation', { words: 'Mugg', status: { state: 'submitted', by: 'kari', at: '2026-11-30T09:00:00.000Z' } })
    expect(others(list('B'))).toEqual([])
  })

  it('is not what is asked before the door, which has its own place', async () => {
    await answer(list(BEFORE_VISIT), 'S-1', 'ok')
    expect(others(list('A'))).toEqual([])
  })

  it('is had back as it was, though it was put right where it was found', async () => {
    const found = await answer(list('A'), 'A-1', 'deviation')
    for (const handling of [null, { state: 'done', by: 'kari', at: '2026-11-30T09:00:00.000Z', words: 'Rettet på stedet' }]) {
      await here.work.set(found, 'deviation', { handling })
      const back = await takeBackDeviation(found)
      expect(isTakenBack(here.work.record(found))).toBe(true)
      await back()
      expect(here.work.record(found)?.body['handling'] ?? null).toEqual(handling)
    }
  })

  it('is asked for its picture as what is asked is, and once', async () => {
    const found = await answer(list('A'), 'A-1', 'deviation')
    expect(parts.unpictured()).toEqual([found])
    edition('A', 2, 'A-2')
    parts = new VisitParts(VISIT)
    expect(parts.unpictured()).toEqual([])
    parts.prepare(list('A'))
    parts.others(list('A'))
    expect(parts.unpictured()).toEqual([found])
    parts.prepare(list('B'))
    parts.others(list('B'))
    expect(parts.unpictured()).toEqual([found])
  })
})
