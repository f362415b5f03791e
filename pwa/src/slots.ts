// The ways into a vault: a passphrase or a passkey, each with the user's key wrapped under it. No key stays here.
import { toBase64url, type Bytes } from './bytes'
import { aes, derived, PREFIX, unwrap } from './ciphers'
import type { PasskeySlot, PassphraseSlot, Secret, Slot } from './envelope'
import type { Passkeys } from './passkeys'
import { stretch } from './stretch'

/** A slot asks for less work than we accept: somebody has written into it. */
export class WeakSlot extends Error {}

export const MEMORY_KIB = 65_536
export const PASSES = 3

export async function fromPassphrase(passphrase: string, slot: Omit<PassphraseSlot, 'wrapped'>): Promise<CryptoKey> {
  if (slot.memory_kib < MEMORY_KIB || slot.passes < PASSES || slot.lanes < 1 || slot.salt.length < 16) {
    throw new WeakSlot('the passphrase slot is below the floor')
  }
  const { salt, memory_kib, passes, lanes } = slot
  const raw = await stretch({ passphrase: passphrase.normalize('NFKC').trim(), salt, memory_kib, passes, lanes })
  const key = await aes(raw)
  raw.fill(0)
  return key
}

export const about = (vault: string, slot: Omit<PassphraseSlot, 'wrapped'> | Omit<PasskeySlot, 'wrapped'>): string =>
  slot.kind === 'passphrase'
    ? `${PREFIX}|slot|${vault}|passphrase|${slot.memory_kib}|${slot.passes}|${slot.lanes}`
    : `${PREFIX}|slot|${vault}|passkey|${toBase64url(slot.credential)}`

export async function openSlot(vault: string, slot: Slot, secret: Secret, passkeys: Passkeys): Promise<Bytes | null> {
  let key: CryptoKey
  if (slot.kind === 'passphrase') {
    if (!secret.passphrase?.trim()) return null
    key = await fromPassphrase(secret.passphrase, slot)
  } else {
    if (!secret.passkey) return null
    const answer = await passkeys.ask(slot.credential, slot.salt)
    if (!answer) return null
    key = await derived(answer, vault, 'passkey')
  }
  try {
    return await unwrap(key, slot.wrapped, about(vault, slot))
  } catch {
    return null
  }
}
