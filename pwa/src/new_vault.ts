// Makes a vault: its keys are made here once, and leave only wrapped. It comes to the phone when it is needed.
import { random, toBase64url, utf8, type Bytes } from './bytes'
import { aes, derived, PREFIX, wrap } from './ciphers'
import { CONTRACT } from './contract'
import type { Me } from './courier'
import type { Envelope, Identity, PasskeySlot, PassphraseSlot, Secret, Slot } from './envelope'
import { guardOf, Keeper } from './keeper'
import { LEASED, type Leased } from './leases'
import { laidOut } from './leasing'
import { profileOf } from './profile'
import { browserPasskeys, type Passkeys } from './passkeys'
import { isPersonal } from './secrecy'
import { about, fromPassphrase, MEMORY_KIB, PASSES } from './slots'
import { Store } from './store'
import { EC, OpenVault, type Own } from './vault'

const subtle = crypto.subtle

/** A vault for whoever is logged in, on the disk when this resolves. Null when a passkey was asked for and the browser gave none. */
export async function newVault(id: string, me: Me, secret: Secret, changed: () => void, passkeys = browserPasskeys): Promise<Keeper | null> {
  const made = await makeVault(id, { user: me.user, sealing_key: me.sealing_key }, secret, passkeys)
  if (!made) return null
  const { open, envelope } = made
  const replica = crypto.randomUUID()
  const profile = profileOf(me)
  const first = profile.leases?.network_only ? laidOut(await open.deposited(envelope, replica), open, LEASED) : envelope
  const store = await Store.make(id, first, guardOf(open, isPersonal))
  return Keeper.make(store, open, replica, CONTRACT, profile, changed)
}

export async function passphraseSlot(vault: string, passphrase: string, userKey: Bytes): Promise<PassphraseSlot> {
  const slot = { kind: 'passphrase', salt: random(16), memory_kib: MEMORY_KIB, passes: PASSES, lanes: 1 } as const
  return { ...slot, wrapped: await wrap(await fromPassphrase(passphrase, slot), userKey, about(vault, slot)) }
}

async function passkeySlot(vault: string, passkeys: Passkeys, userKey: Bytes): Promise<PasskeySlot | null> {
  const salt = random(32)
  const made = await passkeys.make(vault, salt)
  if (!made) return null
  const slot = { kind: 'passkey', credential: made.credential, salt } as const
  const key = await derived(made.secret, vault, 'passkey')
  return { ...slot, wrapped: await wrap(key, userKey, about(vault, slot)) }
}

/** Makes a vault of its own generation. Null when a passkey was asked for and the browser gave none. */
export async function makeVault(
  vault: string,
  identity: Identity,
  secret: Secret,
  passkeys: Passkeys = browserPasskeys,
): Promise<{ envelope: Envelope; open: OpenVault } | null> {
  const userKey = random(32)
  const slots: Slot[] = []
  if (secret.passkey) {
    const slot = await passkeySlot(vault, passkeys, userKey)
    if (slot) slots.push(slot)
  }
  if (secret.passphrase !== undefined) slots.push(await passphraseSlot(vault, secret.passphrase, userKey))
  if (slots.length === 0) return null
  const wrapped = async (which: Leased) => {
    const lease = random(32)
    return {
      lease: await wrap(await derived(userKey, vault, `lease|${which}`), lease, `${PREFIX}|lease|${vault}|${which}`),
      data: await wrap(await aes(lease), random(32), `${PREFIX}|data|${vault}|${which}`),
    }
  }
  const [technical, personal] = await Promise.all([wrapped('technical'), wrapped('personal')])
  const pair = await subtle.generateKey(EC, true, ['sign', 'verify'])
  const own: Own = {
    ...identity,
    signing: toBase64url(new Uint8Array(await subtle.exportKey('pkcs8', pair.privateKey))),
    signing_public: toBase64url(new Uint8Array(await subtle.exportKey('raw', pair.publicKey))),
  }
  const ownKey = await derived(userKey, vault, 'own')
  const envelope: Envelope = {
    version: 1,
    vault,
    slots,
    lease: { technical: technical.lease, personal: personal.lease },
    data: { technical: technical.data, personal: personal.data },
    own: await wrap(ownKey, utf8(JSON.stringify(own)), `${PREFIX}|own|${vault}`),
  }
  const open = await OpenVault.from(envelope, userKey)
  userKey.fill(0)
  return { envelope, open }
}
