// The phone's only way out: speaks with the server and says what the answer means for the envelope; it reads no record.
import type { Json, Mutation, Reply } from '../../sync/phone'
import { toBase64url, utf8, type Bytes } from './bytes'
import type { Parcel } from './envelope'
import type { Sealed } from './locked_notes'
import { PRACTISING } from './practice'
import type { Twin } from './stored'

export interface Me {
  readonly user: string
  readonly name: string
  readonly roles: string[]
  readonly demo: boolean
  readonly sealing_key: { readonly id: string; readonly public: string }
  /** How long this phone may be read without contact. */
  readonly lease?: Json
  /** When this login began. */
  readonly began_at: string
  /** That another set the user's password, by whom, when, and whom to tell that it was not agreed. */
  readonly password_set?: { readonly by: string; readonly at: string; readonly tell: readonly string[] }
  readonly server_now: string
}

export interface SyncRequest {
  readonly user: string
  readonly replica: string
  readonly incarnation: string | null
  readonly contract: number
  readonly phone_now: string
  readonly push: readonly Mutation[]
  readonly cursor: string | null
  readonly limit: number
  readonly health: Readonly<Record<string, string | number | null | number[]>>
  readonly digests?: Readonly<Record<string, string>>
  /** The version of the policy that the phone holds; it is told the policy when the office has another. */
  readonly policy?: string
}

/**
 * What an answer says about the envelope; about what was in it only `ok` says anything.
 * halve: too big, too slow or broken on the way · later: wait at least so long · offline: nobody answered.
 * revoked, unopenable: these end a vault, and only our own server's word is taken for them, by the problem's name.
 */
export type Answer<T> =
  | { readonly kind: 'ok'; readonly body: T; readonly sent_at: number; readonly answered_at: number }
  | { readonly kind: 'unreadable' | 'login' | 'denied' | 'wrong_user' | 'revoked' | 'unopenable' | 'halve' | 'offline' }
  | { readonly kind: 'later'; readonly wait_ms: number; readonly busy: boolean }

export interface Custody {
  readonly results: readonly { readonly mid: string; readonly state: string }[]
}

/** How far the server has a photo. */
export interface Arrived {
  readonly offset: number
  readonly complete: boolean
}

/** What a photo's bytes are, said with every part: by whom, or sealed with which key. */
export interface Announced {
  readonly length: number
  readonly sha256: string
  readonly replica?: string
  readonly sealed?: string
}

/** A stalled line is given up; a slow one that still moves is not. Longer for more bytes: 4 kB/s is a bad stairwell. */
const STALL_MS = 20_000
const SLOWEST_BYTES_PER_MS = 4
const SMALL = 512
/** What one request may carry. */
export const PARCELS = { rows: 100, bytes: 1 << 20 } as const

export interface Wire {
  readonly fetch: typeof fetch
  readonly now: () => number
  readonly stall_ms: number
}

/** The one place where anything leaves the phone; while somebody practises, it leads nowhere. */
const browserWire = (): Wire => ({
  fetch: PRACTISING ? async (input) => (await import('./practice_wire')).answerPractice(input as string | URL) : (input, init) => fetch(input, init),
  now: () => Date.now(),
  stall_ms: STALL_MS,
})

export class Courier {
  constructor(private readonly wire: Wire = browserWire()) {}

  login(name: string, password: string, code = ''): Promise<Answer<{ user: string; name: string; roles: string[] }>> {
    return this.#ask('POST', '/api/v1/login', { name, password, ...(code === '' ? {} : { code }) }, ['user'])
  }

  logout(): Promise<Answer<{ ended: boolean }>> {
    return this.#ask('POST', '/api/v1/logout', {}, ['ended'])
  }

  me(): Promise<Answer<Me>> {
    return this.#ask('GET', '/api/v1/me', undefined, ['user', 'server_now'])
  }

  /** What anybody may know of the server, before a login too. */
  health(): Promise<Answer<{ demo: boolean; provider: string | null }>> {
    return this.#ask('GET', '/api/v1/health')
  }

  /** Does anybody answer at all? */
  async reaches(): Promise<boolean> {
    const { kind } = await this.me()
    return kind !== 'offline' && kind !== 'halve'
  }

