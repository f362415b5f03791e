import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freeze, open, show, touch, type Json, type Row, type Shown } from '../../sync/phone'
import { Courier } from '../src/courier'
import { uuid7 } from '../src/ids'
import type { Keeper } from '../src/keeper'
import { deliverSealed, digest } from '../src/lane'
import { Photos } from '../src/photos.svelte'
import type { Mark } from '../src/picture'
import { Rounds } from '../src/rounds'
import { photoIds, photoOf } from '../src/shoebox'
import { StorageFull, UnreadablePicture } from '../src/stored'
import { fromBase64url, text, utf8, type Bytes } from '../src/bytes'
import { afterKill, newPhone, VISIT, type Phone } from './parts'

const PICTURE = crypto.getRandomValues(new Uint8Array(60_000)) as Bytes
const LARGE = new Uint8Array(600_000).fill(7) as Bytes
const FILE = new Blob([])
const MARK: Mark = { from: { x: 0.5, y: 0.5 }, to: { x: 0.5, y: 0.5 } }
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** The server's lane: it keeps what came and can break off anywhere. */
class Server {
  kept = new Map<string, Bytes>()
  lengths = new Map<string, number>()
  asked: string[] = []
  sizes: number[] = []
  headers: Headers[] = []
  alive = true
  /** Takes nothing more, and says so to nobody, until it is given up. */
  hangs = false
  /** Breaks the line once, after so many bytes of the next part. */
  breaksAfter: number | null = null

  readonly fetch: typeof fetch = async (input, init) => {
    if (!this.alive) throw new TypeError('the line is dead')
    const headers = new Headers(init?.headers)
    const id = /attachments\/([^?]+)/.exec(String(input))?.[1] ?? ''
    this.asked.push(init?.method ?? 'GET')
    const here = this.kept.get(id)
    if (init?.method === 'HEAD') return here ? this.#at(id, 200) : new Response(null, { status: 404 })
    this.headers.push(headers)
    if (this.hangs) return new Promise((_, given_up) => init?.signal?.addEventListener('abort', () => given_up(new TypeError('given up'))))
    const part = init?.body as Bytes
    this.sizes.push(part.length)
    this.lengths.set(id, Number(headers.get('Upload-Length')))
    if (Number(headers.get('Upload-Offset')) !== (here?.length ?? 0)) return this.#at(id, 409)
    const taken = this.breaksAfter === null ? part : part.slice(0, this.breaksAfter)
    this.kept.set(id, new Uint8Array([...(here ?? []), ...taken]))
    if (this.breaksAfter === null) return this.#at(id, 204)
    this.breaksAfter = null
    throw new TypeError('the line broke')
  }

  #at(id: string, status: number): Response {
    const offset = this.kept.get(id)?.length ?? 0
    const complete = offset === this.lengths.get(id) ? '?1' : '?0'
    return new Response(null, { status, headers: { 'Upload-Offset': String(offset), 'Upload-Complete': complete } })
  }
}

let phone: Phone
let held: Keeper | null
let server: Server
let told: string[]
let waiting: number
let asks: number
let photos: Photos
let drawnWith: (Mark | null | undefined)[]

beforeEach(async () => {
  phone = await newPhone('here')
  held = phone.keeper
  server = new Server()
  told = []
  drawnWith = []
  waiting = -1
  asks = 0
  photos = made(PICTURE)
})
afterEach(() => (server.alive = false))

/** The phone's photos, with a camera that gives these bytes, or cannot be read. */
function made(bytes: Bytes | null): Photos {
  const stamp = () => ({ mid: uuid7(Date.now()), now: new Date().toISOString(), offset_ms: 0 })
  const work = {
    keeper: () => held,
    freezeTyped: () => undefined,
    record: (id: string) => (held ? show(held.state, id) : null),
    records: (): Shown[] => [],
    async set(id: string, kind: string, values: Record<string, Json>): Promise<[]> {
      if (!held) return []
      const snapshot = open(held.state, id, kind)
      for (const [path, value] of Object.entries(values)) held.apply(touch(held.state, snapshot, path, value, stamp()))
      held.apply(freeze(held.state, id))
      return held.flush().then(() => [])
    },
    async mark() {},
  }
  const draw = async (_: Blob, mark?: Mark | null) => {
    drawnWith.push(mark)
    if (bytes === null) throw new UnreadablePicture('Bildet kan ikke leses.')
    return { bytes, thumbnail: '/9j/2Q==' }
  }
  const courier = new Courier({ fetch: server.fetch, now: () => Date.now(), stall_ms: 5_000 })
  const host = { work, soon: () => void asks++, tell: (one: string) => void told.push(one), counted: (count: number) => (waiting = count) }
  return new Photos(host, courier, draw)
}

