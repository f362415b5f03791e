import { beforeEach, describe, expect, it } from 'vitest'
import { freeze, open, touch, type Json } from '../../sync/phone'
import { KINDS } from '../src/contract'
import { uuid7 } from '../src/ids'
import type { Keeper } from '../src/keeper'
import { deviationId } from '../src/views'
import { Work } from '../src/work'
import { newPhone } from './parts'

const SUBMITTED = { state: 'submitted', by: 'kari', at: '2026-11-29T09:00:00.000Z' }
const TALK = 'aaaaaaaa-0000-4000-8000-00000000000a'
const DAY_MS = 86_400_000
const HOST = { keeper: () => null, frozen: () => undefined, heldBack: () => Promise.resolve(), trouble: () => undefined, formsChanged: () => undefined }

let keeper: Keeper
let work: Work

beforeEach(async () => {
  keeper = (await newPhone()).keeper
  work = new Work({ ...HOST, keeper: () => keeper }, KINDS)
})

const required = (kind: string): string[] => (KINDS[kind]?.fields ?? []).filter((field) => field.required && !field.server).map((field) => field.name)
const pathsSent = (id: string): string[] => keeper.state.rows.filter((row) => row.id === id).flatMap((row) => Object.keys(row.set))

describe('handing in', () => {
  it('keeps what was typed and hands nothing in while an answer is missing, of whatever kind', async () => {
    const kinds = Object.keys(KINDS).filter((kind) => KINDS[kind]?.fields.some((field) => field.name === 'status') && required(kind).length > 0)
    expect(kinds.length).toBeGreaterThan(10)
    for (const kind of kinds) {
      const [last = '', ...others] = required(kind)
      const id = uuid7(Date.now())
      const rest: Record<string, Json> = Object.fromEntries(others.map((name) => [name, 'x']))
      expect(await work.set(id, kind, { ...rest, status: SUBMITTED }), kind).toEqual([{ id, path: last }])
      expect(pathsSent(id).sort(), kind).toEqual([...others].sort())
      expect(await work.set(id, kind, { [last]: 'x', status: SUBMITTED }), kind).toEqual([])
      expect(pathsSent(id), kind).toContain('status')
    }
  })

  it('counts what the record was begun with', async () => {
    const values = Object.fromEntries(required('deviation').map((name) => [name, 'x']))
    const id = work.begin('deviation', values)
    expect(await work.set(id, 'deviation', { status: SUBMITTED })).toEqual([])
  })

  it('does not ask again for words that this phone shows no longer', async () => {
    const then = { mid: uuid7(Date.now()), now: new Date(Date.now() - 2 * DAY_MS).toISOString(), offset_ms: 0 }
    for (const name of required('party_talk')) keeper.apply(touch(keeper.state, open(keeper.state, TALK, 'party_talk'), name, 'x', then))
    keeper.apply(freeze(keeper.state, TALK))
    expect(work.concealed(TALK, 'party_talk').filter((name) => required('party_talk').includes(name))).not.toEqual([])
    expect(await work.set(TALK, 'party_talk', { status: SUBMITTED })).toEqual([])
  })
})

const BY_KARI = { by: 'kari', at: '2026-11-29T08:00:00.000Z' }
const HELD: Record<string, Json> = { dwelling: 'home', purpose: 'follow_up', visited_on: '2026-11-29', outcome: 'completed' }
const POINTS: Record<string, Json> = { checklist: 'HMSFELLES', subject: 'building', 'answers/A-01': 'deviation' }
const FOUND: Record<string, Json> = { words: 'Knust rute', severity: 'high', found_on: '2026-11-29' }
const stateOf = (id: string): Json => (work.record(id)?.body['status'] as { state: string } | undefined)?.state ?? null

/** A record as it stands on the phone; with a state, as the office has it. */
async function stands(id: string, kind: string, values: Record<string, Json>, state: string | null = null): Promise<void> {
  if (state === null) return void (await work.set(id, kind, values))
  const body = { ...values, status: { state, ...BY_KARI } }
  keeper.state = { ...keeper.state, base: new Map([...keeper.state.base, [id, { kind, seq: 1, in: [], body, gen: 1 }]]) }
}

