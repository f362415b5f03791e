import { describe, expect, it } from 'vitest'
import { plainJson, text } from '../src/bytes'

describe('what is laid on the disk', () => {
  it('is in plain letters alone, and comes back letter for letter', () => {
    const said = { 'Sølvi «Påfunn»': ['Åsveien 12', '😀 \\u00e5 "', 'đŋŧ\u2028\ud800'], n: 1 }
    const bytes = plainJson(said)
    expect(Math.max(...bytes)).toBeLessThan(128)
    expect(JSON.parse(text(bytes))).toEqual(said)
  })
})
