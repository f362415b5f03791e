import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { undoBar } from '../src/ui/undo.svelte'

const undo = (): void => undefined
const shown = (): string[] => undoBar.shown.map((one) => one.message)

describe('the bar that offers to undo', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(async () => {
    await undoBar.settle()
    vi.useRealTimers()
  })

  it('does what it holds back when its time is out, and not before', () => {
    const commit = vi.fn()
    undoBar.say({ message: 'Ferdig', undo, commit })
    vi.advanceTimersByTime(7_900)
    expect(commit).not.toHaveBeenCalled()
    vi.advanceTimersByTime(200)
    expect(commit).toHaveBeenCalledOnce()
    expect(shown()).toEqual([])
  })

  it('never does what was undone', () => {
    const commit = vi.fn()
    const undone = vi.fn()
    const offer = { message: 'Ferdig', undo: undone, commit }
    undoBar.say(offer)
    undoBar.undo(offer)
    vi.advanceTimersByTime(20_000)
    expect(undone).toHaveBeenCalledOnce()
    expect(commit).not.toHaveBeenCalled()
  })

  it('does the first act before it offers to undo the second', () => {
    const first = vi.fn()
    undoBar.say({ message: 'en', undo, commit: first })
    undoBar.say({ message: 'to', undo })
    expect(first).toHaveBeenCalledOnce()
    expect(shown()).toEqual(['to'])
  })

  it('stands on below a notice that comes later, whose words take the place of those before', () => {
    const commit = vi.fn()
    const undone = vi.fn()
    const offer = { message: 'Ferdig', undo: undone, commit }
    undoBar.say(offer)
    undoBar.say({ message: 'Sendt' })
    expect(shown()).toEqual(['Sendt', 'Ferdig'])
    undoBar.say({ message: 'Lagret' })
    expect(shown()).toEqual(['Lagret', 'Ferdig'])
    undoBar.undo(offer)
    expect([undone.mock.calls.length, commit.mock.calls.length, ...shown()]).toEqual([1, 0, 'Lagret'])
    undoBar.say({ message: 'En til', undo })
    expect(shown()).toEqual(['Lagret', 'En til'])
  })

  it('goes on counting when the finger that rested on it has closed the notice', () => {
    const commit = vi.fn()
    undoBar.say({ message: 'Ferdig', undo, commit })
    undoBar.say({ message: 'Lagret' })
    undoBar.pause()
    void undoBar.settle((one) => one.message === 'Lagret')
    expect(shown()).toEqual(['Ferdig'])
    vi.advanceTimersByTime(8_000)
    expect(commit).toHaveBeenCalledOnce()
  })

  it('waits while a finger rests on it', () => {
    const commit = vi.fn()
    undoBar.say({ message: 'Ferdig', undo, commit })
    undoBar.pause()
    vi.advanceTimersByTime(60_000)
    expect(commit).not.toHaveBeenCalled()
    undoBar.resume()
    vi.advanceTimersByTime(8_000)
    expect(commit).toHaveBeenCalledOnce()
  })

  it('has all that was done before written when it is settled, not the last alone', async () => {
    let written = (): void => undefined
    const slow = new Promise<void>((resolve) => (written = resolve))
    undoBar.say({ message: 'en', undo, commit: () => slow })
    undoBar.say({ message: 'to', undo, commit: () => undefined })
    const settled = vi.fn()
    const all = undoBar.settle().then(settled)
    await vi.advanceTimersByTimeAsync(0)
    expect(settled).not.toHaveBeenCalled()
    written()
    await all
    expect(settled).toHaveBeenCalledOnce()
  })

  it('takes an offer that belongs to a page away with the page, and leaves the others', () => {
    undoBar.say({ message: 'på siden', undo, here: true })
    undoBar.leavePage()
    expect(shown()).toEqual([])
    undoBar.say({ message: 'Ferdig', undo })
    undoBar.leavePage()
    expect(shown()).toEqual(['Ferdig'])
  })
})
