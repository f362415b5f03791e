import { describe, expect, it } from 'vitest'
import { pauseAfter } from '../src/retry'

describe('a line that gave no answer', () => {
  it('is asked again soon, and then more and more seldom', () => {
    const pauses = [0, 1, 2, 3, 4].map((failures) => pauseAfter(failures, 0.5))
    expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 32_000])
  })

  it('is asked again within a minute and a third, however long it has been dead', () => {
    expect(pauseAfter(5, 0.5)).toBe(60_000)
    expect(pauseAfter(100_000, 0.999)).toBeLessThan(80_000)
    expect(pauseAfter(100_000, 0)).toBeGreaterThan(39_000)
  })
})
