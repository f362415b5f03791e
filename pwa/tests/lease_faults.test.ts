// What goes wrong while a lease ends or is given back, and phones from before there were leases.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BaseRecord } from '../../sync/phone'
import { Courier } from '../src/courier'
import { guardOf, Keeper as Kept, type Keeper } from '../src/keeper'
import { asMayBeRead, end } from '../src/lease_end'
import { granted, over, type Leases } from '../src/leases'
import { readmit } from '../src/leasing'
import { Rounds } from '../src/rounds'
import { isPersonal } from '../src/secrecy'
import { Store } from '../src/store'
import { openVault, type OpenVault } from '../src/vault'
import { json, leave, newPhone, takesAll, thumb, type, wire, type Phone } from './parts'

const HOUR_MS = 3_600_000
const T0 = Date.parse('2026-03-02T09:00:00.000Z')
const SHUT_AT = T0 + 73 * HOUR_MS
const HOURS = { personal: 72, technical: 336 }
const AREA = '018f2c5e-0000-7000-8000-0000000000aa'
const TALK = '018f2c5e-0000-7000-8000-0000000000bb'
const DEBT = '018f2c5e-0000-7000-8000-0000000000cc'

let phone: Phone
let keeper: Keeper

const given = (): Leases => granted(HOURS, new Date(T0).toISOString()) as Leases
const record = (kind: string, body: BaseRecord['body'], seq = 3): BaseRecord => ({ kind, seq, in: ['a'], body, gen: 1 })
const noRoom = (): never => {
  throw new DOMException('no room', 'QuotaExceededError')
}

function put(into: Keeper, ...many: [string, BaseRecord][]): void {
  const changes = many.map(([key, value]) => ({ act: 'put', store: 'base', key, value }) as const)
  into.apply({ state: { ...into.state, base: new Map([...into.state.base, ...many]) }, changes })
}

async function unlocked(personal = isPersonal): Promise<{ store: Store; vault: OpenVault }> {
  const vault = await openVault(await Store.open(phone.vault, null).envelope(), { passkey: true }, thumb)
  if (!vault) throw new Error('locked out')
  return { vault, store: Store.open(phone.vault, guardOf(vault, personal)) }
}

/** How this phone is read, with one set of keys. */
async function reader(personal = isPersonal, changed: () => void = () => undefined): Promise<() => Promise<Keeper>> {
  const { store, vault } = await unlocked(personal)
  return () => Kept.load(store, vault, 1, changed)
}

/** What the office gives back for what was laid down. */
async function keysOf(of: Keeper): Promise<Record<string, string>> {
  const { deposit } = await of.store.envelope()
  const back: Record<string, string> = {}
  for (const which of of.vault.shut) back[which] = ((await phone.server.open(deposit?.[which] as never)) as { key: string }).key
  return back
}

beforeEach(async () => {
  phone = await newPhone('here')
  keeper = await (await reader())()
  put(keeper, [AREA, record('area', { name: 'Nord' })], [TALK, record('party_talk', { words: 'Hun trives', talked_on: '2026-03-01' })])
  keeper.know({ leases: given() })
  await keeper.flush()
})
afterEach(() => vi.restoreAllMocks())

describe('a phone from before', () => {
  it('shuts what tells of somebody, though an older app wrote it as technical', async () => {
    const before = await (await reader((kind) => kind !== 'arrears_case' && isPersonal(kind)))()
    put(before, [DEBT, record('arrears_case', { opened_on: '2026-01-01' })])
    await before.flush()
    const shut = await asMayBeRead(await reader(), SHUT_AT)
    expect(shut.state.base.has(DEBT)).toBe(false)
    await readmit(shut, await keysOf(shut))
    expect(shut.state.base.has(DEBT)).toBe(true)
  })

  it('still hears an office that had said no to concealing', async () => {
    keeper.know({ ...keeper.profile, conceals: false, telephone: '900' } as never)
    put(keeper, [TALK, record('party_talk', { words: 'Hun trives', talked_on: '2026-03-01' }, 4)])
    await keeper.flush()
    const again = await (await reader())()
    expect(again.state.base.get(TALK)?.body['words']).toBe('Hun trives')
    expect(again.profile.policy).toMatchObject({ version: '', telephone: '900' })
  })
})

