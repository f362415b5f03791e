import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { afterFrame } from '../src/frames'
import { Drawn } from '../src/ui/drawn.svelte'

const way = vi.hoisted(() => ({ height: 0, field: null as string | null }))
const mounted = vi.hoisted(() => [] as (() => void)[])
vi.mock('../src/ui/way.svelte', () => ({ heightToReturnTo: () => way.height, fieldToReturnTo: () => way.field }))
vi.mock('svelte', async (real) => ({ ...(await real<object>()), onMount: (work: () => void) => void mounted.push(work) }))

let frames: (() => void)[]

/** The next frame comes onto the screen. */
function frame(): void {
  for (const draw of frames.splice(0)) draw()
  vi.runAllTimers()
}

function page(first: number, step: number, all: number): Drawn {
  const drawn = new Drawn(first, step, () => all)
  for (const work of mounted.splice(0)) work()
  return drawn
}

beforeEach(() => {
  vi.useFakeTimers()
  frames = []
  Object.assign(way, { height: 0, field: null })
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => frames.push(draw))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('what waits for the frame', () => {
  it('is done after it, and not when it was called off', () => {
    const work = vi.fn()
    afterFrame(work)
    expect(work).not.toHaveBeenCalled()
    frame()
    expect(work).toHaveBeenCalledOnce()
    afterFrame(work)()
    frame()
    expect(work).toHaveBeenCalledOnce()
  })
})

describe('a long page', () => {
  it('grows by a step a frame until all of it is drawn', () => {
    const drawn = page(3, 3, 8)
    const seen = [drawn.upTo]
    while (frames.length > 0) {
      frame()
      seen.push(drawn.upTo)
    }
    expect(seen).toEqual([3, 6, 9, Infinity])
  })

  it('begins anew for what else comes onto it, and goes on with nothing of what was there', () => {
    const drawn = page(3, 3, 8)
    frame()
    drawn.anew()
    expect(drawn.upTo).toBe(3)
    frame()
    expect([drawn.upTo, frames.length]).toEqual([6, 1])
    for (let left = 2; left > 0; left--) frame()
    drawn.anew()
    frame()
    expect([drawn.upTo, frames.length]).toEqual([6, 1])
  })

  it('is drawn whole where the thumb comes back to a place on it', () => {
    way.height = 300
    expect(page(3, 3, 8).upTo).toBe(Infinity)
    Object.assign(way, { height: 0, field: 'field-1' })
    expect(page(3, 3, 8).upTo).toBe(Infinity)
    expect(frames).toEqual([])
  })
})
