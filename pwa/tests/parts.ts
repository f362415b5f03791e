// Parts that the phone's tests are built of: a server's sealing key, a vault, a disk, a wire that answers as told.
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { freeze, open, touch, type Json, type Reply } from '../../sync/phone'
import { fromBase64url, toBase64url, utf8 } from '../src/bytes'
import type { Wire } from '../src/courier'
import { uuid7 } from '../src/ids'
import { guardOf, Keeper } from '../src/keeper'
import type { Profile } from '../src/profile'
import { Store } from '../src/store'
import type { Lying, Twin } from '../src/stored'
import type { Envelope } from '../src/envelope'
import { makeVault } from '../src/new_vault'
import { openVault, type OpenVault } from '../src/vault'

export const PASSPHRASE = 'fire ord som holder lenge'
export const USER = '018f2c5e-0000-7000-8000-000000000003'
export const VISIT = '018f2c5e-0000-7000-8000-000000000005'

/** An empty disk, as a phone has before the app was ever opened. */
export function freshDisk(): void {
  globalThis.indexedDB = new IDBFactory()
}

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

/** The server's half of sealing. */
export async function sealingServer() {
  const pair = await suite.kem.generateKeyPair()
  const raw = new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey))
  return {
    key: { id: 'seal-1', public: toBase64url(raw) },
    async open(twin: Twin): Promise<Json> {
      const info = utf8(`oppgang/1|${twin.mid}|${twin.replica}|${twin.n}|${twin.key}`)
      const recipient = await suite.createRecipientContext({ recipientKey: pair.privateKey, enc: twin.enc, info })
      return JSON.parse(new TextDecoder().decode(await recipient.open(twin.ciphertext))) as Json
    },
    /** The key of a photo that came sealed. */
    async openKey(id: string, said: Record<string, string>): Promise<Uint8Array<ArrayBuffer>> {
      const info = utf8(`oppgang/1|${id}|${said['replica']}|1|${said['key']}`)
      const recipient = await suite.createRecipientContext({ recipientKey: pair.privateKey, enc: fromBase64url(said['enc'] ?? ''), info })
      return new Uint8Array(await recipient.open(fromBase64url(said['ciphertext'] ?? '')))
    },
    async verify(twin: Twin, publicKey: Uint8Array<ArrayBuffer>): Promise<boolean> {
      const key = await crypto.subtle.importKey('raw', publicKey, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify'])
      const signed = new Uint8Array(await new Blob([utf8(`oppgang/1|${twin.mid}|${twin.replica}|${twin.n}|${twin.key}`), twin.enc, twin.ciphertext]).arrayBuffer())
      return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, twin.signature, signed)
    },
  }
}

export type SealingServer = Awaited<ReturnType<typeof sealingServer>>

export const PROFILE: Profile = {
  name: 'Kari Nordli',
  roles: ['bomiljo'],
  demo: true,
  offset_ms: 0,
  last_received_at: null,
  fetched_at: null,
  ready_on: null,
  registered: null,
  left_to_office: [],
}

/** A thumb that always gives the same answer: quicker than a passphrase, whose work is tried in the vault's own tests. */
const secret = crypto.getRandomValues(new Uint8Array(32))
export const thumb = {
  available: async () => true,
  make: async () => ({ credential: new Uint8Array(16), secret: secret.slice() }),
  ask: async () => secret.slice(),
}

export const nobody = { available: async () => false, make: async () => null, ask: async () => null }

export interface Phone {
  server: SealingServer
  vault: string
  envelope: Envelope
  open: OpenVault
  keeper: Keeper
}

export async function newPhone(registered: string | null = null): Promise<Phone> {
  freshDisk()
  const server = await sealingServer()
  const vault = crypto.randomUUID()
  const made = await makeVault(vault, { user: USER, sealing_key: server.key }, { passkey: true }, thumb)
  if (!made) throw new Error('no vault')
  const store = await Store.make(vault, made.envelope, guardOf(made.open, () => true))
  const replica = crypto.randomUUID()
  const keeper = await Keeper.make(store, made.open, replica, 1, { ...PROFILE, registered: registered === null ? null : replica }, () => undefined)
  return { server, vault, envelope: made.envelope, open: made.open, keeper }
}

