// «Bare på nett»: what is read is read with contact alone, and what is written is lost by none of it.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BaseRecord, Json, Reply } from '../../sync/phone'
import { Courier } from '../src/courier'
import { guardOf, Keeper as Kept, type Keeper } from '../src/keeper'
import { asMayBeRead, end, isOver } from '../src/lease_end'
import { granted, over, reckoned, standing, type Leases } from '../src/leases'
import { layOut, readmit } from '../src/leasing'
import { newVault } from '../src/new_vault'
import { Rounds } from '../src/rounds'
import { Store } from '../src/store'
import { Vaults } from '../src/vaults'
import { addVault } from '../src/listed'
import { openVault } from '../src/vault'
import { json, newPhone, takesAll, thumb, type, USER, wire, type Asked, type Phone } from './parts'

const HOUR_MS = 3_600_000
const T0 = Date.parse('2026-03-02T09:00:00.000Z')
const ORDINARY = { personal: 72, technical: 336 }
const ALONE = { personal: 1, technical: 1, network_only: true }
const FLAT = '018f2c5e-0000-7000-8000-0000000000aa'
const NOTE = '018f2c5e-0000-7000-8000-0000000000bb'
const OTHER = '018f2c5e-0000-7000-8000-0000000000cc'

const given = (said: Json): Leases => granted(said, new Date(T0).toISOString()) as Leases
const record = (body: BaseRecord['body'], kind: string): BaseRecord => ({ kind, seq: 3, in: ['a'], body, gen: 1 })
const isPersonal = (kind: string): boolean => kind !== 'dwelling'
const outcomes = (of: Keeper): unknown[] => of.state.rows.map((row) => row.set['outcome'])

let phone: Phone
let keeper: Keeper
let rounds: Rounds | undefined

/** The app started anew on what is on the disk. */
async function started(): Promise<Keeper> {
  const store = Store.open(phone.vault, null)
  const vault = await openVault(await store.envelope(), { passkey: true }, thumb)
  if (!vault) throw new Error('locked out')
  return Kept.load(Store.open(phone.vault, guardOf(vault, isPersonal)), vault, 1, () => undefined)
}

/** Which keys of leases lie on the disk. */
const onDisk = async (): Promise<string[]> => Object.keys((await Store.open(phone.vault, null).envelope()).lease)

beforeEach(async () => {
  phone = await newPhone('here')
  keeper = await started()
  const base = new Map([
    [FLAT, record({ address: 'Storgata 12' }, 'dwelling')],
    [NOTE, record({ summary: 'Hun trives' }, 'conversation')],
  ])
  const changes = [...base].map(([key, value]) => ({ act: 'put' as const, store: 'base' as const, key, value }))
  keeper.apply({ state: { ...keeper.state, base }, changes })
  keeper.know({ policy: { version: '1', lease: ORDINARY }, leases: given(ORDINARY) })
  await keeper.flush()
})
afterEach(() => rounds?.stop())

/** What the office gives back of what this phone laid down. */
async function backFor(of: Keeper): Promise<Record<string, Json>> {
  const { deposit } = await of.store.envelope()
  const back: Record<string, Json> = {}
  for (const which of of.vault.shut) back[which] = ((await phone.server.open(deposit?.[which] as never)) as { key: string }).key
  return back
}

/** One round with an office that says this of leases, and gives back what was laid down. */
async function round(of: Keeper, lease: Json, at = T0): Promise<Asked[]> {
  const more: Partial<Reply> = { server_now: new Date(at).toISOString(), policy: { version: JSON.stringify(lease), lease } }
  const line = wire(async (one) => json(one.path.endsWith('/leases') ? await backFor(of) : takesAll(one, more)))
  rounds = new Rounds(new Courier(line.wire), {
    app: 'test', keeper: () => of, lockedStores: async () => [], installation: async () => 'installation', maySpeak: async () => true,
    inFlight: () => undefined, heard: () => undefined, revoked: async () => undefined, unopenable: async () => undefined,
    trouble: (error) => { throw error },
    alone: (work) => work(), random: () => 0.5, newId: () => crypto.randomUUID(),
  })
  await rounds.sync()
  rounds.stop()
  return line.asked
}

describe('a lease for the network only', () => {
  it('is over with each lock, and while it is open an hour after the last contact', () => {
    const leases = given(ALONE)
    expect([over(leases), over(leases, true)]).toEqual([[], ['technical', 'personal']])
    expect(over(reckoned(leases, T0 + HOUR_MS))).toEqual(['technical', 'personal'])
    expect(standing(leases, [])).toMatchObject({ network_only: true, near: false, over: false })
  })

  it('is no other than what the office has said by name', () => {
    for (const said of [ORDINARY, { ...ALONE, network_only: 'yes' }, { ...ALONE, network_only: false }]) {
      expect([over(given(said), true), standing(given(said), [])?.network_only]).toEqual([[], false])
    }
  })
})