async function take(): Promise<string> {
  const id = await photos.add(VISIT, 'answers/NYVRI1-08', FILE, 'before')
  if (id === null) throw new Error(told.join())
  return id
}

async function sent(): Promise<void> {
  photos.send()
  await new Promise((done) => setTimeout(done, 0))
  for (let turn = 0; turn < 2_000 && (await photoIds(phone.keeper.store, 'waiting')).length > 0; turn++) {
    await new Promise((done) => setTimeout(done, 5))
  }
}

/** The feed says what became of a photo. */
function says(id: string, more: Record<string, Json>): void {
  const keeper = phone.keeper
  const base = new Map(keeper.state.base)
  base.set(id, { kind: 'attachment', seq: 9, in: ['me'], gen: 1, body: { record: VISIT, ...more } })
  keeper.state = { ...keeper.state, base }
  photos.follow(keeper)
}

describe('a photo', () => {
  it('is on the disk with its record, encrypted, and there after a kill', async () => {
    const id = await take()
    held = await afterKill(phone)
    const row = held.state.rows.find((one: Row) => one.id === id)
    expect(row?.set).toMatchObject({ record: VISIT, path: 'answers/NYVRI1-08', phase: 'before', size_bytes: PICTURE.length, sha_sent: await digest(PICTURE) })
    const kept = await photoOf(held.store, id)
    if (!kept) throw new Error('no bytes')
    expect(hex(new Uint8Array(kept.data))).not.toContain(hex(PICTURE.subarray(500, 520)))
    expect(await held.vault.decryptPhoto(kept)).toEqual(PICTURE)
  })

  it('that was pointed at is another beside it, drawn on what was taken, and the one taken stands', async () => {
    const id = await take()
    const made = await photos.mark(id, MARK)
    held = await afterKill(phone)
    const [taken, marked] = [id, made].map((one) => held?.state.rows.find((row: Row) => row.id === one)?.set)
    expect(marked).toMatchObject({ record: VISIT, path: 'answers/NYVRI1-08', phase: 'before', drawn_on: id })
    expect(Date.parse(String(marked?.['taken_at']))).toBe(Date.parse(String(taken?.['taken_at'])) + 1)
    expect(drawnWith).toEqual([undefined, MARK])
    for (const one of [id, made ?? '']) expect(await photoOf(held.store, one)).not.toBeNull()
  })

  it('that has no hour can be marked too, and one that is not here while the line is dead cannot', async () => {
    const id = await take()
    phone.keeper.state = { ...phone.keeper.state, rows: phone.keeper.state.rows.map((row) => ({ ...row, set: { ...row.set, taken_at: null } })) }
    expect(await photos.mark(id, MARK)).toBeTypeOf('string')
    says('away', {})
    server.alive = false
    expect(await photos.mark('away', MARK)).toBeUndefined()
  })

  it('that cannot be read is told in words, and nothing else is touched', async () => {
    photos = made(null)
    expect(await photos.add(VISIT, null, FILE, 'other')).toBeNull()
    expect(told).toEqual(['Bildet kan ikke leses.'])
    expect(phone.keeper.state.rows).toEqual([])
  })

  it('that finds no room is told in words, and leaves no record without bytes', async () => {
    phone.keeper.store.strict = () => Promise.reject(new StorageFull('full'))
    expect(await photos.add(VISIT, null, FILE, 'other')).toBeNull()
    expect(told[0]).toMatch(/^Telefonen er full/)
    expect(phone.keeper.state.rows).toEqual([])
  })

  it('goes in parts, and counts as waiting until the feed says that it is stored', async () => {
    photos = made(LARGE)
    const id = await take()
    photos.follow(phone.keeper)
    expect(waiting).toBe(1)
    await sent()
    expect(await digest(server.kept.get(id) ?? PICTURE)).toBe(await digest(LARGE))
    expect(server.sizes).toEqual([262_144, 262_144, 75_712])
    expect(asks).toBe(1)
    photos.follow(phone.keeper)
    expect(waiting).toBe(1)
    expect(await photoOf(phone.keeper.store, id)).not.toBeNull()
    says(id, { stored: { bytes: 1 } })
    expect(waiting).toBe(0)
  })

  it('goes on at the byte where the line broke', async () => {
    photos = made(LARGE)
    const id = await take()
    server.breaksAfter = 100_001
    photos.send()
    await expect.poll(() => server.kept.get(id)?.length).toBe(100_001)
    photos = made(LARGE)
    await sent()
    expect(await digest(server.kept.get(id) ?? PICTURE)).toBe(await digest(LARGE))
    expect(server.sizes.slice(1)).toEqual([262_144, 237_855])
  })

  it('makes way for data that wants to go, and goes on afterwards', async () => {
    photos = made(LARGE)
    const id = await take()
    phone.keeper.state = { ...phone.keeper.state, rows: phone.keeper.state.rows.map((row) => ({ ...row, state: 'sent' as const })) }
    server.hangs = true
    photos.send()
    await expect.poll(() => server.headers.length).toBe(1)
    server.hangs = false
    const snapshot = open(phone.keeper.state, VISIT, 'visit')
    const step = touch(phone.keeper.state, snapshot, 'told', true, { mid: uuid7(Date.now()), now: new Date().toISOString(), offset_ms: 0 })
    phone.keeper.apply(freeze(step.state, null))
    photos.follow(phone.keeper)
    await sent()
    expect(await digest(server.kept.get(id) ?? PICTURE)).toBe(await digest(LARGE))
  })

  it('on a dead line stays, and asks for nothing', async () => {
    server.alive = false
    const id = await take()
    photos.send()
    await new Promise((done) => setTimeout(done, 30))
    expect(await photoIds(phone.keeper.store, 'waiting')).toEqual([id])
    expect(told).toEqual([])
  })

  it('that came, but is not said to be stored, is asked for again when the vault is opened: a restored server may lack it', async () => {
    const id = await take()
    await sent()
    server.kept.clear()
    held = await afterKill(phone)
    photos = made(PICTURE)
    photos.follow(held)
    await expect.poll(() => photoIds(held?.store ?? phone.keeper.store, 'waiting')).toEqual([id])
    photos.send()
    await expect.poll(() => server.kept.get(id)?.length).toBe(PICTURE.length)
  })

  it('is asked for again when a restored server does not say any more that it has it', async () => {
    const id = await take()
    await sent()
    says(id, { stored: { bytes: 1 } })
    says(id, {})
    expect(waiting).toBe(1)
    await expect.poll(() => photoIds(phone.keeper.store, 'waiting')).toEqual([id])
  })

  it.each([true, undefined])('leaves with the record that left, once it is stored; not where a restored server is still to be told of it (%s)', async (again) => {
    const [stored, unsent] = [await take(), await take()]
    says(stored, { stored: { bytes: 1 } })
    const keeper = phone.keeper
    keeper.state = { ...keeper.state, base: new Map(), rows: keeper.state.rows.map((row) => ({ ...row, state: 'covered', ...(again && { again }) })) }
    photos.follow(keeper)
    const left = again ? [stored, unsent] : [unsent]
    await expect.poll(() => photoIds(keeper.store, 'waiting')).toEqual(left)
    expect(await photoIds(keeper.store, 'stored')).toEqual([])
  })

  it('refused by the office waits no more, and stays on the phone', async () => {
    const id = await take()
    says(id, { refused: { reason: 'unreadable' } })
    expect(waiting).toBe(0)
    expect(await photoOf(phone.keeper.store, id)).not.toBeNull()
  })

  it('of a vault that nobody can open is delivered sealed, readable by the server alone', async () => {
    const id = await take()
    phone.open.close()
    const courier = new Courier({ fetch: server.fetch, now: () => Date.now(), stall_ms: 5_000 })
    expect(await deliverSealed(courier, phone.keeper.store)).toBe(0)
    const said = JSON.parse(text(fromBase64url(server.headers[0]?.get('X-Oppgang-Sealed') ?? ''))) as Record<string, string>
    const key = await phone.server.openKey(id, said)
    const sealed = server.kept.get(id) ?? new Uint8Array()
    const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])
    const how = { name: 'AES-GCM', iv: sealed.slice(0, 12), additionalData: utf8(`oppgang/1|photo|${id}`) }
    expect(new Uint8Array(await crypto.subtle.decrypt(how, aes, sealed.slice(12)))).toEqual(PICTURE)
  })
})

it('a photo in a vault that was given up on a bad line goes with a later round, and one that is only locked waits', async () => {
  const id = await take()
  const { store } = phone.keeper
  const rounds = new Rounds(new Courier({ fetch: server.fetch, now: () => Date.now(), stall_ms: 5_000 }), {
    app: 'test', keeper: () => null, lockedStores: async () => [store], installation: async () => 'i', maySpeak: async () => true,
    inFlight: () => undefined, heard: () => undefined, revoked: async () => undefined, unopenable: async () => undefined,
    trouble: () => undefined, alone: (work) => work(), random: () => 0.5, newId: () => crypto.randomUUID(),
  })
  await rounds.sync()
  expect(server.kept.has(id)).toBe(false)
  await store.keepOnlySealed()
  await rounds.sync()
  rounds.stop()
  expect(server.kept.has(id)).toBe(true)
})