describe('«Ferdig»', () => {
  it('leaves the part that lacks something a draft, and hands in the rest', async () => {
    await stands('visit', 'visit', HELD)
    await stands('whole', 'agreement', { visit: 'visit', dwelling: 'home', what: 'Rydde boden' })
    await stands('empty', 'agreement', { visit: 'visit', dwelling: 'home', doer: 'us' })
    expect(work.lacking('visit', 'visit')).toEqual([{ id: 'empty', path: 'what' }])
    expect(await work.finish('visit')).toEqual([{ id: 'empty', path: 'what' }])
    expect(['visit', 'whole', 'empty'].map(stateOf)).toEqual(['submitted', 'submitted', null])
  })

  it('hands nothing in while the visit itself lacks something', async () => {
    const { purpose, ...held } = HELD
    await stands('visit', 'visit', held)
    await stands('whole', 'agreement', { visit: 'visit', dwelling: 'home', what: 'Rydde boden' })
    expect(await work.finish('visit')).toEqual([{ id: 'visit', path: 'purpose' }])
    expect(['visit', 'whole'].map(stateOf)).toEqual([null, null])
  })

  it('asks what was begun and not written, and nothing that it was begun with', () => {
    const id = work.begin('visit', { dwelling: 'home', purpose: 'follow_up', visited_on: '2026-11-29' })
    expect(work.lacking(id, 'visit')).toEqual([{ id, path: 'outcome' }])
  })

  it('is not held up by a part that the office has already, unless it was emptied here', async () => {
    await stands('visit', 'visit', HELD)
    for (const state of ['submitted', 'approved']) await stands(state, 'agreement', { visit: 'visit', dwelling: 'home' }, state)
    await stands('back', 'agreement', { visit: 'visit', dwelling: 'home' }, 'returned')
    expect(work.lacking('visit', 'visit')).toEqual([{ id: 'back', path: 'what' }])
    await stands('told', 'agreement', { visit: 'visit', dwelling: 'home', what: 'Rydde boden' }, 'submitted')
    await work.set('told', 'agreement', { what: null })
    expect(work.lacking('visit', 'visit')).toEqual([{ id: 'back', path: 'what' }, { id: 'told', path: 'what' }])
  })

  it('hands in no answers that were all taken back, unless the office has them', async () => {
    await stands('visit', 'visit', HELD)
    const emptied = { visit: 'visit', checklist: 'NYVRI1', 'answers/NYVRI1-15': null }
    await stands('run', 'checklist_run', { ...emptied, subject: 'dwelling' })
    await stands('back', 'checklist_run', { ...emptied, subject: 'tenancy' }, 'returned')
    expect(await work.finish('visit')).toEqual([])
    expect(['visit', 'run', 'back'].map(stateOf)).toEqual(['submitted', null, 'submitted'])
    expect(work.leftBehind('visit')).toBe(false)
  })

  it('hands in a round: its answers and what was found, every gap given, and never what was taken back', async () => {
    const [glass, door, gone] = ['A-01', 'A-02', 'A-03'].map((code) => deviationId('run', code)) as [string, string, string]
    await stands('round', 'round', { area: 'area', checklist: 'HMSFELLES', planned_on: '2026-11-29' })
    await stands('run', 'checklist_run', { ...POINTS, 'answers/A-02': 'deviation', 'answers/A-03': 'deviation', round: 'round' })
    await stands(glass, 'deviation', { ...FOUND, severity: null })
    await stands(door, 'deviation', { ...FOUND, severity: null, words: null })
    await stands(gone, 'deviation', { handling: { state: 'rejected', ...BY_KARI } })
    const gaps = [{ id: glass, path: 'severity' }, { id: door, path: 'words' }, { id: door, path: 'severity' }]
    expect(work.lacking('round', 'round')).toEqual(gaps)
    for (const id of [glass, door]) await work.set(id, 'deviation', FOUND)
    expect(await work.finish('round')).toEqual([])
    expect(['round', 'run', glass, door, gone].map(stateOf)).toEqual([null, 'submitted', 'submitted', 'submitted', null])
  })
})

describe('before the vault leaves these hands', () => {
  const states = (): string[] => keeper.state.rows.map((row) => `${row.state} ${Object.values(row.set).join(' ')}`)

  it('is all that was typed closed, on the page that is open and on one that is gone', async () => {
    keeper.apply(touch(keeper.state, open(keeper.state, TALK, 'conversation'), 'summary', 'Før', work.stamp()))
    work.form(uuid7(Date.now()), 'conversation').touch('summary', 'Nå')
    expect(work.formOpen).toBe(true)
    await work.freezeAll()
    expect([...states(), work.formOpen]).toEqual(['frozen Før', 'frozen Nå', false])
  })

  it('is what was held back written, however long it takes', async () => {
    let goOn = (): void => undefined
    const waits = new Promise<void>((resolve) => (goOn = resolve))
    const heldBack = (): Promise<unknown> => waits.then(() => work.set(TALK, 'conversation', { summary: 'Ferdig' }))
    work = new Work({ ...HOST, keeper: () => keeper, heldBack }, KINDS)
    setTimeout(goOn, 20)
    expect(await work.freezeAll().then(states)).toEqual(['frozen Ferdig'])
  })
})

describe('what is begun and not written', () => {
  it('has no state, whatever it is made of', async () => {
    const values = { visit: 'visit', dwelling: 'home', what: 'Rydde boden', status: SUBMITTED }
    const id = work.begin('agreement', values)
    expect(work.begun(id)).toEqual({ visit: 'visit', dwelling: 'home', what: 'Rydde boden' })
    await work.set(id, 'agreement', { doer: 'us' })
    expect(pathsSent(id)).not.toContain('status')
  })

  it('is there for whoever unlocks, and gone when what it was read from has ended', () => {
    const id = work.begin('conversation', { summary: 'Om Prøve Beboer' })
    work.forget(false)
    expect(work.begun(id)).toEqual({ summary: 'Om Prøve Beboer' })
    work.forget(true)
    expect(work.begun(id)).toEqual({})
  })
})
