// What the app says of the disk is said when it is true: saved when it is written, deleted when it is gone.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { app as App } from '../src/app.svelte'
import { OpenForm, type FormDesk } from '../src/form.svelte'
import type { undoBar as UndoBar } from '../src/ui/undo.svelte'
import { uuid7 } from '../src/ids'
import { browser } from './browser'
import { freshDisk, json, newPhone, problem, sealingServer, takesAll, wire, type Asked } from './parts'

vi.mock('../src/passkeys', () => {
  const secret = new Uint8Array(32).fill(7)
  const make = async (): Promise<unknown> => ({ credential: new Uint8Array(16), secret: secret.slice() })
  return { browserPasskeys: { available: async () => true, make, ask: async () => secret.slice() } }
})

const KARI = '018f2c5e-0000-7000-8000-00000000000a'

let app: typeof App
let undoBar: typeof UndoBar
let says: (asked: Asked) => Response | Promise<Response>

async function begins(): Promise<void> {
  freshDisk()
  browser()
  const { key } = await sealingServer()
  says = (one) => (one.path.endsWith('/sync') ? json(takesAll(one)) : json({ replica: 'x' }))
  const line = wire((one) => {
    if (one.path.endsWith('/login')) return json({ user: KARI })
    if (one.path.endsWith('/me')) return json({ user: KARI, name: 'Kari Nordli', roles: [], demo: true, sealing_key: key, server_now: new Date().toISOString(), began_at: '' })
    return says(one)
  })
  vi.stubGlobal('fetch', line.wire.fetch)
  vi.resetModules()
  app = (await import('../src/app.svelte')).app
  undoBar = (await import('../src/ui/undo.svelte')).undoBar
  await app.start()
  await app.login('navn', 'passord')
  await app.createVault({ passkey: true })
  expect(app.phase).toBe('open')
}

beforeEach(begins, 60_000)
afterEach(async () => {
  vi.restoreAllMocks()
  app.lock()
  await vi.waitFor(() => expect((app as unknown as { keeper: unknown }).keeper).toBeNull(), { timeout: 60_000 })
  vi.unstubAllGlobals()
})

/** The phone takes its time before anything is encrypted: gives how to let it go on. */
function takesItsTime(): () => void {
  let goOn = (): void => undefined
  const time = new Promise<void>((resolve) => (goOn = resolve))
  const real = SubtleCrypto.prototype.encrypt
  vi.spyOn(SubtleCrypto.prototype, 'encrypt').mockImplementation(async function (this: SubtleCrypto, ...given) {
    await time
    return real.apply(this, given)
  })
  return goOn
}

it('is busy until what was written, and what was held back, is on the disk', async () => {
  await vi.waitFor(() => expect(app.busy).toBe(false))
  const goOn = takesItsTime()
  const talk = app.begin('conversation', {})
  undoBar.say({ message: 'Ferdig', undo: () => undefined, commit: () => app.set(talk, 'conversation', { summary: 'Ferdig' }) })
  expect([app.writing, app.busy, undoBar.acting]).toEqual([false, false, false])
  const settled = undoBar.settle()
  expect([app.writing, app.busy, undoBar.acting]).toEqual([true, true, true])
  goOn()
  await settled
  await vi.waitFor(() => expect([app.writing, app.busy, undoBar.acting]).toEqual([false, false, false]))
})

it('says that all the rest is deleted when it is', async () => {
  says = (one) => (one.path.endsWith('/parcels') ? json({ results: [] }) : problem('device_revoked', 410))
  let goOn = (): void => undefined
  const time = new Promise<void>((resolve) => (goOn = resolve))
  const { here } = app as unknown as { here: { end(store: unknown): Promise<void> } }
  const real = here.end.bind(here)
  const ends = vi.spyOn(here, 'end').mockImplementation((store) => time.then(() => real(store)))
  const round = app.sync()
  await vi.waitFor(() => expect(ends).toHaveBeenCalled())
  expect([app.phase, app.problem]).toEqual(['revoked', null])
  goOn()
  await round
  expect(app.problem).toContain('Resten er slettet herfra.')
})

it('counts a photo that waits among what is not sent, from the first moment at the lock', async () => {
  app.photosWaiting = 1
  app.lock()
  expect([app.phase, app.unsent]).toEqual(['locked', 1])
})

it('does not say that a field is saved because of a write that began before it was typed in', async () => {
  const { keeper } = await newPhone()
  const writes: (() => void)[] = []
  vi.spyOn(keeper, 'flush').mockImplementation(() => new Promise((resolve) => void writes.push(resolve)))
  const desk: FormDesk = {
    keeper: () => keeper,
    stamp: () => ({ mid: uuid7(Date.now()), now: new Date().toISOString(), offset_ms: 0 }),
    begun: () => ({}),
    concealed: () => [],
    trouble: () => undefined,
    left: () => undefined,
    opened: () => undefined,
  }
  const form = new OpenForm(desk, uuid7(Date.now()), 'conversation')
  form.touch('summary', 'Hun trives')
  const first = form.write()
  form.touch('summary', 'Hun trives ikke')
  form.freeze() // a photo is taken: what was typed so far is closed
  writes.shift()?.()
  await first
  expect(form.saving).toBe('saving')
  const second = form.write()
  writes.shift()?.()
  await second
  expect(form.saving).toBe('saved')
})
