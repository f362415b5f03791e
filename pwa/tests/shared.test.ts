// A phone that two share: what the one has begun, and what befalls the one's vault, is nothing to the other.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { app as App } from '../src/app.svelte'
import { settings } from '../src/listed'
import type { kept as Kept } from '../src/ui/kept.svelte'
import type { undoBar as UndoBar } from '../src/ui/undo.svelte'
import type { Work } from '../src/work'
import { fromBase64url } from '../src/bytes'
import type { Twin } from '../src/stored'
import { browser } from './browser'
import { freshDisk, json, problem, sealingServer, takesAll, wire, type Asked, type SealingServer } from './parts'

vi.mock('../src/passkeys', () => {
  const secret = new Uint8Array(32).fill(7)
  const make = async (): Promise<unknown> => ({ credential: new Uint8Array(16), secret: secret.slice() })
  return { browserPasskeys: { available: async () => true, make, ask: async () => secret.slice() } }
})

const KARI = '018f2c5e-0000-7000-8000-00000000000a'
const AMIR = '018f2c5e-0000-7000-8000-00000000000b'

let app: typeof App
let kept: typeof Kept
let undoBar: typeof UndoBar
let who: string
let office: SealingServer
let says: (asked: Asked) => Response | Promise<Response>
let page: EventTarget

beforeEach(async () => {
  freshDisk()
  ;({ page } = browser())
  office = await sealingServer()
  const { key } = office
  says = (one) => (one.path.endsWith('/sync') ? json(takesAll(one)) : json({ replica: 'x' }))
  const line = wire((one) => {
    if (one.path.endsWith('/login')) return json({ user: who })
    if (one.path.endsWith('/me')) return json({ user: who, name: 'Navn', roles: [], demo: true, sealing_key: key, server_now: new Date().toISOString(), began_at: '' })
    return says(one)
  })
  vi.stubGlobal('fetch', line.wire.fetch)
  vi.resetModules()
  app = (await import('../src/app.svelte')).app
  kept = (await import('../src/ui/kept.svelte')).kept
  undoBar = (await import('../src/ui/undo.svelte')).undoBar
  await app.start()
  await comes(AMIR)
  await locks()
  await comes(KARI)
})
afterEach(async () => {
  await locks()
  vi.unstubAllGlobals()
})

/** Logs in, and opens the vault that is their own. */
async function comes(user: string): Promise<void> {
  who = user
  await app.login('navn', 'passord')
  if (app.phase === 'create_vault') await app.createVault({ passkey: true })
  else await app.unlock({ passkey: true })
  expect([app.phase, app.user?.id]).toEqual(['open', user])
}

async function locks(): Promise<void> {
  app.lock()
  await vi.waitFor(() => expect((app as unknown as { keeper: unknown }).keeper).toBeNull(), { timeout: 60_000 })
}

/** ＋, and the lock comes before a word is written. */
async function begins(): Promise<string> {
  app.go('new')
  const note = app.begin('conversation', { talked_on: '2026-11-29' })
  kept.note = note
  kept.search = 'Storgata'
  await locks()
  return note
}

it('leads the one who locked it back to the very note', async () => {
  const note = await begins()
  await app.unlock({ passkey: true })
  expect([app.route.screen, kept.note, kept.search, app.isBegun(note)]).toEqual(['new', note, 'Storgata', true])
})

it('leads another to I dag, with nothing of what was begun', async () => {
  const note = await begins()
  await comes(AMIR)
  expect([app.route.screen, kept.note, kept.search, app.isBegun(note)]).toEqual(['today', null, '', false])
})

it('leads nobody back to a place on another’s way', async () => {
  app.go('new', await begins())
  const theirs = history.state as unknown
  await comes(AMIR)
  app.go('search')
  page.dispatchEvent(Object.assign(new Event('popstate'), { state: theirs }))
  expect(app.route).toEqual({ screen: 'today', id: null, focus: null })
})

it('leaves the open vault alone when another’s is ended', async () => {
  let heard = (): void => undefined
  const asked = new Promise<void>((resolve) => (heard = resolve))
  let goOn = (): void => undefined
  const carried = new Promise<void>((resolve) => (goOn = resolve))
  says = async (one) => {
    if (!one.path.endsWith('/parcels')) return problem('device_revoked', 410)
    heard()
    await carried
    return json({ results: (one.body['parcels'] as { mid: string }[]).map(({ mid }) => ({ mid, state: 'in_custody' })) })
  }
  await app.set(app.begin('conversation', {}), 'conversation', { summary: 'Avtalt' })
  const round = app.sync()
  await asked
  await locks()
  says = (one) => (one.path.endsWith('/sync') ? json(takesAll(one)) : json({ replica: 'x' }))
  await comes(AMIR)
  goOn()
  await round
  expect([app.phase, app.user?.id, app.problem, app.vaults.length]).toEqual(['open', AMIR, null, 1])
  await app.set(app.begin('conversation', {}), 'conversation', { summary: 'Går fint' })
  expect(app.records('conversation').map((one) => one.body['summary'])).toEqual(['Går fint'])
})

