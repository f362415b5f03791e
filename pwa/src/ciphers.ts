// The ciphers that the vault is built of: a key in, bytes out; no key is kept here.
import { joined, random, utf8, type Bytes } from './bytes'

export const PREFIX = 'oppgang/1'
const AES = { name: 'AES-GCM', length: 256 } as const
const subtle = crypto.subtle

export async function wrap(key: CryptoKey, plain: Bytes, about: string): Promise<Bytes> {
  const iv = random(12)
  const sealed = await subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(about) }, key, plain)
  return joined(iv, new Uint8Array(sealed))
}

export async function unwrap(key: CryptoKey, whole: Bytes, about: string): Promise<Bytes> {
  const iv = whole.subarray(0, 12)
  const data = whole.subarray(12)
  return new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv, additionalData: utf8(about) }, key, data))
}

export const aes = (raw: Bytes): Promise<CryptoKey> => subtle.importKey('raw', raw, AES, false, ['encrypt', 'decrypt'])

export async function derived(raw: Bytes, salt: string, purpose: string): Promise<CryptoKey> {
  const root = await subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey'])
  const how = { name: 'HKDF', hash: 'SHA-256', salt: utf8(salt), info: utf8(`${PREFIX}|${purpose}`) }
  return subtle.deriveKey(how, root, AES, false, ['encrypt', 'decrypt'])
}
