import { expect, it } from 'vitest'
import { Courier } from '../src/courier'
import { Rounds } from '../src/rounds'
import { Store } from '../src/store'
import { json, leave, newPhone, type, wire } from './parts'

it('a locked vault whose disk is bad holds up no other that lies on the phone', async () => {
  const phone = await newPhone('here')
  const mid = type(phone.keeper, 'outcome', 'completed')
  leave(phone.keeper)
  await phone.keeper.flush()
  phone.keeper.close()
  const bad = Store.open(crypto.randomUUID(), null)
  bad.twins = () => Promise.reject(new DOMException('the disk is bad', 'UnknownError'))
  const line = wire((asked) => json({ results: (asked.body['parcels'] as { mid: string }[]).map((one) => ({ mid: one.mid, state: 'in_custody' })) }))
  const rounds = new Rounds(new Courier(line.wire), {
    app: 'test',
    keeper: () => null,
    lockedStores: async () => [bad, Store.open(phone.vault, null)],
    installation: async () => 'installation',
    maySpeak: async () => true,
    inFlight: () => undefined,
    heard: () => undefined,
    revoked: async () => undefined,
    unopenable: async () => undefined,
    trouble: () => undefined,
    alone: (work) => work(),
    random: () => 0.5,
    newId: () => crypto.randomUUID(),
  })
  await rounds.sync()
  rounds.stop()
  expect(line.asked.map((asked) => asked.body['parcels'])).toMatchObject([[{ mid }]])
  expect((await Store.open(phone.vault, null).twins('custody')).map((twin) => twin.mid)).toEqual([mid])
})
