// What ends a vault: our own server's named word, about this very vault, and nothing else.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Courier } from '../src/courier'
import type { Keeper } from '../src/keeper'
import { Rounds } from '../src/rounds'
import { json, leave, newPhone, problem, type, wire, type Phone } from './parts'

let phone: Phone
let open: Keeper | null
let ended: string[]
let rounds: Rounds

beforeEach(async () => {
  phone = await newPhone('here')
  open = phone.keeper
  ended = []
  type(phone.keeper, 'outcome', 'completed')
  leave(phone.keeper)
  await phone.keeper.flush()
})
afterEach(() => rounds.stop())

/** One round against a server that answers as told. */
async function round(say: () => Response): Promise<void> {
  rounds = new Rounds(new Courier(wire(say).wire), {
    app: 'test', keeper: () => open, lockedStores: async () => [], installation: async () => 'i', maySpeak: async () => true,
    inFlight: () => undefined, heard: (news) => void ended.push(news.kind),
    revoked: async () => void ended.push('revoked'), unopenable: async () => void ended.push('unopenable'),
    trouble: () => undefined, alone: (work) => work(), random: () => 0.5, newId: () => crypto.randomUUID(),
  })
  await rounds.sync()
}

it('is said by our own server, by name', async () => {
  await round(() => problem('device_revoked', 410))
  expect(ended).toEqual(['revoked'])
})

it('is no number that a stranger on the line says', async () => {
  await round(() => json({ code: 'gone' }, 410))
  expect([ended, phone.keeper.state.rows.length]).toEqual([['unreachable'], 1])
})

it('is said of no other vault than the one that asked', async () => {
  await round(() => {
    open = null // locked while the answer was on its way
    return problem('device_revoked', 410)
  })
  expect(ended).toEqual([])
})
