// The gates of a phone that two share: whoever stands at one gets on, and no gate takes away what somebody has come back to.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { app as App } from '../src/app.svelte'
import { notesAtLock } from '../src/listed'
import { keepNote, newNote, noteKey } from '../src/locked_notes'
import { browser } from './browser'
import { freshDisk, json, sealingServer, takesAll, wire, type Asked } from './parts'

vi.mock('../src/passkeys', () => {
  const secret = new Uint8Array(32).fill(7)
  const make = async (): Promise<unknown> => ({ credential: new Uint8Array(16), secret: secret.slice() })
  return { browserPasskeys: { available: async () => true, make, ask: async () => secret.slice() } }
})

const KARI = '018f2c5e-0000-7000-8000-00000000000a'
const AMIR = '018f2c5e-0000-7000-8000-00000000000b'
const THUMB = { passkey: true }

let app: typeof App
let who: string
let kept: Map<string, string>
let says: (asked: Asked) => Response | Promise<Response>

const answers = (one: Asked): Response => {
  if (one.path.endsWith('/sync')) return json(takesAll(one))
  if (!one.path.endsWith('/parcels')) return json({ replica: 'x' })
  return json({ results: (one.body['parcels'] as { mid: string }[]).map(({ mid }) => ({ mid, state: 'in_custody' })) })
}

/** The app is started, or killed and started again: only the disk is left. */
async function starts(): Promise<void> {
  const { key } = await sealingServer()
  const line = wire((one) => {
    if (one.path.endsWith('/login')) return json({ user: who })
    if (one.path.endsWith('/me')) return json({ user: who, name: 'Navn Navnesen', roles: [], demo: true, sealing_key: key, server_now: new Date().toISOString(), began_at: '' })
    return says(one)
  })
  vi.stubGlobal('fetch', line.wire.fetch)
  vi.resetModules()
  app = (await import('../src/app.svelte')).app
  await app.start()
}

beforeEach(async () => {
  freshDisk()
  browser()
  kept = new Map()
  vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) })
  says = answers
  await starts()
  await comes(AMIR)
  await locks()
  await comes(KARI)
})
afterEach(async () => {
  await locks()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** Logs in, and opens the vault that is their own. */
async function comes(user: string): Promise<void> {
  who = user
  await app.login('navn', 'passord')
  if (app.phase === 'create_vault') await app.createVault(THUMB)
  else await app.unlock(THUMB)
  expect([app.phase, app.user?.id]).toEqual(['open', user])
}

async function locks(): Promise<void> {
  app.lock()
  await vi.waitFor(() => expect((app as unknown as { keeper: unknown }).keeper).toBeNull(), { timeout: 60_000 })
}

async function writes(words: string): Promise<void> {
  await app.set(app.begin('conversation', {}), 'conversation', { summary: words })
}

const read = (): unknown[] => app.records('conversation').map((one) => one.body['summary'])
const vaults = async (): Promise<string[]> => (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith('oppgang-') ? [name.slice(8)] : [])).sort()

/** A wire that holds sealed work back until it is let through, and says when some has come. */
function slowly(): { come: Promise<void>; goOn: () => void } {
  let [heard, goOn] = [(): void => undefined, (): void => undefined]
  const come = new Promise<void>((resolve) => (heard = resolve))
  const carried = new Promise<void>((resolve) => (goOn = resolve))
  says = async (one) => {
    if (!one.path.endsWith('/parcels')) return json({}, 502)
    heard()
    await carried
    return answers(one)
  }
  return { come, goOn: () => goOn() }
}

it('throws no vault away that its user has opened while it was being sent', async () => {
  const { come, goOn } = slowly()
  await writes('Før')
  await locks()
  const forgetting = app.forgot(app.atLock, new AbortController().signal)
  await come
  await app.unlock(THUMB)
  await writes('Etter')
  goOn()
  expect(await forgetting).toBeNull()
  expect([app.phase, app.user?.id, read()]).toEqual(['open', KARI, ['Før', 'Etter']])
  await locks()
  await starts()
  await comes(KARI)
  expect(read().sort()).toEqual(['Etter', 'Før'])
})

it('throws no vault away, nor the note at its lock, when that was called off while it was being sent', async () => {
  const { come, goOn } = slowly()
  await writes('Før')
  await locks()
  const [vault, calledOff] = [app.atLock ?? '', new AbortController()]
  const forgetting = app.forgot(vault, calledOff.signal)
  await come
  calledOff.abort()
  const id = newNote()
  await keepNote(vault, (await noteKey(vault)) ?? new Uint8Array(), id, 'Hun ringer i morgen')
  says = (one) => (one.path.endsWith('/parcels') ? answers(one) : json({}, 502))
  goOn()
  expect([await forgetting, app.phase, app.problem]).toEqual([null, 'locked', null])
  expect(await notesAtLock(vault)).toEqual([id])
  await app.unlock(THUMB)
  expect(read()).toContain('Før')
})

it('throws away the vault that was asked for, and leads to the lock of the other', async () => {
  await locks()
  const [mine, theirs] = [app.atLock ?? '', (await vaults()).find((one) => one !== app.atLock) ?? '']
  expect(await app.forgot(theirs, new AbortController().signal)).toBe(0)
  expect([app.phase, app.atLock, await vaults()]).toEqual(['locked', mine, [mine]])
})

/** The browser throws a database out. */
const throwsOut = (name: string): Promise<void> =>
  new Promise((done) => {
    indexedDB.deleteDatabase(name).onsuccess = () => done()
  })

it('opens a vault whatever has become of another’s, and tells the other of the loss', async () => {
  await locks()
  const mine = app.atLock ?? ''
  const theirs = (await vaults()).find((one) => one !== mine) ?? ''
  await throwsOut(`oppgang-${theirs}`)
  app['chosen'] = theirs
  expect([await app.unlock(THUMB), app.user?.id]).toEqual(['opened', KARI])
  await locks()
  await throwsOut(`oppgang-${mine}`)
  expect([await app.unlock(THUMB), app.phase]).toEqual(['hindered', 'storage_lost'])
})

it('leads on from a vault that the browser threw out to the lock of one that stands', async () => {
  await locks()
  const [mine, theirs] = [app.atLock ?? '', (await vaults()).find((one) => one !== app.atLock) ?? '']
  await throwsOut(`oppgang-${mine}`)
  vi.spyOn(app['here'], 'usable').mockReturnValueOnce([{ id: mine, user: KARI, initials: 'KN' }])
  expect([await app.unlock(THUMB), app.phase]).toEqual(['hindered', 'storage_lost'])
  await app.goOn()
  expect([app.phase, app.atLock]).toEqual(['locked', theirs])
})

it('leads on from all that the browser threw out to the login, once it has been read', async () => {
  await locks()
  freshDisk()
  await starts()
  expect(app.phase).toBe('storage_lost')
  await starts()
  expect(app.phase).toBe('storage_lost')
  await app.goOn()
  expect(app.phase).toBe('login')
  await starts()
  expect(app.phase).toBe('login')
})

it('calls nothing lost that only cannot be opened just now, and tries again when it is asked to', async () => {
  await locks()
  const opens = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('Internal error opening backing store for indexedDB.open.', 'UnknownError')
  })
  await starts()
  expect(app.phase).toBe('hindered')
  await app.goOn()
  expect(app.phase).toBe('hindered')
  opens.mockRestore()
  await app.goOn()
  expect(app.phase).toBe('locked')
})
