import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { undoBar } from '../src/ui/undo.svelte'

describe('the bar that offers to undo', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    undoBar.settle()
    vi.useRealTimers()
  })

  it('does what it holds back when its time is out, and not before', () => {
    const commit = vi.fn()
    undoBar.say({ message: 'Ferdig', commit })
    vi.advanceTimersByTime(7_900)
    expect(commit).not.toHaveBeenCalled()
    vi.advanceTimersByTime(200)
    expect(commit).toHaveBeenCalledOnce()
    expect(undoBar.offer).toBeNull()
  })

  it('never does what was undone', () => {
    const commit = vi.fn()
    const undo = vi.fn()
    undoBar.say({ message: 'Ferdig', undo, commit })
    undoBar.undo()
    vi.advanceTimersByTime(20_000)
    expect(undo).toHaveBeenCalledOnce()
    expect(commit).not.toHaveBeenCalled()
  })

  it('does the first act before it offers to undo the second', () => {
    const first = vi.fn()
    undoBar.say({ message: 'en', commit: first })
    undoBar.say({ message: 'to' })
    expect(first).toHaveBeenCalledOnce()
    expect(undoBar.offer?.message).toBe('to')
  })

  it('waits while a finger rests on it', () => {
    const commit = vi.fn()
    undoBar.say({ message: 'Ferdig', commit })
    undoBar.pause()
    vi.advanceTimersByTime(60_000)
    expect(commit).not.toHaveBeenCalled()
    undoBar.resume()
    vi.advanceTimersByTime(8_000)
    expect(commit).toHaveBeenCalledOnce()
  })

  it('takes an offer that belongs to a page away with the page, and leaves the others', () => {
    undoBar.say({ message: 'på siden', here: true })
    undoBar.leavePage()
    expect(undoBar.offer).toBeNull()
    undoBar.say({ message: 'Ferdig' })
    undoBar.leavePage()
    expect(undoBar.offer?.message).toBe('Ferdig')
  })
})
