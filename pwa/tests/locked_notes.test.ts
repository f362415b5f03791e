// A note that is written at the lock: nobody reads it there, and nothing of it is lost when its vault is unlocked.
import { beforeEach, expect, it, vi } from 'vitest'
import type { Bytes } from '../src/bytes'
import { notesAtLock } from '../src/listed'
import { dropNote, dropNotes, keepNote, newNote, noteKey, takeUp } from '../src/locked_notes'
import { onPhone } from '../src/store'
import { StorageFull } from '../src/stored'
import { dayOf } from '../src/written'
import { afterKill, freshDisk, newPhone, USER, type Phone } from './parts'

const WORDS = 'Hun ba meg ringe datteren'
const NOTES = `notes/${USER}`

let phone: Phone
let key: Bytes

beforeEach(async () => {
  freshDisk()
  phone = await newPhone('here')
  expect(await noteKey(phone.vault)).toBe(null)
  expect(await takeUp(phone.keeper)).toBe(0)
  key = (await noteKey(phone.vault)) as Bytes
})

const lying = (): Promise<[string, string][]> =>
  onPhone(async (db) => Promise.all((await db.getAllKeys('phone')).map(async (at) => [at, (await db.get('phone', at)) ?? ''] as [string, string])))
const written = (): unknown[] => phone.keeper.state.rows.map((row) => row.set)

it('lies on the disk with no word of it, and with no day', async () => {
  await keepNote(phone.vault, key, newNote(), WORDS)
  const found = JSON.stringify(await lying())
  expect(found).toContain(phone.vault)
  for (const word of [...WORDS.split(' '), dayOf(new Date())]) if (word.length > 3) expect(found).not.toContain(word)
})

it('is a draft of its author’s when the vault is unlocked, sealed for the office, and gone from the lock', async () => {
  const id = newNote()
  await keepNote(phone.vault, key, id, 'Hun ba meg')
  await keepNote(phone.vault, key, id, WORDS)
  expect(await notesAtLock(phone.vault)).toEqual([id])
  phone = { ...phone, keeper: await afterKill(phone) }
  expect(await takeUp(phone.keeper)).toBe(1)
  expect(written()).toEqual([{ talked_on: dayOf(new Date()), [NOTES]: WORDS }])
  expect(phone.keeper.state.rows.map((row) => [row.id, row.kind, row.op, row.state])).toEqual([[id, 'conversation', 'create', 'frozen']])
  expect(await phone.keeper.store.countTwins('frozen')).toBe(1)
  expect(await notesAtLock(phone.vault)).toEqual([])
})

it('is of the moment it was written, however long it waits', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-20T08:00:00.000Z') })
  await keepNote(phone.vault, key, newNote(), WORDS)
  vi.setSystemTime(new Date('2026-11-29T08:00:00.000Z'))
  await takeUp(phone.keeper)
  vi.useRealTimers()
  expect(written()).toEqual([{ talked_on: '2026-11-20', [NOTES]: WORDS }])
  expect(phone.keeper.state.rows[0]?.captured_at).toBe('2026-11-20T08:00:00.000Z')
})

it('comes once, also when a kill came before it had left the lock', async () => {
  const id = newNote()
  await keepNote(phone.vault, key, id, WORDS)
  const [before] = (await lying()).filter(([at]) => at.endsWith(id))
  await takeUp(phone.keeper)
  await onPhone((db) => db.put('phone', before?.[1] ?? '', before?.[0]))
  phone = { ...phone, keeper: await afterKill(phone) }
  await takeUp(phone.keeper)
  expect(written()).toHaveLength(1)
  expect(await notesAtLock(phone.vault)).toEqual([])
})

it('stays at the lock while it is not on the disk of its vault', async () => {
  const id = newNote()
  await keepNote(phone.vault, key, id, WORDS)
  const write = vi.spyOn(phone.keeper.store, 'write').mockRejectedValue(new StorageFull())
  await expect(takeUp(phone.keeper)).rejects.toThrow(StorageFull)
  expect(await notesAtLock(phone.vault)).toEqual([id])
  write.mockRestore()
  await takeUp(phone.keeper)
  expect([written().length, await notesAtLock(phone.vault)]).toEqual([1, []])
})

it('opens under no other id and in no other vault, and holds up no other', async () => {
  const [one, two] = [newNote(), newNote()]
  await keepNote(phone.vault, key, one, WORDS)
  await keepNote(phone.vault, key, two, 'En annen')
  const [first] = (await lying()).filter(([at]) => at.endsWith(one))
  const moved = `note|${phone.vault}|018f2c5e-0000-7000-8000-0000000000ff`
  await onPhone((db) => db.put('phone', first?.[1] ?? '', moved))
  expect(await takeUp(phone.keeper)).toBe(2)
  expect((await lying()).filter(([at]) => at.startsWith('note|')).map(([at]) => at)).toEqual([moved])
})

it('lies with its own vault, and goes with it', async () => {
  await keepNote('another', key, newNote(), WORDS)
  const mine = newNote()
  await keepNote(phone.vault, key, mine, WORDS)
  expect([await notesAtLock(phone.vault), (await notesAtLock('another')).length]).toEqual([[mine], 1])
  await dropNotes('another')
  expect([await notesAtLock(phone.vault), await notesAtLock('another')]).toEqual([[mine], []])
  await dropNote(phone.vault, mine)
  expect(await notesAtLock(phone.vault)).toEqual([])
})

it('has one key for as long as the vault is', async () => {
  phone = { ...phone, keeper: await afterKill(phone) }
  await takeUp(phone.keeper)
  expect(await noteKey(phone.vault)).toEqual(key)
})
