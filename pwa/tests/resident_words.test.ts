import { describe, expect, it } from 'vitest'
import { KINDS } from '../src/contract'
import { aboutIn, languageOf, LANGUAGES, NORWEGIAN, wordsIn } from '../src/programmes/resident_words'

const doers = KINDS['agreement']?.fields.find(({ name }) => name === 'doer')?.choices ?? []

describe('the words that a resident is shown', () => {
  it.each(LANGUAGES)('are whole in $lang: who, by when, and that the rest stands as it was written', (words) => {
    expect(Object.keys(words.doers).sort()).toEqual(doers.map(({ value }) => value).sort())
    expect([words.title, ...Object.values(words.doers)].every((one) => one.trim() !== '')).toBe(true)
    expect(words.by).toContain('{dato}')
    expect(words.note === '').toBe(words.lang === NORWEGIAN)
  })

  it('are those of the contract in Norwegian, and another’s in no other language', () => {
    expect(wordsIn(NORWEGIAN).doers).toEqual(Object.fromEntries(doers.map(({ value, label }) => [value, label])))
    expect(new Set(LANGUAGES.map(({ title }) => title)).size).toBe(LANGUAGES.length)
  })

  it('are in the language that was said first and is known', () => {
    expect(languageOf('Tigrinja', 'Arabisk').lang).toBe('ti')
    expect(languageOf(null, 'Tolk på telefon, arabisk').lang).toBe('ar')
    expect(languageOf('Klingon', '').lang).toBe(NORWEGIAN)
    expect(languageOf(null).lang).toBe(NORWEGIAN)
  })

  it('say who and by when, with a day that is read alike everywhere', () => {
    expect(aboutIn(wordsIn('en'), 'tenant', '2026-12-01')).toBe('The tenant · by 1.12.2026')
    expect(aboutIn(wordsIn('uk'), null, '2026-12-01')).toBe('до 1.12.2026')
    expect(aboutIn(wordsIn('ar'), 'us', null)).toBe('نحن')
    expect(aboutIn(wordsIn('so'), null, null)).toBe('')
  })
})
