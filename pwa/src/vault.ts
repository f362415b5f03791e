// The phone's safe: makes, wraps and holds every key; nothing else sees one, and none leaves this file unwrapped.
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { fromBase64url, joined, random, text, toBase64url, utf8, type Bytes } from './bytes'
import { aes, derived, PREFIX, unwrap, wrap } from './ciphers'
import type { Envelope, Identity, Label, Parcel, Secret } from './envelope'
import { LEASED, type Leased } from './leases'
import { browserPasskeys, type Passkeys } from './passkeys'
import { openSlot } from './slots'
import type { KeptPhoto } from './stored'

export const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const

const subtle = crypto.subtle

export interface Own extends Identity {
  signing: string
  signing_public: string
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
  /** The keys of the leases that have not ended, wrapped, and what opens them. */
  lease: Partial<Record<Leased, Bytes>>
  outer: Record<Leased, CryptoKey>
  /** What a lease opens: null when it has ended. */
  technical: CryptoKey | null
  personal: CryptoKey | null
  signing: CryptoKey
  sealing: CryptoKey
}

/** The key that a lease opens. Null when the lease has ended; throws when its bytes are another vault's. */
async function leasedKey(envelope: Envelope, which: Leased, outer: CryptoKey): Promise<CryptoKey | null> {
  const wrapped = envelope.lease[which]
  if (!wrapped) return null
  const lease = await unwrap(outer, wrapped, `${PREFIX}|lease|${envelope.vault}|${which}`)
  const raw = await unwrap(await aes(lease), envelope.data[which], `${PREFIX}|data|${envelope.vault}|${which}`)
  const key = await aes(raw)
  lease.fill(0)
  raw.fill(0)
  return key
}

export const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

/** An unlocked vault. `close` drops every key; after that each call throws. */
export class OpenVault {
  #keys: Keys | null
  identity: Identity
  readonly signing_public: string

  private constructor(keys: Keys, own: Own) {
    this.#keys = keys
    this.identity = { user: own.user, sealing_key: own.sealing_key }
    this.signing_public = own.signing_public
  }

  static async from(envelope: Envelope, userKey: Bytes): Promise<OpenVault> {
    const { vault } = envelope
    const ownKey = await derived(userKey, vault, 'own')
    const plain = await unwrap(ownKey, envelope.own, `${PREFIX}|own|${vault}`)
    const own = JSON.parse(text(plain)) as Own
    plain.fill(0)
    const signing = await subtle.importKey('pkcs8', fromBase64url(own.signing), EC, false, ['sign'])
    const sealing = await suite.kem.deserializePublicKey(fromBase64url(own.sealing_key.public))
    const [technical, personal] = await Promise.all(LEASED.map((which) => derived(userKey, vault, `lease|${which}`)))
    const outer = { technical: technical as CryptoKey, personal: personal as CryptoKey }
    const opened = await Promise.all(LEASED.map((which) => leasedKey(envelope, which, outer[which])))
    return new OpenVault({ own: ownKey, lease: { ...envelope.lease }, outer, technical: opened[0] ?? null, personal: opened[1] ?? null, signing, sealing }, own)
  }

  /** The parts whose lease has ended: nothing of them can be read before the office has given the key back. */
  get shut(): readonly Leased[] {
    const held = this.#held()
    return LEASED.filter((which) => held[which] === null)
  }

  /** Which key a new record of a kind is written under; what is written when a lease has ended is the user's own. */
  epoch(secrecy: 'own' | Leased): string {
    return secrecy !== 'own' && this.#held()[secrecy] === null ? 'own.1' : `${secrecy}.1`
  }

  /** Was this written under a key whose lease has ended? */
  isShut(epoch: string): boolean {
    return this.shut.some((which) => epoch.startsWith(`${which}.`))
  }

  /** The envelope with the key of each lease beside it, sealed to the server: only then may a lease be ended. */
  async deposited(envelope: Envelope, replica: string): Promise<Envelope> {
    const sealed = async (which: Leased): Promise<Parcel> => {
      const key = envelope.lease[which]
      if (!key) throw new Error('the lease has ended')
      return this.seal({ mid: crypto.randomUUID(), replica, n: 1 }, utf8(JSON.stringify({ lease: which, key: toBase64url(key) })))
    }
    return { ...envelope, deposit: { technical: await sealed('technical'), personal: await sealed('personal') } }
  }

  /**
   * From here on sealed to this key of the server's, which must have been told in answer to this very user; what is
   * sealed already stays as it is. Throws, and changes nothing, when it is no key.
   */
  async sealedTo(envelope: Envelope, sealing_key: Identity['sealing_key']): Promise<Envelope> {
    const held = this.#held()
    const sealing = await suite.kem.deserializePublicKey(fromBase64url(sealing_key.public))
    const where = `${PREFIX}|own|${envelope.vault}`
    const plain = await unwrap(held.own, envelope.own, where)
    const own = await wrap(held.own, utf8(JSON.stringify({ ...(JSON.parse(text(plain)) as Own), sealing_key })), where)
    plain.fill(0)
    held.sealing = sealing
    this.identity = { ...this.identity, sealing_key }
    return { ...envelope, own }
  }

  /** The keys of the leases that are open here, wrapped. */
  get lease(): Envelope['lease'] {
    return this.#held().lease
  }

  /** The keys of these leases leave memory. */
  end(leases: readonly Leased[]): void {
    const held = this.#held()
    for (const which of leases) {
      held[which] = null
      delete held.lease[which]
    }
  }

  /** Opens what the office has given back. Throws, and changes nothing, when it is not this vault's. */
  async reopened(envelope: Envelope, back: Readonly<Record<string, unknown>>): Promise<Envelope> {
    const held = this.#held()
    const given = this.shut.map((which) => [which, fromBase64url(String(back[which]))] as const)
    const whole = { ...envelope, lease: { ...envelope.lease, ...Object.fromEntries(given) } }
    const opened = await Promise.all(given.map(([which]) => leasedKey(whole, which, held.outer[which])))
    for (const [at, [which]] of given.entries()) held[which] = opened[at] ?? null
    Object.assign(held.lease, Object.fromEntries(given))
    return whole
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
    const own = { ...this.#photoLabel(photo.id), epoch: 'own.1' } // taken when the lease had ended
    const raw = await this.decrypt(this.#photoLabel(photo.id), photo.key).catch(() => this.decrypt(own, photo.key))
    const plain = await unwrap(await aes(raw), new Uint8Array(photo.data), `${PREFIX}|photo|${photo.id}`)
    raw.fill(0)
    return plain
  }

  /** Wraps what the user's own key alone opens, bound to what it is `about`. */
  async wrapped(plain: Bytes, about: string): Promise<Bytes> {
    return wrap(this.#held().own, plain, `${PREFIX}|${about}`)
  }

  /** Throws when it was moved, swapped or changed. */
  async unwrapped(data: Bytes, about: string): Promise<Bytes> {
    return unwrap(this.#held().own, data, `${PREFIX}|${about}`)
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
    const key = this.#held()[partOf(epoch)]
    if (!key) throw new Error('the lease has ended')
    return key
  }
}

function partOf(epoch: string): 'own' | Leased {
  const which = epoch.split('.')[0]
  if (which !== 'own' && which !== 'technical' && which !== 'personal') throw new Error('unknown key epoch')
  return which
}

const cell = (label: Label): string => `${label.kind}|${label.id}|${label.write}|${label.epoch}`
