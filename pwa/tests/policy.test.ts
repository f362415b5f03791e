import { beforeEach, describe, expect, it } from 'vitest'
import { Courier } from '../src/courier'
import type { Keeper } from '../src/keeper'
import { Rounds } from '../src/rounds'
import { afterKill, json, newPhone, takesAll, wire, type Asked, type Phone } from './parts'

let phone: Phone
beforeEach(async () => {
  phone = await newPhone('here')
})

/** The office's side: tells its policy to whoever does not say that they hold it. */
const policy = { version: 'b', telephone: '900 00 000', conceals: false, rules: { tries_max: 4 }, of_a_later_app: [1] }
const told = (one: Asked) => json(takesAll(one, { ...(one.body['policy'] !== 'b' && { policy }) }))

/** What a phone says it holds in a few rounds against a server that answers as told. */
async function says(keeper: Keeper, rounds: number, say: (asked: Asked) => Response = told): Promise<unknown[]> {
  const line = wire(say)
  const all = new Rounds(new Courier(line.wire), {
    app: 'test', keeper: () => keeper, lockedStores: async () => [], installation: async () => 'i', maySpeak: async () => true,
    inFlight: () => undefined, heard: () => undefined, revoked: async () => undefined, unopenable: async () => undefined, alone: (work) => work(), random: () => 0.5, newId: () => crypto.randomUUID(),
    trouble: (error) => {
      throw error
    },
  })
  for (let round = 0; round < rounds; round++) await all.sync()
  all.stop()
  await keeper.flush()
  return line.asked.map((one) => one.body['policy'])
}

describe('what the office tells all phones alike', () => {
  it('is kept whole, and said to be held from then on, also after a kill', async () => {
    expect(await says(phone.keeper, 3)).toEqual([undefined, 'b', 'b'])
    const again = await afterKill(phone)
    expect(again.profile.policy).toEqual(policy)
    expect(await says(again, 1)).toEqual(['b'])
  })

  it('is asked for again by a vault that was begun anew', async () => {
    await says(phone.keeper, 2)
    const fresh = await newPhone('anew')
    expect(await says(fresh.keeper, 2)).toEqual([undefined, 'b'])
    expect(fresh.keeper.profile.policy?.rules?.tries_max).toBe(4)
  })

  it('gives way to another, and to nothing that has no name', async () => {
    await says(phone.keeper, 1)
    await says(phone.keeper, 1, (one) => json(takesAll(one, { policy: { too_old: true } })))
    expect(phone.keeper.profile.policy?.telephone).toBe('900 00 000')
    await says(phone.keeper, 1, (one) => json(takesAll(one, { policy: { version: 'c', telephone: '911 11 111' } })))
    expect(phone.keeper.profile.policy).toEqual({ version: 'c', telephone: '911 11 111' })
  })
})
