// The cover and the short code that lifts it: how often, for how long, and where neither may be.
import { beforeEach, expect, it, vi } from 'vitest'
import { Hands } from '../src/hands.svelte'
import type { Keeper } from '../src/keeper'
import { addVault } from '../src/listed'
import { granted, type Leases } from '../src/leases'
import type { Patience } from '../src/watch'
import { newPhone, thumb } from './parts'

const CODE = '482915'
const WRONG = '482916'
const SPENT = 'Feil kode fem ganger.'
const HOUR_MS = 3_600_000
const ALONE = { personal: 1, technical: 1, network_only: true }

const thumbs = vi.hoisted(() => ({ browserPasskeys: {} }))
vi.mock('../src/passkeys', () => thumbs)
Object.assign(thumbs.browserPasskeys, thumb)

/** The app with one vault open in it, as if somebody had unlocked. */
class Opened extends Hands {
  static async with(keeper: Keeper): Promise<Opened> {
    const session = new Opened()
    await session.here.read()
    session.keeper = keeper
    session.show(keeper)
    session.rounds.stop()
    return session
  }

  get open(): Keeper | null {
    return this.keeper
  }

  get waits(): Patience {
    return this.patience
  }

  isLeft(): void {
    this.left()
    this.rounds.stop()
  }

  isTold(): void {
    this.hear({ kind: 'answered', policy: {}, offset_ms: 0 })
  }
}

let session: Opened

beforeEach(async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('the line is dead')))
  const phone = await newPhone('here')
  await addVault({ id: phone.vault, user: phone.keeper.state.user, initials: 'KN' })
  session = await Opened.with(phone.keeper)
})

const networkOnly = (): void => session.open?.know({ leases: granted(ALONE, new Date().toISOString()) as Leases })

/** The keys are gone, and only the vault's own secret opens it. */
async function expectLocked(): Promise<void> {
  await vi.waitFor(() => expect(session.open).toBeNull())
  expect(session.phase).toBe('locked')
  expect(session.uncover(CODE, SPENT)).toBe('hindered')
}

it('nothing is covered for whoever has chosen no code', async () => {
  session.isLeft()
  await expectLocked()
})

it('four wrong codes cost nothing once the right one has come, and the fifth takes the keys', async () => {
  session.chooseCode(CODE)
  expect(session.uncover(CODE, SPENT)).toBe('hindered')
  session.isLeft()
  expect(session.phase).toBe('covered')
  expect(session.user).toBeNull()
  for (const left of [4, 3, 2, 1]) {
    expect(session.uncover(WRONG, SPENT)).toBe('wrong')
    expect(session.codeTries).toBe(left)
  }
  expect(session.uncover(CODE, SPENT)).toBe('opened')
  expect(session.phase).toBe('open')
  session.isLeft()
  expect(session.codeTries).toBe(5)
  for (let tries = 0; tries < 5; tries++) session.uncover(WRONG, SPENT)
  expect(session.problem).toBe(SPENT)
  expect(session.codeTries).toBeNull()
  await expectLocked()
})

it('a cover lasts an hour, whoever touches it', () => {
  session.chooseCode(CODE)
  session.isLeft()
  expect(session.waits).toEqual({ idle_ms: HOUR_MS, hidden_ms: HOUR_MS, ends: true })
})

it('a code that was taken back covers nothing', async () => {
  session.chooseCode(CODE)
  session.chooseCode(null)
  session.isLeft()
  await expectLocked()
})

it('where the office says «Bare på nett», none can be chosen', async () => {
  networkOnly()
  session.chooseCode(CODE)
  expect(session.mayCover).toBe(false)
  session.isLeft()
  await expectLocked()
})

it('a code that was chosen before the office said «Bare på nett» covers nothing', async () => {
  session.chooseCode(CODE)
  networkOnly()
  expect(session.codeTries).toBeNull()
  session.isLeft()
  await expectLocked()
})

it('a cover is a lock as soon as the office says «Bare på nett» beneath it', async () => {
  session.chooseCode(CODE)
  session.isLeft()
  session.isTold()
  expect(session.phase).toBe('covered')
  networkOnly()
  session.isTold()
  await expectLocked()
})
