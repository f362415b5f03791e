import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BaseRecord } from '../../sync/phone'
import { Courier } from '../src/courier'
import type { Keeper } from '../src/keeper'
import { granted, over, reckoned, standing, type Leases } from '../src/leases'
import { asMayBeRead, end, isOver } from '../src/lease_end'
import { deposit, readmit } from '../src/leasing'
import { Rounds } from '../src/rounds'
import { guardOf, Keeper as Kept } from '../src/keeper'
import { Store } from '../src/store'
import { openVault } from '../src/vault'
import { json, leave, newPhone, problem, sealingServer, takesAll, thumb, type, VISIT, wire, type Asked, type Phone } from './parts'

const HOUR = 3_600_000
const T0 = Date.parse('2026-03-02T09:00:00.000Z')
const HOURS = { personal: 72, technical: 336 }
const FLAT = '018f2c5e-0000-7000-8000-0000000000aa'
const NOTE = '018f2c5e-0000-7000-8000-0000000000bb'

const given = (): Leases => {
  const leases = granted(HOURS, new Date(T0).toISOString())
  if (!leases) throw new Error('no lease')
  return leases
}

describe('a lease', () => {
  it('ends by itself, the personal part first', () => {
    expect(over(reckoned(given(), T0 + 72 * HOUR - 1))).toEqual([])
    expect(over(reckoned(given(), T0 + 72 * HOUR))).toEqual(['personal'])
    expect(over(reckoned(given(), T0 + 336 * HOUR))).toEqual(['technical', 'personal'])
  })

  it('is told of a day before, and sooner only when it is short', () => {
    const near = (leases: Leases | null, at: number): boolean | undefined => standing(leases ? reckoned(leases, at) : undefined, [])?.near
    expect(near(given(), T0 + 47 * HOUR)).toBe(false)
    expect(near(given(), T0 + 48 * HOUR)).toBe(true)
    expect(near(granted({ personal: 24, technical: 336 }, new Date(T0).toISOString()), T0 + 15 * HOUR)).toBe(false)
    expect(near(granted({ personal: 24, technical: 336 }, new Date(T0).toISOString()), T0 + 16 * HOUR)).toBe(true)
  })

  it('is not prolonged by a clock that is put back, once or again and again', () => {
    let leases = reckoned(given(), T0 + 60 * HOUR)
    leases = reckoned(leases, T0 - 1000 * HOUR)
    expect(over(leases)).toEqual([])
    leases = reckoned(leases, T0 - 1000 * HOUR + 11 * HOUR)
    expect(over(leases)).toEqual([])
    expect(over(reckoned(leases, T0 - 1000 * HOUR + 12 * HOUR))).toEqual(['personal'])
    leases = reckoned(leases, T0 - 2000 * HOUR)
    expect(over(reckoned(leases, T0 - 2000 * HOUR + HOUR))).toEqual(['personal'])
  })

  it('goes by a clock that is right again', () => {
    const behind = reckoned(reckoned(given(), T0 + 10 * HOUR), T0 - 1000 * HOUR)
    expect(reckoned(behind, T0 + 20 * HOUR)).toMatchObject({ reached: T0 + 20 * HOUR, behind: 0 })
  })

  it('lasts no longer than fourteen days, and is not believed when it cannot be read', () => {
    expect(granted({ personal: 9_999, technical: 9_999 }, new Date(T0).toISOString())?.ends.personal).toBe(T0 + 336 * HOUR)
    for (const said of [undefined, null, 'x', [72], {}, { personal: '72', technical: 1 }, { personal: -1, technical: 1 }]) {
      expect(granted(said, new Date(T0).toISOString())).toBeNull()
    }
    expect(granted(HOURS, 'soon')).toBeNull()
  })
})

const record = (body: BaseRecord['body'], kind: string): BaseRecord => ({ kind, seq: 3, in: ['a'], body, gen: 1 })

/** What is technical here: homes alone. */
const isPersonal = (kind: string): boolean => kind !== 'dwelling'
let phone: Phone
let keeper: Keeper

beforeEach(async () => {
  phone = await newPhone('here')
  keeper = await started()
  const base = new Map([
    [FLAT, record({ address: 'Storgata 12' }, 'dwelling')],
    [NOTE, record({ summary: 'Hun trives' }, 'conversation')],
  ])
  const changes = [...base].map(([key, value]) => ({ act: 'put' as const, store: 'base' as const, key, value }))
  keeper.apply({ state: { ...keeper.state, base }, changes })
  keeper.know({ leases: given() })
  await keeper.flush()
})

/** The app started anew on what is on the disk. */
async function started(): Promise<Keeper> {
  const store = Store.open(phone.vault, null)
  const vault = await openVault(await store.envelope(), { passkey: true }, thumb)
  if (!vault) throw new Error('locked out')
  return Kept.load(Store.open(phone.vault, guardOf(vault, isPersonal)), vault, 1, () => undefined)
}

const outcomes = (of: Keeper): unknown[] => of.state.rows.map((row) => row.set['outcome'])
const shutAt = T0 + 73 * HOUR

