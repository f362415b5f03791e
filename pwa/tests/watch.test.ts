import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { HIDDEN_MS, HIDDEN_WITH_FORM_MS, IDLE_MS, watch, type Watched } from '../src/watch'

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
let formOpen: boolean
let locks: number
let stop: () => void

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] })
  page = new Page()
  hands = new EventTarget()
  formOpen = false
  locks = 0
  vi.stubGlobal('document', page)
  for (const name of ['addEventListener', 'removeEventListener'] as const) vi.stubGlobal(name, hands[name].bind(hands))
  const watched: Watched = {
    unlocked: () => locks === 0,
    formOpen: () => formOpen,
    handed: () => false,
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
  formOpen = true
  page.turn(true)
  sleeps(HIDDEN_WITH_FORM_MS - 1_000)
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
  formOpen = true
  page.turn(true)
  sleeps(HIDDEN_WITH_FORM_MS / 2)
  page.turn(false)
  touches()
  expect(locks).toBe(0)
})

it('a clock that was set back keeps nothing open', () => {
  page.turn(true)
  sleeps(-HOURS_MS)
  vi.advanceTimersByTime(HIDDEN_MS + 10_000)
  expect(locks).toBe(1)
})

it('stays open as long as somebody touches it', () => {
  for (let passed = 0; passed < 2 * IDLE_MS; passed += IDLE_MS / 4) {
    vi.advanceTimersByTime(IDLE_MS / 4)
    touches()
  }
  expect(locks).toBe(0)
  vi.advanceTimersByTime(IDLE_MS + 10_000)
  expect(locks).toBe(1)
})
