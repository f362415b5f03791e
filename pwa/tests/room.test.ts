import { afterEach, expect, it, vi } from 'vitest'
import { freeBytes, freeMegabytes } from '../src/room'

const GIB = 2 ** 30
const saying = (estimate: unknown): void => void vi.stubGlobal('navigator', { storage: { estimate } })
afterEach(() => vi.unstubAllGlobals())

it('is what the browser says is left, and never less than nothing', async () => {
  for (const [quota, left] of [[64_000_000, 57], [3_000_000, 0], [12 * GIB + 7_000_000, 12_884]] as const) {
    saying(async () => ({ quota, usage: 7_000_000 }))
    expect(await freeMegabytes()).toBe(left)
  }
})

it('is not said where the browser names a round figure that is the same on every disk', async () => {
  for (const gibibytes of [1, 4, 10]) {
    saying(async () => ({ quota: gibibytes * GIB + 142_611, usage: 142_611 }))
    expect(await freeBytes()).toBeNull()
    expect(await freeMegabytes()).toBeNull()
  }
})

it('is not said by a browser that says nothing', async () => {
  for (const estimate of [undefined, async () => ({}), () => Promise.reject(new Error('no'))]) {
    saying(estimate)
    expect(await freeBytes()).toBeNull()
  }
})