describe('when it has ended', () => {
  it('what tells of somebody cannot be read, from the disk either; the rest can', async () => {
    await keeper.store.picture(keeper.state.base)
    const shut = await asMayBeRead(started, shutAt)
    expect([...shut.state.base.keys()]).toEqual([FLAT])
    const again = await started()
    expect([...again.state.base.keys()]).toEqual([FLAT])
    expect(again.damaged).toBe(false)
    expect(again.vault.shut).toEqual(['personal'])
    const cell = (await (await again.store.connection()).getAll('base')).find((one) => one.id === NOTE)
    await expect(again.vault.decrypt(cell as never, cell?.data as ArrayBuffer)).rejects.toThrow()
  })

  it('takes no key and no work before its time', async () => {
    type(keeper, 'outcome', 'completed')
    expect(await end(keeper, T0 + 71 * HOUR)).toBe(false)
    expect(outcomes(await started())).toEqual(['completed'])
  })

  it('what was half written is finished, counted and sent sealed', async () => {
    const mid = type(keeper, 'outcome', 'completed')
    expect(await end(keeper, shutAt)).toBe(true)
    const shut = await started()
    expect(shut.unread).toBe(1)
    const [twin] = await shut.store.twins('frozen')
    expect(twin?.mid).toBe(mid)
    expect(await phone.server.open(twin as never)).toMatchObject({ mid, set: { outcome: 'completed' } })
  })

  it('what is written afterwards can be read by who wrote it, and does not mix with what is shut', async () => {
    await end(keeper, shutAt)
    const shut = await started()
    type(shut, 'outcome', 'refused', crypto.randomUUID())
    await shut.flush()
    expect(outcomes(await started())).toEqual(['refused'])
  })

  it('all of it is there again when the office has given the key back, with what was written meanwhile', async () => {
    type(keeper, 'outcome', 'completed')
    leave(keeper)
    await end(keeper, shutAt)
    const shut = await started()
    type(shut, 'outcome', 'refused', crypto.randomUUID())
    const load = shut.store.load.bind(shut.store)
    vi.spyOn(shut.store, 'load').mockImplementation(async () => {
      const read = await load()
      type(shut, 'outcome', 'nobody_home', crypto.randomUUID()) // nobody stops writing for this
      return read
    })
    await readmit(shut, await opened(shut))
    expect([...shut.state.base.keys()].sort()).toEqual([FLAT, NOTE].sort())
    expect(outcomes(shut)).toEqual(['completed', 'refused', 'nobody_home'])
    expect(shut.unread).toBe(0)
    await shut.flush()
    expect([...(await started()).state.base.keys()].sort()).toEqual([FLAT, NOTE].sort())
  })

  it('a key of another vault opens nothing, and nothing is lost by it', async () => {
    await end(keeper, shutAt)
    const shut = await started()
    await expect(readmit(shut, { personal: 'AAAA'.repeat(20) })).rejects.toThrow()
    expect(shut.vault.shut).toEqual(['personal'])
    await readmit(shut, await opened(shut))
    expect(shut.state.base.has(NOTE)).toBe(true)
  })

  it('a clock that ran ahead shuts early, and takes nothing that does not come back', async () => {
    expect(isOver(keeper, T0 + 9_000 * HOUR)).toBe(true)
    await end(keeper, T0 + 9_000 * HOUR)
    const shut = await started()
    expect(shut.vault.shut).toEqual(['technical', 'personal'])
    expect(shut.state.base.size).toBe(0)
    await readmit(shut, await opened(shut))
    expect(shut.state.base.size).toBe(2)
  })

  it('draws no picture of what is left, nor of what was there before', async () => {
    const many = Array.from({ length: 250 }, (_, at) => [`b${at}`, record({ address: String(at) }, 'dwelling')] as const)
    keeper.apply({ state: { ...keeper.state, base: new Map([...keeper.state.base, ...many]) }, changes: many.map(([key, value]) => ({ act: 'put' as const, store: 'base' as const, key, value })) })
    await keeper.flush()
    await end(keeper, shutAt)
    await new Promise((passed) => setTimeout(passed, 1_200))
    expect(await (await keeper.store.connection()).getAll('snapshot')).toEqual([])
  })
})

/** What the server answers: the key of each lease, as it was laid down here. */
async function opened(of: Keeper): Promise<Record<string, string>> {
  const { deposit: sealed } = await of.store.envelope()
  const back: Record<string, string> = {}
  for (const which of of.vault.shut) {
    const said = (await phone.server.open(sealed?.[which] as never)) as { lease: string; key: string }
    expect(said.lease).toBe(which)
    back[which] = said.key
  }
  return back
}

