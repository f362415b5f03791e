import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Stretching } from '../src/argon'
import { standBy, standDown, stretch } from '../src/stretch'

const TASK: Stretching = { passphrase: 'fire gode ord her', salt: new Uint8Array(16), memory_kib: 64, passes: 1, lanes: 1 }
const workers: Beside[] = []

/** A thread beside the page, that answers as it is told to. */
class Beside {
  static answers: (worker: Beside) => void
  onmessage?: (event: { data: unknown }) => void
  onerror?: (event: unknown) => void
  ended = false
  constructor() {
    workers.push(this)
  }
  postMessage(): void {
    queueMicrotask(() => Beside.answers(this))
  }
  terminate(): void {
    this.ended = true
  }
}

afterEach(() => {
  standDown()
  vi.unstubAllGlobals()
  workers.length = 0
})

describe('the stretching of a passphrase', () => {
  it('takes what the thread beside it found, and ends the thread', async () => {
    vi.stubGlobal('Worker', Beside)
    const found = new Uint8Array(32).fill(7)
    Beside.answers = (worker) => worker.onmessage?.({ data: found })
    expect(await stretch(TASK)).toBe(found)
    expect(workers.map((worker) => worker.ended)).toEqual([true])
  })

  it('is done on the page where the thread fails, with the same outcome, and ends the thread', async () => {
    const here = await stretch(TASK)
    vi.stubGlobal('Worker', Beside)
    Beside.answers = (worker) => worker.onerror?.(new Event('error'))
    expect(await stretch(TASK)).toEqual(here)
    expect(workers.map((worker) => worker.ended)).toEqual([true])
  })
})

describe('a thread that was started beforehand', () => {
  beforeEach(() => {
    vi.stubGlobal('Worker', Beside)
    Beside.answers = (worker) => worker.onmessage?.({ data: worker })
  })

  it('does the next stretching, and that one alone', async () => {
    standBy()
    standBy()
    expect(workers).toHaveLength(1)
    expect(await stretch(TASK)).toBe(workers[0])
    expect(await stretch(TASK)).toBe(workers[1])
    expect(workers.map((worker) => worker.ended)).toEqual([true, true])
  })

  it('is not waited for when it failed before it had its task', async () => {
    standBy()
    workers[0]?.onerror?.(new Event('error'))
    expect(workers[0]?.ended).toBe(true)
    expect(await stretch(TASK)).toBe(workers[1])
  })

  it('ends when no passphrase is going to be given', () => {
    standBy()
    standDown()
    expect(workers.map((worker) => worker.ended)).toEqual([true])
  })
})

describe('the thread beside the page', () => {
  it('says that it failed instead of keeping silent', async () => {
    let heard: (event: { data: Stretching }) => void = () => undefined
    const told = new Promise((tell) => {
      vi.stubGlobal('reportError', tell)
    })
    vi.stubGlobal('self', { addEventListener: (_name: string, handler: typeof heard) => (heard = handler) })
    await import('../src/stretch_worker')
    heard({ data: { ...TASK, memory_kib: 0 } })
    expect(await told).toBeInstanceOf(Error)
  })
})
