import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { COVERED, OPEN, watch, WITH_FORM, type Patience, type Watched } from '../src/watch'

const HOURS_MS = 3 * 3_600_000

class Page extends EventTarget {
  hidden = false
  turn(hidden: boolean): void {
    this.hidden = hidden
    this.dispatchEvent(new Event('visibilitychange'))
  }
}

let page: Page
let hands: EventTarget
let patience: Patience
let locks: number
let stop: () => void

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] })
  page = new Page()
  hands = new EventTarget()
  patience = OPEN
  locks = 0
  vi.stubGlobal('document', page)
  for (const name of ['addEventListener', 'removeEventListener'] as const) vi.stubGlobal(name, hands[name].bind(hands))
  const watched: Watched = {
    unlocked: () => locks === 0,
    patience: () => patience,
    lock: () => void locks++,
    write: () => undefined,
    freezeOlderThan: () => undefined,
    shown: () => undefined,
    look: () => undefined,
  }
  stop = watch(watched)
})
afterEach(() => {
  stop()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** The phone sleeps: no timer runs and the page's own clock stands still, the phone's goes on. */
const sleeps = (ms: number): void => void vi.setSystemTime(Date.now() + ms)
const touches = (): boolean => hands.dispatchEvent(new Event('pointerdown'))

it('a phone that slept in a pocket is locked when it wakes, whoever has it then', () => {
  patience = WITH_FORM
  page.turn(true)
  sleeps(WITH_FORM.hidden_ms - 1_000)
  page.turn(false)
  expect(locks).toBe(0)
  page.turn(true)
  sleeps(HOURS_MS)
  page.turn(false)
  expect(locks).toBe(1)
})

it('a phone that slept with the app on the screen is locked by the first touch, not kept open by it', () => {
  touches()
  sleeps(HOURS_MS)
  touches()
  expect(locks).toBe(1)
})

it('somebody who comes back from the camera is not taken for idle', () => {
  patience = WITH_FORM
  page.turn(true)
  sleeps(WITH_FORM.hidden_ms / 2)
  page.turn(false)
  touches()
  expect(locks).toBe(0)
})

it('a clock that was set back keeps nothing open', () => {
  page.turn(true)
  sleeps(-HOURS_MS)
  vi.advanceTimersByTime(OPEN.hidden_ms + 10_000)
  expect(locks).toBe(1)
})

it('stays open as long as somebody touches it', () => {
  for (let passed = 0; passed < 2 * OPEN.idle_ms; passed += OPEN.idle_ms / 4) {
    vi.advanceTimersByTime(OPEN.idle_ms / 4)
    touches()
  }
  expect(locks).toBe(0)
  vi.advanceTimersByTime(OPEN.idle_ms + 10_000)
  expect(locks).toBe(1)
})

it('a covered phone is locked when its time is up, however much it is touched or looked at', () => {
  patience = COVERED
  for (let passed = 0; passed < COVERED.idle_ms - 60_000; passed += 60_000) {
    vi.advanceTimersByTime(60_000)
    touches()
    page.turn(true)
    page.turn(false)
  }
  expect(locks).toBe(0)
  vi.advanceTimersByTime(70_000)
  expect(locks).toBe(1)
})

it('a covered phone that slept its time away is locked by the first touch', () => {
  patience = COVERED
  page.turn(true)
  sleeps(COVERED.hidden_ms)
  touches()
  page.turn(false)
  expect(locks).toBe(1)
})

it('a covered phone that was opened again is taken for touched then', () => {
  patience = COVERED
  vi.advanceTimersByTime(30 * 60_000)
  touches()
  patience = OPEN
  touches()
  vi.advanceTimersByTime(OPEN.idle_ms - 10_000)
  expect(locks).toBe(0)
  vi.advanceTimersByTime(20_000)
  expect(locks).toBe(1)
})