describe('a round', () => {
  let rounds: Rounds
  let unopenable: number
  afterEach(() => rounds.stop())

  function against(of: Keeper, say: (asked: Asked) => Response | Promise<Response>): Asked[] {
    const line = wire(say)
    unopenable = 0
    rounds = new Rounds(new Courier(line.wire), {
      app: 'test', keeper: () => of, lockedStores: async () => [], installation: async () => 'installation', maySpeak: async () => true,
      inFlight: () => undefined, heard: () => undefined, revoked: async () => undefined, unopenable: async () => void unopenable++,
      trouble: (error) => { throw error },
      alone: (work) => work(), random: () => 0.5, newId: () => crypto.randomUUID(),
    })
    return line.asked
  }

  it('asks for what is shut first, reads it in, and only then sends and fetches', async () => {
    type(keeper, 'outcome', 'completed', VISIT)
    leave(keeper, VISIT)
    await end(keeper, shutAt)
    const shut = await started()
    const back = await opened(shut)
    const now = new Date(T0 + 80 * HOUR).toISOString()
    const asked = against(shut, (one) => (one.path.endsWith('/leases') ? json(back) : json(takesAll(one, { server_now: now, policy: { version: '1', lease: HOURS } }))))
    await rounds.sync()
    expect(asked.slice(0, 2).map((one) => one.path)).toEqual(['/api/v1/leases', '/api/v1/sync'])
    expect((asked[1]?.body['push'] as unknown[]).length).toBe(1)
    expect(over(shut.profile.leases)).toEqual([])
    expect(standing(shut.profile.leases, shut.vault.shut)).toMatchObject({ near: false, over: false })
  })

  it('renews the leases by the policy that it was told before, and need not be told again', async () => {
    keeper.know({ policy: { version: '1', lease: HOURS } })
    const now = new Date(T0 + 40 * HOUR).toISOString()
    against(keeper, (one) => json(takesAll(one, { server_now: now, policy: {} })))
    await rounds.sync()
    expect(keeper.profile.leases?.ends.personal).toBe(T0 + 112 * HOUR)
  })

  it('keeps everything shut while nobody is logged in, and sends what is sealed all the same', async () => {
    type(keeper, 'outcome', 'completed', VISIT)
    await end(keeper, shutAt)
    const shut = await started()
    const asked = against(shut, (one) => {
      if (!one.path.endsWith('/parcels')) return json({}, 401)
      return json({ results: (one.body['parcels'] as { mid: string }[]).map(({ mid }) => ({ mid, state: 'in_custody' })) })
    })
    await rounds.sync()
    expect(asked.map((one) => one.path)).toEqual(['/api/v1/leases', '/api/v1/parcels'])
    await shut.countUnread()
    expect(shut.unread).toBe(0)
    expect(shut.vault.shut).toEqual(['personal'])
  })

  it('gives the vault up only when the office says that it cannot open what was laid down', async () => {
    await end(keeper, shutAt)
    const shut = await started()
    const strange = [500, 403, 400, 422, 410].map((status) => [json({}, status), 0] as const)
    for (const [answer, given_up] of [...strange, [problem('unreadable', 400), 0], [problem('lease_unopenable', 400), 1]] as const) {
      const asked = against(shut, (one) => (one.path.includes('/replicas/') ? json({ replica: 'x' }) : answer))
      await rounds.sync()
      rounds.stop()
      expect([unopenable, asked.filter((one) => one.path.endsWith('/leases')).length]).toEqual([given_up, 1])
    }
    expect(shut.vault.shut).toEqual(['personal'])
  })

  it('seals to the new key of the server from the answer on, and after a kill', async () => {
    const next = { ...(await sealingServer()), id: 'seal-2' }
    const key = { id: 'seal-2', public: next.key.public }
    against(keeper, (one) => json(takesAll(one, { policy: { version: '1', sealing_key: key } })))
    await rounds.sync()
    for (const of of [keeper, await started()]) {
      const mid = type(of, 'outcome', 'completed', crypto.randomUUID())
      await of.flush()
      const twin = (await of.store.twins('open')).find((one) => one.mid === mid)
      expect(twin?.key).toBe('seal-2')
      expect(await next.open(twin as never)).toMatchObject({ mid })
    }
  })

  it('believes no key that comes in any other answer, and none that is no key', async () => {
    const { key } = await sealingServer()
    const policy = { version: '1', sealing_key: { ...key, id: 'another' } }
    type(keeper, 'outcome', 'completed', VISIT)
    leave(keeper, VISIT)
    await keeper.flush()
    against(keeper, (one) => json({ policy, ...policy, results: [] }, one.path.endsWith('/sync') ? 401 : 200))
    await rounds.sync()
    rounds.stop()
    expect(keeper.vault.identity.sealing_key.id).toBe('seal-1')
    against(keeper, (one) => json(takesAll(one, { policy: { version: '2', sealing_key: { id: 'another', public: 'AAAA' } } })))
    await rounds.sync()
    expect(keeper.vault.identity.sealing_key.id).toBe('seal-1')
    expect((await started()).vault.identity.sealing_key.id).toBe('seal-1')
  })
})

it('what is laid down once is not laid down anew', async () => {
  await deposit(keeper)
  const { deposit: first } = await keeper.store.envelope()
  await deposit(keeper)
  expect((await keeper.store.envelope()).deposit).toEqual(first)
})
