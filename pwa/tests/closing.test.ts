import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Bytes } from '../src/bytes'
import { uuid7 } from '../src/ids'
import { guardOf, Keeper } from '../src/keeper'
import { addVault } from '../src/listed'
import { makeVault } from '../src/new_vault'
import { PhotoSession } from '../src/photos.svelte'
import { keepPhoto, photoIds } from '../src/shoebox'
import { Store } from '../src/store'
import { StorageFull } from '../src/stored'
import { afterKill, newPhone, PROFILE, thumb, VISIT, type Phone } from './parts'

const DRAWN = { bytes: crypto.getRandomValues(new Uint8Array(9_000)) as Bytes, thumbnail: '/9j/2Q==' }
const OTHER = '018f2c5e-0000-7000-8000-000000000004'

/** Draws when it is told to. */
const camera = vi.hoisted(() => ({ draw: null as (() => void) | null }))
vi.mock('../src/picture', () => ({ redraw: () => new Promise((drawn) => (camera.draw = () => drawn(DRAWN))) }))
const thumbs = vi.hoisted(() => ({ browserPasskeys: {} }))
vi.mock('../src/passkeys', () => thumbs)
Object.assign(thumbs.browserPasskeys, thumb)

/** The app's life with one vault open in it, as if somebody had unlocked. */
class Opened extends PhotoSession {
  static async with(keeper: Keeper): Promise<Opened> {
    const session = new Opened()
    await session.here.read()
    session.keeper = keeper
    session.show(keeper)
    session.rests()
    return session
  }

  get open(): Keeper | null {
    return this.keeper
  }

  get acts() {
    return this.work
  }

  rests(): void {
    this.rounds.stop()
  }

  asks(): Promise<void> {
    return this.rounds.sync()
  }

  unlocks(vault: string) {
    this.chosen = vault
    return this.unlock({ passkey: true })
  }
}

let phone: Phone
let session: Opened

beforeEach(async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('the line is dead')))
  camera.draw = null
  phone = await newPhone('here')
  await addVault({ id: phone.vault, user: phone.keeper.state.user, initials: 'KN' })
})

/** Somebody else's vault on the same phone. */
async function colleague(): Promise<string> {
  const vault = crypto.randomUUID()
  const made = await makeVault(vault, { user: OTHER, sealing_key: phone.server.key }, { passkey: true })
  if (!made) throw new Error('no vault')
  const store = await Store.make(vault, made.envelope, guardOf(made.open, () => true))
  ;(await Keeper.make(store, made.open, crypto.randomUUID(), 1, { ...PROFILE, registered: 'here' }, () => undefined)).close()
  await addVault({ id: vault, user: OTHER, initials: 'AO' })
  return vault
}

const closed = (): Promise<void> => vi.waitFor(() => expect(session.open).toBeNull())

it('goes on saying that the last words are not saved when the office cannot be reached either', async () => {
  vi.stubGlobal('navigator', { onLine: true })
  session = await Opened.with(phone.keeper)
  await session.asks()
  expect(session.problem).toContain('Alt er lagret på telefonen')
  phone.keeper.flush = () => Promise.reject(new StorageFull('full'))
  void session.acts.set(VISIT, 'visit', { told: true })
  await vi.waitFor(() => expect(session.problem).toContain('ikke lagret'))
  await session.asks()
  expect(session.problem).toContain('ikke lagret')
})

