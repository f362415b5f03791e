import { describe, expect, it } from 'vitest'
import { placeIn } from '../src/place_codes'

const ID = '018f2c5e-0000-7000-8000-000000000002'

describe('the code on a door', () => {
  it('names a place by its id, wherever the app stands', () => {
    expect(placeIn(`https://oppgang.example/?sted=${ID}`)).toBe(ID)
    expect(placeIn(`?sted=${ID}`)).toBe(ID)
  })

  it('is nothing when it names no id', () => {
    for (const words of ['', 'https://example.org/', '?sted=H0203', `?sted=${ID}0`, `?annet=${ID}`]) expect(placeIn(words)).toBe(null)
  })
})