describe('a lease given back', () => {
  it.each(['a full phone', 'a broken disk'])('is whole or not at all: %s', async (how) => {
    await end(keeper, SHUT_AT)
    const shut = await (await reader())()
    const back = await keysOf(shut)
    const line = wire((one) => (one.path.endsWith('/leases') ? json(back) : json(takesAll(one, { server_now: new Date(SHUT_AT).toISOString() }))))
    if (how === 'a full phone') vi.spyOn(Store.prototype, 'keepEnvelope').mockImplementation(async () => noRoom())
    else vi.spyOn(Store.prototype, 'load').mockImplementation(async () => noRoom())
    let unopenable = 0
    const rounds = new Rounds(new Courier(line.wire), {
      app: 'test', keeper: () => shut, lockedStores: async () => [], installation: async () => 'i', maySpeak: async () => true,
      inFlight: () => undefined, heard: () => undefined, revoked: async () => undefined, unopenable: async () => void unopenable++,
      trouble: () => undefined, alone: (work) => work(), random: () => 0.5, newId: () => crypto.randomUUID(),
    })
    await rounds.sync()
    rounds.stop()
    const spoke = line.asked.some((one) => one.path.endsWith('/sync'))
    const whole = how === 'a full phone'
    expect([unopenable, spoke, shut.state.base.has(TALK), shut.vault.shut.length]).toEqual([0, whole, whole, whole ? 0 : 1])
  })

  it.each([400, 403, 500, 503])('may be refused (%i), and what is written meanwhile is sent sealed', async (status) => {
    await end(keeper, SHUT_AT)
    const shut = await (await reader())()
    type(shut, 'outcome', 'completed')
    leave(shut)
    await shut.flush()
    const line = wire((one) => {
      if (one.path.endsWith('/leases')) return json({}, status)
      return json({ results: (one.body['parcels'] as { mid: string }[]).map(({ mid }) => ({ mid, state: 'in_custody' })) })
    })
    const rounds = new Rounds(new Courier(line.wire), {
      app: 'test', keeper: () => shut, lockedStores: async () => [], installation: async () => 'i', maySpeak: async () => true,
      inFlight: () => undefined, heard: () => undefined, revoked: async () => undefined, unopenable: async () => undefined,
      trouble: () => undefined, alone: (work) => work(), random: () => 0.5, newId: () => crypto.randomUUID(),
    })
    await rounds.sync()
    rounds.stop()
    expect(line.asked.map((one) => one.path)).toEqual(['/api/v1/leases', '/api/v1/parcels'])
    expect([await shut.store.countTwins('open', 'frozen'), shut.vault.shut.length]).toEqual([0, 1])
  })

  it('lasts anew from the contact, before the next answer says so', async () => {
    keeper.know({ policy: { version: '1', lease: HOURS } })
    await keeper.flush()
    const shut = await asMayBeRead(await reader(), SHUT_AT)
    await readmit(shut, await keysOf(shut))
    expect(over(shut.profile.leases)).toEqual([])
  })

  it('is drawn as it is now, and not as it was before', async () => {
    const shut = await asMayBeRead(await reader(), SHUT_AT)
    await readmit(shut, await keysOf(shut))
    put(shut, [TALK, record('party_talk', { talked_on: '2026-03-02' }, 9)], [AREA, record('area', { name: 'Ny' }, 10)])
    await shut.flush()
    await new Promise((passed) => setTimeout(passed, 1_300))
    const again = await (await reader())()
    expect(again.state.base.get(TALK)?.seq).toBe(9)
  })

  it('tells nobody of a base that is open and not read in yet', async () => {
    await end(keeper, SHUT_AT)
    const half: boolean[] = []
    let shut: Keeper | null = null
    const read = await reader(isPersonal, () => void (shut?.whole && half.push(!shut.state.base.has(TALK))))
    shut = await read()
    const back = await keysOf(shut)
    shut.know({ ready_on: 'today' })
    await readmit(shut, back)
    expect(half).not.toContain(true)
  })
})

it('a full phone with time left on its lease can be opened', async () => {
  const read = await reader()
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(noRoom)
  await expect(asMayBeRead(read, T0 + HOUR_MS)).resolves.toBeTruthy()
})
