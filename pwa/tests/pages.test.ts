import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Keeper } from '../src/keeper'
import { StorageFull, StorageTaken } from '../src/stored'
import { leave, newPhone, thumb, type, VISIT, type Phone } from './parts'

let phone: Phone

beforeEach(async () => {
  phone = await newPhone('here')
})

/** The vault as another page of the app has it: with modules of its own, on the same disk. */
async function otherPage(): Promise<Keeper> {
  vi.resetModules()
  const [{ Store }, keeping, { openVault }] = await Promise.all([import('../src/store'), import('../src/keeper'), import('../src/vault')])
  const open = await openVault(phone.envelope, { passkey: true }, thumb)
  if (!open) throw new Error('locked out')
  const store = Store.open(phone.vault, keeping.guardOf(open, () => true))
  await store.claim()
  return keeping.Keeper.load(store, open, 1, () => undefined)
}

describe('a page that slept through losing the app', () => {
  it('does not lay what it had typed over what was typed since', async () => {
    const mid = type(phone.keeper, 'told', 'Hun trives')
    await phone.keeper.flush()
    const awake = await otherPage()
    expect(type(awake, 'told', 'Hun trives ikke')).toBe(mid)
    await awake.flush()

    leave(phone.keeper)
    await expect(phone.keeper.flush()).rejects.toThrow(StorageTaken)
    expect(phone.keeper.unwritten).toBe(false)
    const [row] = (await otherPage()).state.rows
    expect(row).toMatchObject({ mid, id: VISIT, state: 'open', set: { told: 'Hun trives ikke' } })
  })

  it('writes nothing from when the other has read what lies here, and all again when it has the app again', async () => {
    await otherPage()
    type(phone.keeper, 'told', 'Hun trives')
    await expect(phone.keeper.flush()).rejects.toThrow(StorageTaken)
    await phone.keeper.store.claim()
    await phone.keeper.flush()
    expect((await otherPage()).state.rows[0]?.set).toEqual({ told: 'Hun trives' })
  })
})

it('a full phone is told as such also where the browser ends the whole transaction for it', async () => {
  const real = IDBObjectStore.prototype.put
  let full = true
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given) {
    const asked = real.apply(this, given)
    const ends = this.transaction as unknown as { _abort(why: string): void }
    if (full) queueMicrotask(() => ends._abort('QuotaExceededError'))
    full = false
    return asked
  })
  type(phone.keeper, 'told', true)
  await expect(phone.keeper.flush()).rejects.toThrow(StorageFull)
  put.mockRestore()
  await phone.keeper.flush()
})
