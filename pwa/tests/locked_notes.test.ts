// A note that is written at the lock: nobody reads it there, and nothing of it is lost when its vault is unlocked.
import { beforeEach, expect, it, vi } from 'vitest'
import { fromBase64url, utf8, type Bytes } from '../src/bytes'
import { Courier } from '../src/courier'
import { notesAtLock, removeVault } from '../src/listed'
import { deliverNotes, dropNote, keepNote, newNote, noteKey, takeUp } from '../src/locked_notes'
import { onPhone } from '../src/store'
import { StorageFull, type Twin } from '../src/stored'
import { suite } from '../src/vault'
import { dayOf } from '../src/written'
import { afterKill, freshDisk, json, newPhone, USER, wire, type Phone } from './parts'

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
  await removeVault('another')
  expect([await notesAtLock(phone.vault), await notesAtLock('another')]).toEqual([[mine], []])
  await dropNote(phone.vault, mine)
  expect(await notesAtLock(phone.vault)).toEqual([])
})

/** The office's half: it opens the key as it was laid down, and each note with it. */
async function opened(sent: Sent): Promise<unknown[]> {
  const { deposit, vault, notes } = sent
  const parcel = { ...deposit, ...Object.fromEntries(['enc', 'ciphertext', 'signature'].map((part) => [part, fromBase64url(String(deposit[part]))])) }
  expect(await phone.server.verify(parcel as unknown as Twin, fromBase64url(phone.open.signing_public))).toBe(true)
  const laid = (await phone.server.open(parcel as unknown as Twin)) as { vault: string; key: string }
  expect(laid.vault).toBe(vault)
  const recipientKey = await suite.kem.deserializePrivateKey(fromBase64url(laid.key))
  return Promise.all(
    notes.map(async ({ id, enc, ciphertext }) => {
      const recipient = await suite.createRecipientContext({ recipientKey, enc: fromBase64url(enc), info: utf8(`oppgang/1|note|${vault}|${id}`) })
      return (JSON.parse(new TextDecoder().decode(await recipient.open(fromBase64url(ciphertext)))) as { words: string }).words
    }),
  )
}

interface Sent {
  readonly vault: string
  readonly deposit: Record<string, unknown>
  readonly notes: { id: string; enc: string; ciphertext: string }[]
}

/** A courier to an office that takes all into custody, or that answers with another status. */
function line(status = 200): { courier: Courier; sent: Sent[] } {
  const took = wire(({ body }) => json({ results: (body as unknown as Sent).notes.map(({ id }) => ({ mid: id, state: 'in_custody' })) }, status))
  return { courier: new Courier(took.wire), get sent() { return took.asked.map(({ body }) => body as unknown as Sent) } }
}

it('can be opened by the office alone when its vault is given up, and leaves the lock when it is in custody', async () => {
  for (const words of [WORDS, 'En annen']) await keepNote(phone.vault, key, newNote(), words)
  const bad = line(502)
  expect(await deliverNotes(bad.courier, phone.keeper.store)).toEqual({ taken: 0, left: 2 })
  expect(await notesAtLock(phone.vault)).toHaveLength(2)
  const good = line()
  expect(await deliverNotes(good.courier, phone.keeper.store)).toEqual({ taken: 2, left: 0 })
  expect(await opened(good.sent[0] as Sent)).toEqual([WORDS, 'En annen'])
  expect(await notesAtLock(phone.vault)).toEqual([])
})

it('goes in parts when there are many, and what has gone does not go again', async () => {
  for (let at = 0; at < 51; at++) await keepNote(phone.vault, key, newNote(), WORDS)
  const office = line()
  expect(await deliverNotes(office.courier, phone.keeper.store)).toEqual({ taken: 51, left: 0 })
  expect(office.sent.map(({ notes }) => notes.length)).toEqual([50, 1])
  expect(await deliverNotes(office.courier, phone.keeper.store)).toEqual({ taken: 0, left: 0 })
})

it('has one key for as long as the vault is', async () => {
  phone = { ...phone, keeper: await afterKill(phone) }
  await takeUp(phone.keeper)
  expect(await noteKey(phone.vault)).toEqual(key)
})
