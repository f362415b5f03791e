import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Store } from '../src/store'
import { StorageLost } from '../src/stored'
import { afterKill, newPhone, type, type Phone } from './parts'

let phone: Phone

beforeEach(async () => {
  phone = await newPhone()
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('what was read before the vault was opened', () => {
  const readings = (): { count: number } => {
    const seen = { count: 0 }
    const real = IDBDatabase.prototype.transaction
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, names, mode, options) {
      if ([names].flat().includes('snapshot')) seen.count++
      return real.call(this as never, names as never, mode as never, options as never) as never
    })
    return seen
  }

  it('needs no key, and is not read again', async () => {
    type(phone.keeper, 'outcome', 'completed')
    await phone.keeper.flush()
    const lying = await Store.open(phone.vault, null).lying()
    const seen = readings()
    const { values } = await phone.keeper.store.load(lying)
    expect([values.rows.size, seen.count]).toEqual([1, 0])
  })

  it('counts for nothing when something was written since', async () => {
    type(phone.keeper, 'outcome', 'completed')
    await phone.keeper.flush()
    const lying = await Store.open(phone.vault, null).lying()
    type(phone.keeper, 'told', true)
    await phone.keeper.flush()
    expect((await afterKill(phone, lying)).state.rows[0]?.set).toEqual({ outcome: 'completed', told: true })
    const again = await Store.open(phone.vault, null).lying()
    await phone.keeper.store.keepOnlySealed()
    await expect(afterKill(phone, again)).rejects.toThrow(StorageLost)
  })
})