  register(replica: string, body: { user: string; installation: string; public_key: string; app: string; contract: number }): Promise<Answer<{ replica: string }>> {
    return this.#ask('PUT', `/api/v1/replicas/${replica}`, body, ['replica'])
  }

  sync(request: SyncRequest): Promise<Answer<Reply>> {
    return this.#ask('POST', '/api/v1/sync', request, ['incarnation', 'server_now', 'results'])
  }

  /** The keys of leases that have ended, as they were laid down here; the answer has them by part. */
  leases(sealed: Readonly<Record<string, unknown>>): Promise<Answer<Readonly<Record<string, unknown>>>> {
    return this.#ask('POST', '/api/v1/leases', { sealed }, Object.keys(sealed))
  }

  /** Sealed mutations, by a door that asks for no session. */
  parcels(twins: readonly Twin[]): Promise<Answer<Custody>> {
    return this.#ask('POST', '/api/v1/parcels', { parcels: twins.map(parcelOf) }, ['results'])
  }

  /** The receipt of a vault that was deleted, by the same door. */
  emptied(sealed: unknown): Promise<Answer<{ emptied: string }>> {
    return this.#ask('POST', '/api/v1/emptied', { sealed }, ['emptied'])
  }

  /** Notes from the lock of a vault that is given up, and the key to them as it was laid down; by a door that asks for no session. */
  lockedNotes(vault: string, deposit: Parcel, notes: readonly (Sealed & { readonly id: string })[]): Promise<Answer<Custody>> {
    return this.#ask('POST', '/api/v1/locked-notes', { vault, deposit: parcelOf(deposit), notes }, ['results'])
  }

  /** What was opened on this phone, sealed; by a door that asks for no session. */
  looks(looks: readonly unknown[]): Promise<Answer<Custody>> {
    return this.#ask('POST', '/api/v1/looks', { looks }, ['results'])
  }

  /** How far the server has a photo of this user's. */
  arrived(id: string): Promise<Answer<Arrived>> {
    return this.#exchange('HEAD', `/api/v1/attachments/${id}`, {}, null, whereItIs)
  }

  /** The photo's next bytes. An answer that names another offset is an answer too. */
  part(id: string, said: Announced, offset: number, bytes: Bytes, stop: AbortController): Promise<Answer<Arrived>> {
    const headers: Record<string, string> = {
      'Content-Type': 'application/octet-stream',
      'Upload-Offset': String(offset),
      'Upload-Length': String(said.length),
      'Upload-Sha256': said.sha256,
    }
    if (said.replica !== undefined) headers['X-Oppgang-Replica'] = said.replica
    if (said.sealed !== undefined) headers['X-Oppgang-Sealed'] = said.sealed
    const path = `/api/v1/attachments/${id}${said.sealed === undefined ? '' : '?sealed=1'}`
    return this.#exchange('PATCH', path, headers, bytes, whereItIs, stop)
  }

  /** A photo as it was redrawn at the server; null when it cannot be had now. */
  async picture(id: string): Promise<Blob | null> {
    const response = await this.wire
      .fetch(`/api/v1/attachments/${id}`, { credentials: 'same-origin', cache: 'no-store', redirect: 'error' })
      .catch(() => null)
    return response?.ok ? response.blob().catch(() => null) : null
  }

  /** `says`: what our own server's answer has at least. A stranger on the line (a hotel's portal, a cache) answers too. */
  async #ask<T>(method: string, path: string, body?: unknown, says: readonly (keyof T)[] = []): Promise<Answer<T>> {
    const plain = body === undefined ? null : utf8(JSON.stringify(body))
    const packed = plain && plain.length > SMALL ? await gzip(plain) : null
    const sent = packed ?? plain
    const headers: Record<string, string> = {}
    if (sent) headers['Content-Type'] = 'application/json'
    if (packed) headers['Content-Encoding'] = 'gzip'
    const answer = await this.#exchange(method, path, headers, sent, meaning<T>)
    return answer.kind === 'ok' && says.some((name) => answer.body?.[name] === undefined) ? { kind: 'halve' } : answer
  }

  async #exchange<T>(
    method: string,
    path: string,
    headers: Record<string, string>,
    sent: Bytes | null,
    read: (response: Response, text: string, sent_at: number, answered_at: number) => Answer<T>,
    stop = new AbortController(),
  ): Promise<Answer<T>> {
    const allowed = this.wire.stall_ms + (sent?.length ?? 0) / SLOWEST_BYTES_PER_MS
    let timer = setTimeout(() => stop.abort(), allowed)
    const moved = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => stop.abort(), this.wire.stall_ms)
    }
    const sent_at = this.wire.now()
    let begun = false
    try {
      const response = await this.wire.fetch(path, {
        method,
        headers: { Accept: 'application/json', 'X-Oppgang': '1', ...headers },
        body: sent,
        signal: stop.signal,
        cache: 'no-store',
        credentials: 'same-origin',
        redirect: 'error',
      })
      const answered_at = this.wire.now()
      begun = true
      const text = await readAll(response, moved, stop.signal)
      return read(response, text, sent_at, answered_at)
    } catch {
      return { kind: begun || stop.signal.aborted ? 'halve' : 'offline' }
    } finally {
      clearTimeout(timer)
    }
  }
}

