import { expect, it } from 'vitest'
import { isPlain } from '../src/short_code'

it.each(['000000', '123456', '654321', '121212', '123123'])('%s is what is tried first', (digits) => expect(isPlain(digits)).toBe(true))
it.each(['135790', '482915', '112233', '102030'])('%s has to be guessed', (digits) => expect(isPlain(digits)).toBe(false))
