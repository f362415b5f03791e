import { beforeEach, describe, expect, it } from 'vitest'
import type { BaseRecord } from '../../sync/phone'
import { Courier } from '../src/courier'
import { digestsOf } from '../src/digests'
import { Rounds } from '../src/rounds'
import { json, newPhone, takesAll, wire, type Asked, type Phone } from './parts'

const record = (seq: number, scopes: string[]): BaseRecord => ({ kind: 'visit', seq, in: scopes, body: {}, gen: 1 })
const put = (id: string, seq: number) => ({ id, kind: 'visit', seq, in: ['me:x'], body: {} })

let phone: Phone
beforeEach(async () => {
  phone = await newPhone('here')
})

/** Rounds against a server that answers as told. */
function against(say: (asked: Asked) => Response): { rounds: Rounds; asked: Asked[] } {
  const line = wire(say)
  const rounds = new Rounds(new Courier(line.wire), {
    app: 'test', keeper: () => phone.keeper, lockedStores: async () => [], installation: async () => 'i', maySpeak: async () => true,
    inFlight: () => undefined, heard: () => undefined, revoked: async () => undefined, unopenable: async () => undefined, alone: (work) => work(), random: () => 0.5, newId: () => crypto.randomUUID(),
    trouble: (error) => {
      throw error
    },
  })
  return { rounds, asked: line.asked }
}

describe('what a phone holds', () => {
  it('is one digest a scope, in any order, as the server works it out', async () => {
    const one = ['018f2c5e-0000-7000-8000-000000000001', record(7, ['a', 'b'])] as const
    const two = ['018f2c5e-0000-7000-8000-000000000002', record(2 ** 40, ['b'])] as const
    const there = await digestsOf(new Map([one, two]))
    expect(there).toEqual({ a: 'da8a031c73a98cb0', b: '56f6b649a76f4b6f' })
    expect(await digestsOf(new Map([two, one]))).toEqual(there)
    expect(await digestsOf(new Map())).toEqual({})
  })

  it('is told once a day, when all is fetched and nothing waits to be sent', async () => {
    let more = true
    const { rounds, asked } = against((one) => json(takesAll(one, { more, ...(one.body['digests'] !== undefined && { checked: true }), puts: [put('r', 3)] })))
    more = false
    for (let round = 0; round < 3; round++) await rounds.sync()
    rounds.stop()
    const told = asked.map((one) => one.body['digests'])
    expect(told).toEqual([undefined, await digestsOf(phone.keeper.state.base), undefined])
  })

  it('is told again until it was compared', async () => {
    const { rounds, asked } = against((one) => json(takesAll(one)))
    for (let round = 0; round < 3; round++) await rounds.sync()
    rounds.stop()
    expect(asked.map((one) => one.body['digests'])).toEqual([undefined, {}, {}])
  })

  it('is not reckoned for a line on which nobody answered last time', async () => {
    let line: 'up' | 'down' = 'up'
    const { rounds, asked } = against((one) => (line === 'up' ? json(takesAll(one)) : json({}, 502)))
    for (const next of ['up', 'down', 'down', 'up', 'up'] as const) {
      line = next
      await rounds.sync()
    }
    rounds.stop()
    expect(asked.map((one) => one.body['digests'])).toEqual([undefined, {}, undefined, undefined, {}])
  })
})