describe('a vault that is locked', () => {
  it('waits for the photo that is being made small, so that it is there with its record afterwards', async () => {
    session = await Opened.with(phone.keeper)
    const added = session.photos.add(VISIT, null, new Blob([]), 'before')
    await vi.waitFor(() => expect(camera.draw).not.toBeNull())
    session.lock()
    await new Promise((done) => setTimeout(done, 200))
    expect(session.phase).toBe('locked')
    camera.draw?.()
    const id = await added
    await closed()
    expect(session.problem).toBeNull()
    const later = await afterKill(phone)
    expect(later.state.rows.find((row) => row.id === id)?.set['record']).toBe(VISIT)
    expect(await photoIds(later.store, 'waiting')).toEqual([id])
  })

  it('says at the lock that a photo is not sent, though all words are', async () => {
    session = await Opened.with(phone.keeper)
    const id = uuid7(Date.now())
    await keepPhoto(phone.keeper.store, { id, state: 'waiting', updated: Date.now(), ...(await phone.open.encryptPhoto(id, phone.keeper.state.replica, DRAWN.bytes)) })
    session.lock()
    await closed()
    await vi.waitFor(() => expect(session.unsent).toBe(1))
  })

  it('gets no mark on a picture that its last reader asked for, in somebody else’s name', async () => {
    const theirs = await colleague()
    session = await Opened.with(phone.keeper)
    const picture = uuid7(Date.now())
    const body = { record: VISIT, phase: 'before', taken_at: '2026-11-30T08:00:00.000Z' }
    phone.keeper.state = { ...phone.keeper.state, base: new Map([[picture, { kind: 'attachment', seq: 3, in: ['me'], body, gen: 1 }]]) }
    let answer: (response: Response) => void = () => undefined
    const dead = () => Promise.reject(new TypeError('the line is dead'))
    vi.stubGlobal('fetch', (asked: string) => (asked.endsWith(picture) ? new Promise<Response>((come) => (answer = come)) : dead()))
    const marked = session.photos.mark(picture, { from: { x: 0, y: 0 }, to: { x: 0, y: 0 } })
    await vi.waitFor(() => expect(answer.length).toBe(1))
    session.lock()
    await closed()
    expect(await session.unlocks(theirs)).toBe('opened')
    answer(new Response(DRAWN.bytes))
    await vi.waitFor(() => (camera.draw?.(), expect(marked).resolves.toBeNull()))
    expect(session.open?.state.user).toBe(OTHER)
    expect(session.open?.state.rows).toEqual([])
    session.rests()
  })

  it('is not given to residents, who would write in none', async () => {
    session = await Opened.with(phone.keeper)
    const given = session.handOver(VISIT)
    session.lock()
    await given
    await closed()
    expect(session.phase).toBe('locked')
    expect(session.meeting).toBeNull()
  })

  it('writes the tap that came while the others were written', async () => {
    session = await Opened.with(phone.keeper)
    const flush = phone.keeper.flush.bind(phone.keeper)
    const late = uuid7(Date.now())
    let flushes = 0
    phone.keeper.flush = async () => {
      await flush()
      if (++flushes === 2) void session.acts.set(late, 'visit', { outcome: 'completed' })
    }
    session.lock()
    await closed()
    expect((await afterKill(phone)).state.rows.map((row) => row.id)).toEqual([late])
  })

  it('is not closed by whoever waits for it to be written, when its owner is back', async () => {
    const theirs = await colleague()
    session = await Opened.with(phone.keeper)
    phone.keeper.flush = () => Promise.reject(new StorageFull('full'))
    session.lock()
    const waits = session.unlocks(theirs)
    await new Promise((done) => setTimeout(done, 500))
    await session.unlocks(phone.vault)
    expect(session.phase).toBe('open')
    await waits
    expect(session.user?.id).toBe(phone.keeper.state.user)
    expect(session.open).toBe(phone.keeper)
  })
})

describe('a page that another has taken the vault from', () => {
  it('lets go of it, and writes nothing more', async () => {
    session = await Opened.with(phone.keeper)
    await session.acts.set(VISIT, 'visit', { outcome: 'completed' })
    await (await phone.keeper.store.connection()).put('envelope', 'another page', 'page')
    void session.acts.set(VISIT, 'visit', { outcome: 'refused' }).catch(() => undefined)
    await closed()
    expect(session.phase).toBe('elsewhere')
    expect(session.problem).toBeNull()
    expect((await afterKill(phone)).state.rows.map((row) => row.set)).toEqual([{ outcome: 'completed' }])
  })
})