/** The disk goes bad under every row of a vault; what is sealed lies elsewhere. */
export async function spoil(vault: string): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve) => {
    const asking = indexedDB.open(`oppgang-${vault}`)
    asking.onsuccess = () => resolve(asking.result)
  })
  await new Promise<void>((resolve) => {
    const tx = db.transaction('rows', 'readwrite')
    const walking = tx.objectStore('rows').openCursor()
    walking.onsuccess = () => {
      const at = walking.result
      if (!at) return
      at.update({ ...(at.value as object), data: new ArrayBuffer(64) })
      at.continue()
    }
    tx.oncomplete = () => resolve()
  })
  db.close()
}

/** The app is killed and started again: only the disk is left. */
export async function afterKill(phone: Phone, lying?: Lying): Promise<Keeper> {
  const open = await openVault(phone.envelope, { passkey: true }, thumb)
  if (!open) throw new Error('locked out')
  return Keeper.load(Store.open(phone.vault, guardOf(open, () => true)), open, 1, () => undefined, lying)
}

const stamp = () => ({ mid: uuid7(Date.now()), now: new Date().toISOString(), offset_ms: 0 })

export function type(keeper: Keeper, path: string, value: Json, id: string = VISIT): string {
  keeper.apply(touch(keeper.state, open(keeper.state, id, 'visit'), path, value, stamp()))
  const row = keeper.state.rows.find((one) => one.id === id && one.state === 'open')
  if (!row) throw new Error('nothing was opened')
  return row.mid
}

export function leave(keeper: Keeper, id: string = VISIT): void {
  keeper.apply(freeze(keeper.state, id))
}

export interface Asked {
  readonly method: string
  readonly path: string
  readonly body: Record<string, Json>
  readonly headers: Headers
}

type Say = (asked: Asked) => Response | Promise<Response> | 'dead'

/** A wire with a small server at its end; `dead` is a line that breaks. */
export function wire(say: Say): { wire: Wire; asked: Asked[] } {
  const asked: Asked[] = []
  const line: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers)
    const sent = init?.body as Uint8Array<ArrayBuffer> | null
    const packed = headers.get('Content-Encoding') === 'gzip'
    const stream = sent === null || sent === undefined ? null : new Blob([sent]).stream()
    const text = stream === null ? '{}' : await new Response(packed ? stream.pipeThrough(new DecompressionStream('gzip')) : stream).text()
    const one = { method: init?.method ?? 'GET', path: String(input), body: JSON.parse(text) as Record<string, Json>, headers }
    asked.push(one)
    const answer = await Promise.race([
      Promise.resolve(say(one)),
      new Promise<'dead'>((resolve) => init?.signal?.addEventListener('abort', () => resolve('dead'))),
    ])
    if (answer === 'dead') throw new TypeError('the line is dead')
    return answer
  }
  return { wire: { fetch: line, now: () => Date.now(), stall_ms: 200 }, asked }
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } })
}

/** An answer with a problem of our own server, by the name that the table gives it. */
export const problem = (name: string, status: number): Response => json({ type: `urn:oppgang:problem:${name}`, title: 'x', status }, status)

/** A reply that takes everything into custody and applies it. */
export function takesAll(asked: Asked, more: Partial<Reply> = {}): Reply {
  const push = asked.body['push'] as unknown as { mid: string }[]
  const results = push.map(({ mid }, at) => ({ mid, state: 'applied', reason: null, reviews: [], seq: 10 + at, repeated: false }))
  const server_now = new Date().toISOString()
  return { incarnation: 'a', server_now, results, puts: [], leaves: [], cursor: '1.x', covered: 0, more: false, policy: {}, ...more }
}
