import { beforeEach, describe, expect, it } from 'vitest'
import { freeze, open, touch, type Json } from '../../sync/phone'
import { KINDS } from '../src/contract'
import { uuid7 } from '../src/ids'
import type { Keeper } from '../src/keeper'
import { Work } from '../src/work'
import { newPhone } from './parts'

const SUBMITTED = { state: 'submitted', by: 'kari', at: '2026-11-29T09:00:00.000Z' }
const TALK = 'aaaaaaaa-0000-4000-8000-00000000000a'
const DAY_MS = 86_400_000

let keeper: Keeper
let work: Work

beforeEach(async () => {
  keeper = (await newPhone()).keeper
  work = new Work({ keeper: () => keeper, frozen: () => undefined, trouble: () => undefined, formsChanged: () => undefined }, KINDS)
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

describe('what is begun and not written', () => {
  it('is there for whoever unlocks, and gone when what it was read from has ended', () => {
    const id = work.begin('conversation', { summary: 'Om Prøve Beboer' })
    work.forget(false)
    expect(work.begun(id)).toEqual({ summary: 'Om Prøve Beboer' })
    work.forget(true)
    expect(work.begun(id)).toEqual({})
  })
})
