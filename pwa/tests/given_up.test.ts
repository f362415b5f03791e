// What lies sealed of a vault that is left half way: it goes to the office, and nothing that is gone stays readable behind it.
import { beforeEach, expect, it, vi } from 'vitest'
import { Courier } from '../src/courier'
import { notesAtLock } from '../src/listed'
import { keepNote, newNote, noteKey, takeUp } from '../src/locked_notes'
import { Rounds } from '../src/rounds'
import { Store } from '../src/store'
import { afterKill, json, newPhone, type, VISIT, wire, type Asked, type Phone } from './parts'

let phone: Phone

beforeEach(async () => {
  phone = await newPhone('here')
})

it('sends a note from the lock of a vault that was given up on a bad line, for the office to open', async () => {
  await takeUp(phone.keeper)
  const id = newNote()
  await keepNote(phone.vault, (await noteKey(phone.vault)) ?? new Uint8Array(), id, 'Hun ringer i morgen')
  await phone.keeper.store.keepOnlySealed()
  const line = wire(({ body }: Asked) => json({ results: (body['notes'] as { id: string }[]).map((note) => ({ mid: note.id, state: 'in_custody' })) }))
  const left = Store.open(phone.vault, null)
  const rounds = new Rounds(new Courier(line.wire), {
    app: 'test', keeper: () => null, lockedStores: async () => [left], installation: async () => 'i', maySpeak: async () => true,
    inFlight: () => undefined, heard: () => undefined, revoked: async () => undefined, unopenable: async () => undefined,
    trouble: () => undefined, alone: (work) => work(), random: () => 0.5, newId: () => crypto.randomUUID(),
  })
  await rounds.sync()
  rounds.stop()
  expect(line.asked.map(({ path }) => path)).toEqual(['/api/v1/locked-notes'])
  expect(await notesAtLock(phone.vault)).toEqual([])
})

it('goes on from words that were carried half written under a name of their own', async () => {
  const mid = type(phone.keeper, 'outcome', 'completed')
  await phone.keeper.flush()
  await phone.keeper.store.markTwins([mid], 'custody')
  const keeper = await afterKill(phone)
  expect(keeper.state.rows.map((row) => [row.mid, row.state, row.custody])).toEqual([[mid, 'frozen', true]])
  expect(type(keeper, 'outcome', 'refused')).not.toBe(mid)
})

it('draws what is left anew as soon as something is gone: no picture holds it any more', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { keeper } = phone
  const record = { kind: 'visit', seq: 1, in: ['me'], body: { outcome: 'completed' }, gen: 1 }
  keeper.apply({ state: { ...keeper.state, base: new Map([[VISIT, record]]) }, changes: [{ act: 'put', store: 'base', key: VISIT, value: record }] })
  await keeper.flush()
  await keeper.store.picture(keeper.state.base)
  keeper.apply({ state: { ...keeper.state, base: new Map() }, changes: [{ act: 'drop', store: 'base', key: VISIT }] })
  await keeper.flush()
  await vi.advanceTimersByTimeAsync(1_000)
  vi.useRealTimers()
  await vi.waitFor(async () => {
    const { picture } = await keeper.store.lying()
    expect(picture && JSON.parse(new TextDecoder().decode(await phone.open.decrypt(picture, picture.data)))).toEqual([])
  })
})