/** What stands in a talk in the open vault. */
const said = (talk: string): unknown => app.record(talk)?.body['summary']

/** An act that can still be undone, and is written in two goes with a wait between, as a photo's copying is. */
function offers(talk: string): () => void {
  let copied = (): void => undefined
  const copying = new Promise<void>((resolve) => (copied = resolve))
  const commit = async (): Promise<void> => {
    await copying
    await app.set(talk, 'conversation', { summary: 'Ferdig' })
  }
  undoBar.say({ message: 'Ferdig', undo: () => undefined, commit })
  return copied
}

it('does what could still be undone in the vault it was done in, before that is closed', async () => {
  const talk = app.begin('conversation', {})
  const copied = offers(talk)
  app.lock()
  expect([app.phase, undoBar.shown]).toEqual(['locked', []])
  setTimeout(copied, 20)
  await locks()
  await comes(AMIR)
  expect(said(talk)).toBeUndefined()
  await locks()
  await comes(KARI)
  expect(said(talk)).toBe('Ferdig')
})

it('waits for an act whose time was out while it was still being written', async () => {
  const talk = app.begin('conversation', {})
  const copied = offers(talk)
  void undoBar.settle()
  setTimeout(copied, 1_000)
  await app.logout()
  await comes(AMIR)
  await locks()
  await comes(KARI)
  expect(said(talk)).toBe('Ferdig')
})

it('does in nobody else’s vault what was said after its own had closed', async () => {
  const talk = app.begin('conversation', {})
  await locks()
  const copied = offers(talk)
  copied()
  await comes(AMIR)
  expect(undoBar.shown).toEqual([])
  await undoBar.settle()
  expect(said(talk)).toBeUndefined()
})

it('does it before residents have the phone', async () => {
  const talk = app.begin('conversation', {})
  setTimeout(offers(talk), 20)
  app.form(app.begin('conversation', {}), 'conversation').touch('summary', 'Begynt')
  await app.handOver('event')
  const { work } = app as unknown as { work: Work }
  expect([app.phase, undoBar.shown, work.formOpen]).toEqual(['residents', [], false])
  expect(work.records('conversation').map((one) => one.body['summary']).sort()).toEqual(['Begynt', 'Ferdig'])
  await app.unlock({ passkey: true })
})

it('shows residents nothing of whose phone it is, and a new start of the app knows that they had it', async () => {
  const talk = app.begin('conversation', {})
  await app.set(talk, 'conversation', { summary: 'Hos Kari' })
  expect([app.user?.id, app.records('conversation').length, app.record(talk)?.id]).toEqual([KARI, 1, talk])
  await app.handOver('event')
  expect([app.phase, app.user, app.records('conversation'), app.record(talk), app.known(talk)]).toEqual(['residents', null, [], null, null])
  expect([app.meeting?.name, await settings(['handed'])]).toEqual(['', ['yes']])
  await app.unlock({ passkey: true })
  await vi.waitFor(async () => expect(await settings(['handed'])).toEqual([null]))
  expect([app.user?.id, app.meeting, app.records('conversation').length]).toEqual([KARI, null, 1])
})

it('does it before a vault that the office ends has sent its last words', async () => {
  const talk = app.begin('conversation', {})
  const carried: unknown[] = []
  says = (one) => {
    if (!one.path.endsWith('/parcels')) return problem('device_revoked', 410)
    const mids = (one.body['parcels'] as { mid: string }[]).map(({ mid }) => mid)
    carried.push(...mids)
    return json({ results: mids.map((mid) => ({ mid, state: 'in_custody' })) })
  }
  setTimeout(offers(talk), 20)
  await app.sync()
  expect([app.phase, carried.length, app.vaults.length]).toEqual(['revoked', 1, 1])
})

it('tells the office, in words that only this vault could sign, and only when nothing of it can be read', async () => {
  const receipts: { said: unknown; keys: number }[] = []
  let tries = 0
  const readable = async (): Promise<number> => (await indexedDB.databases()).filter(({ name }) => name?.startsWith('oppgang-')).length
  const before = await readable()
  const heard = new Promise<void>((resolve) => {
    says = async (one) => {
      if (!one.path.endsWith('/emptied')) return one.path.endsWith('/parcels') ? json({ results: [] }) : problem('device_revoked', 410)
      if (tries++ === 0) return json({ portal: 'Velkommen' }) // a stranger on the line is no office
      const { enc, ciphertext, ...sealed } = one.body['sealed'] as Record<string, string>
      const twin = { ...sealed, enc: fromBase64url(enc ?? '').buffer, ciphertext: fromBase64url(ciphertext ?? '').buffer } as unknown as Twin
      receipts.push({ said: await office.open(twin), keys: await readable() })
      resolve()
      return json({ emptied: twin.replica })
    }
  })
  vi.spyOn(Math, 'random').mockReturnValue(-0.9)
  const { replica } = app['keeper']?.state ?? {}
  await app.sync()
  await heard
  vi.restoreAllMocks()
  expect([app.phase, app.vaults.length]).toEqual(['revoked', 1])
  expect(receipts).toEqual([{ said: { emptied: replica }, keys: before - 1 }])
})
