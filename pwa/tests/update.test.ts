import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Updates } from '../src/update'

/** One version of the service worker, as far as the page sees it. */
class Version extends EventTarget {
  asked: unknown[] = []
  postMessage(word: unknown): void {
    this.asked.push(word)
  }
}

/** The browser's side: what it has of versions, and what the page did to it. */
class Browser extends EventTarget {
  installing: Version | null = null
  waiting: Version | null = null
  looks = 0
  starts = 0
  readonly workers = Object.assign(new EventTarget(), { controller: new Version(), register: () => Promise.resolve(this) })

  update(): Promise<void> {
    this.looks++
    return Promise.resolve()
  }

  /** A new version is found and installed. */
  brings(): Version {
    const version = new Version()
    this.installing = version
    this.dispatchEvent(new Event('updatefound'))
    this.installing = null
    this.waiting = version
    version.dispatchEvent(new Event('statechange'))
    return version
  }

  changesOver(): void {
    this.waiting = null
    this.workers.dispatchEvent(new Event('controllerchange'))
  }
}

let browser: Browser
let formOpen: boolean
let close: () => Promise<boolean>
let closes: number
let ready: number
let updates: Updates
const settled = (): Promise<void> => vi.advanceTimersByTimeAsync(0).then(() => undefined)

beforeEach(async () => {
  vi.useFakeTimers()
  browser = new Browser()
  formOpen = false
  close = () => Promise.resolve(true)
  closes = 0
  ready = 0
  vi.stubGlobal('navigator', { serviceWorker: browser.workers })
  vi.stubGlobal('location', { reload: () => browser.starts++ })
  updates = new Updates(
    () => !formOpen,
    () => (closes++, close()),
  )
  await updates.watch(() => ready++)
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a new version', () => {
  it('is announced, and does nothing that nobody asked for', async () => {
    const version = browser.brings()
    updates.look()
    await settled()
    expect(ready).toBe(1)
    expect(version.asked).toEqual([])
    browser.changesOver()
    await settled()
    expect(browser.starts).toBe(0)
  })

  it('is announced when it was on its way before the page looked', async () => {
    const other = new Browser()
    const version = new Version()
    other.installing = version
    vi.stubGlobal('navigator', { serviceWorker: other.workers })
    await new Updates(
      () => true,
      () => close(),
    ).watch(() => ready++)
    other.waiting = version
    version.dispatchEvent(new Event('statechange'))
    expect(ready).toBe(1)
  })

  it('starts anew when it is asked for and the browser has changed over, not before', async () => {
    const version = browser.brings()
    updates.apply()
    await settled()
    expect(version.asked).toEqual(['apply'])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(browser.starts).toBe(0)
    browser.changesOver()
    await settled()
    expect(browser.starts).toBe(1)
  })

  it('waits for the open form, and starts when it closes', async () => {
    const version = browser.brings()
    formOpen = true
    updates.apply()
    await settled()
    expect(closes).toBe(0)
    expect(version.asked).toEqual([])
    formOpen = false
    updates.look()
    await settled()
    expect(version.asked).toEqual(['apply'])
  })

  it('does not take a form away that was opened while the browser changed over', async () => {
    browser.brings()
    updates.apply()
    await settled()
    formOpen = true
    browser.changesOver()
    await settled()
    expect(closes).toBe(1)
    expect(browser.starts).toBe(0)
    formOpen = false
    updates.look()
    await settled()
    expect(browser.starts).toBe(1)
  })

  it('waits until everything is written, however long that takes', async () => {
    const version = browser.brings()
    let written: (safe: boolean) => void = () => undefined
    close = () => new Promise((resolve) => (written = resolve))
    updates.apply()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(version.asked).toEqual([])
    written(true)
    await settled()
    expect(version.asked).toEqual(['apply'])
  })

  it('leaves alone a form that was opened while everything was being written', async () => {
    const version = browser.brings()
    close = () => Promise.resolve((formOpen = true))
    updates.apply()
    await settled()
    expect(version.asked).toEqual([])
  })

  it.each([
    ['cannot be written', () => Promise.resolve(false)],
    ['fails to be written', () => Promise.reject(new Error('full'))],
  ])('stays away while something %s, and may be asked for again', async (_what, failing) => {
    const version = browser.brings()
    close = failing
    updates.apply()
    await settled()
    expect(version.asked).toEqual([])
    close = () => Promise.resolve(true)
    updates.apply()
    await settled()
    expect(version.asked).toEqual(['apply'])
  })

  it('is looked for when none waits, and starts when it has come', async () => {
    updates.apply()
    await settled()
    expect(browser.looks).toBe(1)
    const version = browser.brings()
    await settled()
    expect(version.asked).toEqual(['apply'])
  })

  it('is closed for once when it is asked for twice', async () => {
    const version = browser.brings()
    updates.apply()
    updates.apply()
    await settled()
    expect(closes).toBe(1)
    expect(version.asked).toEqual(['apply'])
  })

  it('starts anew when the browser changes over during a second asking', async () => {
    browser.brings()
    updates.apply()
    await settled()
    updates.apply()
    browser.changesOver()
    await settled()
    expect(browser.starts).toBe(1)
  })

  it('is taken in place of one that never got its turn', async () => {
    browser.brings()
    updates.apply()
    await settled()
    const newest = browser.brings()
    updates.apply()
    await settled()
    expect(newest.asked).toEqual(['apply'])
  })
})
