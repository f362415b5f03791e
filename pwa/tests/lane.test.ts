import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Bytes } from '../src/bytes'
import type { Answer, Arrived, Courier } from '../src/courier'
import { uuid7 } from '../src/ids'
import type { Keeper } from '../src/keeper'
import { Lane } from '../src/lane'
import { keepPhoto, photoIds } from '../src/shoebox'
import { newPhone, type Phone } from './parts'

const PICTURE = crypto.getRandomValues(new Uint8Array(900)) as Bytes

let phone: Phone
let held: Keeper | null
let id: string
let asked: number
let answer: () => Promise<Answer<Arrived>>
let arrived: string[]
let lane: Lane

beforeEach(async () => {
  phone = await newPhone('here')
  held = phone.keeper
  id = uuid7(Date.now())
  asked = 0
  arrived = []
  await keepPhoto(phone.keeper.store, { id, state: 'waiting', updated: Date.now(), ...(await phone.open.encryptPhoto(id, phone.keeper.state.replica, PICTURE)) })
  const courier = { arrived: () => (asked++, answer()) } as unknown as Courier
  lane = new Lane(courier, { keeper: () => held, unwanted: () => false, arrived: (one) => void arrived.push(one), random: () => 0.5 })
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: new Date('2040-01-01T12:00:00.000Z') })
})
afterEach(() => void vi.useRealTimers())

const there = async (): Promise<Answer<Arrived>> => ({ kind: 'ok', body: { offset: PICTURE.length, complete: true }, sent_at: 0, answered_at: 0 })

it('a photo that a bad line held up goes on when the clock that was years ahead is put right', async () => {
  answer = async () => ({ kind: 'offline' })
  await lane.run()
  expect(asked).toBe(1)
  await lane.run()
  expect(asked).toBe(1)
  vi.setSystemTime(new Date('2026-11-30T12:00:00.000Z'))
  answer = there
  await vi.advanceTimersByTimeAsync(60_000)
  await vi.waitFor(() => expect(arrived).toEqual([id]))
  expect(await photoIds(phone.keeper.store, 'sent')).toEqual([id])
})

it('a photo that has come when its vault is closed is not counted among another’s', async () => {
  answer = () => {
    held = null
    return there()
  }
  await lane.run()
  expect(await photoIds(phone.keeper.store, 'sent')).toEqual([id])
  expect(arrived).toEqual([])
})
