// Another passphrase: the same vault, opened by it and by the one before no more.
import { beforeEach, expect, it } from 'vitest'
import { renew } from '../src/new_passphrase'
import { Store } from '../src/store'
import { openVault } from '../src/vault'
import { newPhone, PASSPHRASE, thumb, type as touch, type Phone } from './parts'

const OTHER = 'sjø lampe torsdag kvist'
let phone: Phone

const opens = async (secret: { passphrase?: string; passkey?: boolean }): Promise<boolean> => {
  const open = await openVault(await Store.open(phone.vault, null).envelope(), secret, thumb)
  if (!open) return false
  const row = phone.keeper.state.rows[0]
  await phone.keeper.flush()
  expect([open.identity.user, open.signing_public]).toEqual([phone.open.identity.user, phone.open.signing_public])
  expect(row).toBeDefined()
  return true
}

beforeEach(async () => {
  phone = await newPhone('here')
  touch(phone.keeper, 'outcome', 'completed')
  await phone.keeper.flush()
})

it('opens what the one before opened, which opens it no more', async () => {
  expect(await renew(phone.keeper, { passkey: true }, PASSPHRASE, thumb)).toBe(true)
  expect([await opens({ passphrase: PASSPHRASE }), await opens({ passkey: true })]).toEqual([true, true])
  expect(await renew(phone.keeper, { passphrase: PASSPHRASE }, OTHER, thumb)).toBe(true)
  expect([await opens({ passphrase: OTHER }), await opens({ passphrase: PASSPHRASE }), await opens({ passkey: true })]).toEqual([true, false, true])
})

it('is refused to whoever lacks the one before, and nothing is changed', async () => {
  await renew(phone.keeper, { passkey: true }, PASSPHRASE, thumb)
  const before = await phone.keeper.store.envelope()
  expect(await renew(phone.keeper, { passphrase: OTHER }, OTHER, thumb)).toBe(false)
  expect(await renew(phone.keeper, {}, OTHER, thumb)).toBe(false)
  expect(await phone.keeper.store.envelope()).toEqual(before)
})
