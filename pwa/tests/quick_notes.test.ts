import { expect, it } from 'vitest'
import { cut } from '../src/quick_notes'

it('words that are too long for where they go are cut between two signs, never through one', () => {
  const words = `${'å'.repeat(8)}😀 og mer`
  for (let max = 8; max < 12; max++) {
    const kept = cut(words, max)
    expect(kept.length).toBeLessThanOrEqual(max)
    expect(kept.endsWith('…')).toBe(true)
    expect(new TextDecoder().decode(new TextEncoder().encode(kept))).toBe(kept)
  }
  expect(cut(words, 11)).toBe(`${'å'.repeat(8)}😀…`)
})