describe('a phone that is told so', () => {
  it('keeps no key on its disk from then on, and reads on while it is open', async () => {
    await round(keeper, ALONE)
    expect([await onDisk(), keeper.vault.shut, keeper.state.base.size]).toEqual([[], [], 2])
    const killed = await started()
    expect([killed.vault.shut, killed.state.base.size, killed.damaged]).toEqual([['technical', 'personal'], 0, false])
    const cells = await (await killed.store.connection()).getAll('base')
    expect(cells.length).toBe(2)
    for (const cell of cells) await expect(killed.vault.decrypt(cell as never, cell.data)).rejects.toThrow()
  })

  it('opens nothing after a kill between the word and the deed', async () => {
    keeper.know({ leases: given(ALONE) })
    await keeper.flush()
    expect(await onDisk()).toEqual(['technical', 'personal'])
    const opened = await asMayBeRead(started, T0)
    expect([opened.state.base.size, await onDisk()]).toEqual([0, []])
  })

  it('is shut by the lock, and by an hour without contact', async () => {
    await round(keeper, ALONE)
    keeper.know({ leases: given(ALONE), offset_ms: 0 })
    expect(isOver(keeper, T0 + HOUR_MS - 1)).toBe(false)
    expect(isOver(keeper, T0 + HOUR_MS)).toBe(true)
    keeper.know({ leases: given(ALONE) })
    expect(await end(keeper, T0 + 1)).toBe(true)
    expect([keeper.vault.shut, keeper.vault.lease]).toEqual([['technical', 'personal'], {}])
  })

  it('loses nothing that was half written, and sends it without being opened', async () => {
    await round(keeper, ALONE)
    const mid = type(keeper, 'outcome', 'completed')
    await end(keeper, T0 + 1)
    const shut = await started()
    const [twin] = await shut.store.twins('frozen')
    expect([shut.unread, outcomes(shut), twin?.mid]).toEqual([1, [], mid])
    expect(await phone.server.open(twin as never)).toMatchObject({ mid, set: { outcome: 'completed' } })
  })

  it('opens with contact, and keeps the key that was given back in memory alone', async () => {
    await round(keeper, ALONE)
    type(keeper, 'outcome', 'completed')
    await end(keeper, T0 + 1)
    const shut = await started()
    const asked = await round(shut, ALONE, T0 + HOUR_MS)
    expect(asked.slice(0, 2).map((one) => one.path)).toEqual(['/api/v1/leases', '/api/v1/sync'])
    expect([shut.state.base.size, outcomes(shut), await onDisk()]).toEqual([2, ['completed'], []])
    expect((await started()).state.base.size).toBe(0)
  })

  it('shuts what was written without contact as well, once it has had some', async () => {
    await round(keeper, ALONE)
    await end(keeper, T0 + 1)
    const shut = await started()
    type(shut, 'outcome', 'refused', OTHER)
    await shut.flush()
    expect(outcomes(await started())).toEqual(['refused'])
    await readmit(shut, await backFor(shut))
    await shut.flush()
    const again = await started()
    expect([outcomes(again), again.unread]).toEqual([[], 1])
  })

  it('reads without contact again when that is taken away, and the key lies on the disk as before', async () => {
    await round(keeper, ALONE)
    await round(keeper, ORDINARY)
    expect(await onDisk()).toEqual(['technical', 'personal'])
    expect((await asMayBeRead(started, T0 + HOUR_MS)).state.base.size).toBe(2)
    await round(keeper, ALONE)
    await end(keeper, T0 + 1)
    const shut = await started()
    await round(shut, ORDINARY, T0 + HOUR_MS)
    expect((await asMayBeRead(started, T0 + 2 * HOUR_MS)).state.base.size).toBe(2)
  })

  it('has never had a key on its disk when its user was so at the login', async () => {
    const me = { user: USER, name: 'Kari', roles: [], demo: true, sealing_key: phone.server.key, began_at: '', server_now: new Date(T0).toISOString() }
    for (const [lease, keys] of [[ORDINARY, ['technical', 'personal']], [ALONE, []]] as const) {
      const written = vi.spyOn(Store.prototype, 'keepEnvelope')
      const vault = crypto.randomUUID()
      const fresh = await newVault(vault, { ...me, lease }, { passkey: true }, () => undefined, thumb)
      expect(written.mock.calls.map(([envelope]) => Object.keys(envelope.lease))).toEqual([keys])
      expect([fresh?.vault.shut, fresh?.profile.leases?.network_only]).toEqual([[], keys.length === 0 ? true : undefined])
      vi.restoreAllMocks()
    }
  })

  it('lays its keys down before they leave the disk', async () => {
    const before = await keeper.store.envelope()
    expect(before.deposit).toBeUndefined()
    keeper.know({ leases: given(ALONE) })
    await layOut(keeper)
    const { deposit, lease } = await keeper.store.envelope()
    expect([Object.keys(deposit ?? {}), lease]).toEqual([['technical', 'personal'], {}])
  })
})

it('the lock knows that the vault it would open shows nothing before there is contact', async () => {
  await addVault({ id: phone.vault, user: USER, initials: 'KN' })
  const here = new Vaults()
  await here.read()
  await here.counts(null)
  expect(await here.isShut(null)).toBe(false)
  await round(keeper, ALONE)
  expect(await here.isShut(phone.vault)).toBe(true)
})
