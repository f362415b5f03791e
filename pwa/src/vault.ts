// The phone's safe: makes, wraps and holds every key; nothing else sees one, and none leaves this file unwrapped.
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { fromBase64url, joined, random, text, toBase64url, utf8, type Bytes } from './bytes'
import type { Envelope, Identity, Label, Parcel, PasskeySlot, PassphraseSlot, Secret, Slot } from './envelope'
import { browserPasskeys, type Passkeys } from './passkeys'
import type { KeptPhoto } from './stored'
import { stretch } from './stretch'

/** A slot asks for less work than we accept: somebody has written into it. */
export class WeakSlot extends Error {}

const MEMORY_KIB = 65_536
const PASSES = 3
const PREFIX = 'oppgang/1'
const AES = { name: 'AES-GCM', length: 256 } as const
const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const

const subtle = crypto.subtle

/** Four words or sixteen characters: enough to stand alone against whoever has stolen the disk. */
export function strongEnough(passphrase: string): boolean {
  const said = passphrase.normalize('NFKC').trim()
  const words = new Set(said.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length >= 3))
  if (words.size >= 4) return true
  return [...said].length >= 16 && new Set(said).size >= 8
}

async function wrap(key: CryptoKey, plain: Bytes, about: string): Promise<Bytes> {
  const iv = random(12)
  const sealed = await subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(about) }, key, plain)
  return joined(iv, new Uint8Array(sealed))
}

async function unwrap(key: CryptoKey, whole: Bytes, about: string): Promise<Bytes> {
  const iv = whole.subarray(0, 12)
  const data = whole.subarray(12)
  return new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv, additionalData: utf8(about) }, key, data))
}

const aes = (raw: Bytes): Promise<CryptoKey> => subtle.importKey('raw', raw, AES, false, ['encrypt', 'decrypt'])

async function derived(raw: Bytes, salt: string, purpose: string): Promise<CryptoKey> {
  const root = await subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey'])
  const how = { name: 'HKDF', hash: 'SHA-256', salt: utf8(salt), info: utf8(`${PREFIX}|${purpose}`) }
  return subtle.deriveKey(how, root, AES, false, ['encrypt', 'decrypt'])
}

async function fromPassphrase(passphrase: string, slot: Omit<PassphraseSlot, 'wrapped'>): Promise<CryptoKey> {
  if (slot.memory_kib < MEMORY_KIB || slot.passes < PASSES || slot.lanes < 1 || slot.salt.length < 16) {
    throw new WeakSlot('the passphrase slot is below the floor')
  }
  const { salt, memory_kib, passes, lanes } = slot
  const raw = await stretch({ passphrase: passphrase.normalize('NFKC').trim(), salt, memory_kib, passes, lanes })
  const key = await aes(raw)
  raw.fill(0)
  return key
}

const about = (vault: string, slot: Omit<PassphraseSlot, 'wrapped'> | Omit<PasskeySlot, 'wrapped'>): string =>
  slot.kind === 'passphrase'
    ? `${PREFIX}|slot|${vault}|passphrase|${slot.memory_kib}|${slot.passes}|${slot.lanes}`
    : `${PREFIX}|slot|${vault}|passkey|${toBase64url(slot.credential)}`

