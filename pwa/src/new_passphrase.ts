// Another passphrase for the same vault: its user's key is wrapped anew, and nothing that lies in it is written again.
import type { Secret } from './envelope'
import type { Keeper } from './keeper'
import { passphraseSlot } from './new_vault'
import { browserPasskeys, type Passkeys } from './passkeys'
import { openSlot } from './slots'

/** On the disk when it resolves; from then on the passphrase before opens nothing. False, and nothing is changed, for a wrong secret. */
export async function renew(keeper: Keeper, secret: Secret, passphrase: string, passkeys: Passkeys = browserPasskeys): Promise<boolean> {
  const { vault, slots } = await keeper.store.envelope()
  for (const slot of slots) {
    const userKey = await openSlot(vault, slot, secret, passkeys)
    if (!userKey) continue
    const made = await passphraseSlot(vault, passphrase, userKey)
    userKey.fill(0)
    await keeper.rekey((envelope) => ({ ...envelope, slots: [...envelope.slots.filter(({ kind }) => kind !== 'passphrase'), made] }))
    return true
  }
  return false
}