/** A parcel as it travels and as it is exported. */
export function parcelOf(twin: Twin | Parcel): Record<string, string | number> {
  const { mid, replica, n, key } = twin
  const written = (part: ArrayBuffer | Bytes): string => toBase64url(new Uint8Array(part))
  return { mid, replica, n, key, enc: written(twin.enc), ciphertext: written(twin.ciphertext), signature: written(twin.signature) }
}

/** The first of the parcels, at most `rows`, and no more than one request may carry. */
export function upTo(rows: number, twins: readonly Twin[]): Twin[] {
  const batch: Twin[] = []
  let bytes = 0
  for (const twin of twins.slice(0, rows)) {
    bytes += Math.ceil((twin.ciphertext.byteLength * 4) / 3) + 400
    if (batch.length > 0 && bytes > PARCELS.bytes) break
    batch.push(twin)
  }
  return batch
}

async function gzip(plain: Bytes): Promise<Bytes | null> {
  if (typeof CompressionStream === 'undefined') return null
  const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

async function readAll(response: Response, moved: () => void, given_up: AbortSignal): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return response.text()
  given_up.addEventListener('abort', () => void reader.cancel().catch(() => undefined))
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    moved()
    const { done, value } = await reader.read()
    if (given_up.aborted) throw new Error('the line was given up')
    if (done) return text + decoder.decode()
    text += decoder.decode(value, { stream: true })
  }
}

/** Only a whole, readable 200 is an answer; everything else leaves the outbox as it was. */
function meaning<T>(response: Response, text: string, sent_at: number, answered_at: number): Answer<T> {
  const { status } = response
  if (status >= 200 && status < 300) {
    try {
      return { kind: 'ok', body: (text === '' ? {} : JSON.parse(text)) as T, sent_at, answered_at }
    } catch {
      return { kind: 'halve' }
    }
  }
  const ends = /urn:oppgang:problem:(?:device_(revoked)|lease_(unopenable))"/.exec(text)
  if (ends) return { kind: ends[1] ? 'revoked' : 'unopenable' }
  if (status === 400 || status === 422) return { kind: 'unreadable' }
  if (status === 401) return { kind: 'login' }
  if (status === 403 || status === 404) return { kind: 'denied' }
  if (status === 409) return { kind: 'wrong_user' }
  if (status === 429 || status === 503) return { kind: 'later', wait_ms: waitOf(response), busy: status === 503 }
  return { kind: 'halve' }
}

/** A part was taken, or the server is at another place: both say where to go on. */
function whereItIs(response: Response, text: string, sent_at: number, answered_at: number): Answer<Arrived> {
  const offset = response.headers.get('Upload-Offset')
  if (offset !== null && /^\d+$/.test(offset) && (response.ok || response.status === 409)) {
    const complete = response.headers.get('Upload-Complete') === '?1'
    return { kind: 'ok', body: { offset: Number(offset), complete }, sent_at, answered_at }
  }
  return response.ok ? { kind: 'halve' } : meaning<Arrived>(response, text, sent_at, answered_at)
}

/** Retry-After in seconds or as a date; half a minute when it says nothing, never more than an hour. */
function waitOf(response: Response): number {
  const said = response.headers.get('Retry-After') ?? ''
  const seconds = /^\d+$/.test(said) ? Number(said) : (Date.parse(said) - Date.now()) / 1000
  return Math.min(Math.max(Number.isFinite(seconds) ? seconds : 30, 1), 3600) * 1000
}