async function passphraseSlot(vault: string, passphrase: string, userKey: Bytes): Promise<PassphraseSlot> {
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

async function openSlot(vault: string, slot: Slot, secret: Secret, passkeys: Passkeys): Promise<Bytes | null> {
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

interface Own extends Identity {
  signing: string
  signing_public: string
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
  const wrapped = async (which: string) => {
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

/** Opens a vault; null for a wrong secret. Throws WeakSlot when the disk's parameters were lowered. */
export async function openVault(
  envelope: Envelope,
  secret: Secret,
  passkeys: Passkeys = browserPasskeys,
): Promise<OpenVault | null> {
  for (const slot of envelope.slots) {
    const userKey = await openSlot(envelope.vault, slot, secret, passkeys)
    if (!userKey) continue
    const open = await OpenVault.from(envelope, userKey)
    userKey.fill(0)
    return open
  }
  return null
}

interface Keys {
  own: CryptoKey
  technical: CryptoKey
  personal: CryptoKey
  signing: CryptoKey
  sealing: CryptoKey
}

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

/** An unlocked vault. `close` drops every key; after that each call throws. */
export class OpenVault {
  #keys: Keys | null
  readonly identity: Identity
  readonly signing_public: string

  private constructor(keys: Keys, own: Own) {
    this.#keys = keys
    this.identity = { user: own.user, sealing_key: own.sealing_key }
    this.signing_public = own.signing_public
  }

  static async from(envelope: Envelope, userKey: Bytes): Promise<OpenVault> {
    const { vault } = envelope
    const dataKey = async (which: 'technical' | 'personal') => {
      const outer = await derived(userKey, vault, `lease|${which}`)
      const lease = await unwrap(outer, envelope.lease[which], `${PREFIX}|lease|${vault}|${which}`)
      const raw = await unwrap(await aes(lease), envelope.data[which], `${PREFIX}|data|${vault}|${which}`)
      const key = await aes(raw)
      lease.fill(0)
      raw.fill(0)
      return key
    }
    const ownKey = await derived(userKey, vault, 'own')
    const plain = await unwrap(ownKey, envelope.own, `${PREFIX}|own|${vault}`)
    const own = JSON.parse(text(plain)) as Own
    plain.fill(0)
    const signing = await subtle.importKey('pkcs8', fromBase64url(own.signing), EC, false, ['sign'])
    const sealing = await suite.kem.deserializePublicKey(fromBase64url(own.sealing_key.public))
    const [technical, personal] = await Promise.all([dataKey('technical'), dataKey('personal')])
    return new OpenVault({ own: ownKey, technical, personal, signing, sealing }, own)
  }

  /** Which key a new record of a kind is written under. */
  epoch(secrecy: 'own' | 'technical' | 'personal'): string {
    return `${secrecy}.1`
  }

  async encrypt(label: Label, plain: Bytes): Promise<ArrayBuffer> {
    return (await wrap(this.#key(label.epoch), plain, cell(label))).buffer
  }

  /** Throws when the bytes were moved, swapped or changed. */
  async decrypt(label: Label, data: ArrayBuffer): Promise<Bytes> {
    return unwrap(this.#key(label.epoch), new Uint8Array(data), cell(label))
  }

  /** The sealed twin of one mutation: only the server can read it, anybody may carry it. */
  async seal(mutation: { mid: string; replica: string; n: number }, plain: Bytes): Promise<Parcel> {
    const { signing, sealing } = this.#held()
    const { mid, replica, n } = mutation
    const { sealing_key } = this.identity
    const info = utf8(`${PREFIX}|${mid}|${replica}|${n}|${sealing_key.id}`)
    const sender = await suite.createSenderContext({ recipientPublicKey: sealing, info })
    const ciphertext = new Uint8Array(await sender.seal(plain))
    const enc = new Uint8Array(sender.enc)
    const hash = { name: 'ECDSA', hash: 'SHA-256' }
    const signature = new Uint8Array(await subtle.sign(hash, signing, joined(info, enc, ciphertext)))
    return { mid, replica, n, key: sealing_key.id, enc, ciphertext, signature }
  }

  /** A photo under a key of its own, and that key twice: for this vault, and sealed to the server. */
  async encryptPhoto(id: string, replica: string, plain: Bytes): Promise<Pick<KeptPhoto, 'data' | 'key' | 'sealed'>> {
    const raw = random(32)
    const data = (await wrap(await aes(raw), plain, `${PREFIX}|photo|${id}`)).buffer
    const key = await this.encrypt(this.#photoLabel(id), raw)
    const parcel = await this.seal({ mid: id, replica, n: 1 }, raw)
    raw.fill(0)
    const { enc, ciphertext, signature } = parcel
    const sealed = { replica, key: parcel.key, enc: enc.buffer, ciphertext: ciphertext.buffer, signature: signature.buffer }
    return { data, key, sealed }
  }

  /** Throws when the bytes were moved, swapped or changed. */
  async decryptPhoto(photo: Pick<KeptPhoto, 'id' | 'data' | 'key'>): Promise<Bytes> {
    const raw = await this.decrypt(this.#photoLabel(photo.id), photo.key)
    const plain = await unwrap(await aes(raw), new Uint8Array(photo.data), `${PREFIX}|photo|${photo.id}`)
    raw.fill(0)
    return plain
  }

  close(): void {
    this.#keys = null
  }

  #photoLabel(id: string): Label {
    return { kind: 'attachment', id, write: 0, epoch: this.epoch('personal') }
  }

  #held(): Keys {
    if (!this.#keys) throw new Error('the vault is locked')
    return this.#keys
  }

  #key(epoch: string): CryptoKey {
    const which = epoch.split('.')[0]
    if (which !== 'own' && which !== 'technical' && which !== 'personal') throw new Error('unknown key epoch')
    return this.#held()[which]
  }
}

const cell = (label: Label): string => `${label.kind}|${label.id}|${label.write}|${label.epoch}`
