// What is opened on the phone is told to the office: sealed, by the hour, once, and before what was written.
import { beforeEach, expect, it, vi } from 'vitest'
import type { Json } from '../../sync/phone'
import { fromBase64url } from '../src/bytes'
import { Courier } from '../src/courier'
import { lyingOf, removeVault } from '../src/listed'
import { deliverLooks, noteLook } from '../src/looked'
import { looksFirst } from '../src/looks_first'
import { onPhone } from '../src/store'
import type { Twin } from '../src/stored'
import { json, newPhone, wire, type Phone } from './parts'

const HOME = '018f2c5e-0000-7000-8000-0000000000aa'
const TALK = '018f2c5e-0000-7000-8000-0000000000bb'
const EIGHT = Date.parse('2026-11-29T08:10:00.000Z')
const HOUR_MS = 3_600_000

let phone: Phone

beforeEach(async () => {
  phone = await newPhone('here')
})

/** An office that takes every sheet, or answers with another status; it opens what it got. */
function office(status = 200) {
  const took = wire(({ body }) => json({ results: sheetsIn(body).map(({ mid }) => ({ mid, state: 'in_custody' })) }, status))
  const opened = (): Promise<Json[]> => Promise.all(took.asked.flatMap(({ body }) => sheetsIn(body)).map((sheet) => phone.server.open(sheet)))
  return { courier: new Courier(took.wire), asked: took.asked, opened }
}

function sheetsIn(body: Record<string, Json>): Twin[] {
  const raw = (text: unknown): Uint8Array<ArrayBuffer> => fromBase64url(String(text))
  return (body['looks'] as unknown as Record<string, unknown>[]).map((one) => ({ ...one, enc: raw(one['enc']), ciphertext: raw(one['ciphertext']), signature: raw(one['signature']) }) as unknown as Twin)
}

it('says by the hour what was opened, each once, and leaves the phone when the office has it', async () => {
  await noteLook(phone.keeper, [HOME], EIGHT)
  await noteLook(phone.keeper, [HOME, TALK], EIGHT + 60_000)
  await noteLook(phone.keeper, [HOME], EIGHT + HOUR_MS)
  const there = office()
  await deliverLooks(there.courier, phone.vault)
  expect(await there.opened()).toEqual([{ looks: { '2026-11-29T08:00:00.000Z': [HOME, TALK], '2026-11-29T09:00:00.000Z': [HOME] } }])
  expect(await lyingOf('look', phone.vault)).toEqual([])
})

it('lies there with no id that can be read, and goes with its vault', async () => {
  await noteLook(phone.keeper, [HOME], EIGHT)
  const lying = await onPhone(async (db) => Promise.all((await db.getAllKeys('phone')).map(async (key) => [key, await db.get('phone', key)])))
  expect(JSON.stringify(lying)).toContain('look|')
  expect(JSON.stringify(lying)).not.toContain(HOME)
  await removeVault(phone.vault)
  expect(await lyingOf('look', phone.vault)).toEqual([])
})

it('waits on a bad line, and what is opened meanwhile is on another sheet', async () => {
  await noteLook(phone.keeper, [HOME], EIGHT)
  await looksFirst(office(502).courier, phone.vault)
  await noteLook(phone.keeper, [TALK], EIGHT)
  expect(await lyingOf('look', phone.vault)).toHaveLength(2)
  const there = office()
  await looksFirst(there.courier, phone.vault)
  expect((await there.opened()).map((one) => JSON.stringify(one)).sort()).toEqual([`{"looks":{"2026-11-29T08:00:00.000Z":["${HOME}"]}}`, `{"looks":{"2026-11-29T08:00:00.000Z":["${TALK}"]}}`])
})

it('asks nobody anything where nothing was opened, and a fault in it holds nothing up', async () => {
  const there = office()
  await looksFirst(there.courier, phone.vault)
  expect(there.asked).toEqual([])
  await noteLook(phone.keeper, [HOME], EIGHT)
  vi.spyOn(there.courier, 'looks').mockRejectedValue(new Error('no such door'))
  await expect(looksFirst(there.courier, phone.vault)).resolves.toBeUndefined()
})

it('begins another sheet when one is full', async () => {
  const many = Array.from({ length: 201 }, (_, at) => `018f2c5e-0000-7000-8000-${String(at).padStart(12, '0')}`)
  for (const id of many) await noteLook(phone.keeper, [id], EIGHT)
  expect(await lyingOf('look', phone.vault)).toHaveLength(2)
})
