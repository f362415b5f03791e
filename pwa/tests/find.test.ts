import { describe, expect, it } from 'vitest'
import { almostBegins, Index, numberOf, wordsOf } from '../src/find'
import { fold } from '../src/fold'
import type { Entry } from '../src/find'

function indexOf(entries: readonly Entry[]): Index {
  const made = new Index()
  for (const entry of entries) made.put(entry)
  return made
}

const list = indexOf([
  { id: '1', words: 'Kongens gate 12 H0203' },
  { id: '2', words: 'Kongens gate 12 H0204' },
  { id: '3', words: 'Kongens gate 1 H0203' },
  { id: '4', words: 'Åsveien 4 H0101' },
  { id: '5', words: 'Fjærebakken 7B Čáhppesgeaidnu' },
  { id: '6', words: `Eksempel Leietaker 900 00 123 ${numberOf('900 00 123')}` },
])
const find = (typed: string, among: Index = list): string[] => among.find(typed, 10).map((hit) => hit.id)

describe('search', () => {
  it('finds «kong 12 h0203» by the beginnings of words', () => {
    expect(find('kong 12 h0203')).toEqual(['1'])
    expect(find('12 kong h02')).toEqual(['1', '2'])
  })

  it('puts the whole word before the word that only begins so', () => {
    expect(find('kongens gate 1')[0]).toBe('3')
    expect(find('kongens gate 1')).toHaveLength(3)
  })

  it('folds æ, ø and å, aa and oe, and Sámi letters', () => {
    expect(fold('Åsveien')).toBe(fold('aasveien'))
    expect(fold('Bjørke')).toBe(fold('bjoerke'))
    expect(fold('ÆØÅ')).toBe(fold('æøå'))
    expect(fold('Åsveien Øst'.normalize('NFD'))).toBe(fold('åsveien øst'))
    expect(find('aasv')).toEqual(['4'])
    expect(find('asvei')).toEqual(['4'])
    expect(find('ÅSV')).toEqual(['4'])
    expect(find('fjærebk')).toEqual(['5'])
    expect(find('cahppes')).toEqual(['5'])
    expect(find('čáhppes')).toEqual(['5'])
  })

  it('takes a house’s letter with a space or without', () => {
    expect(find('fjære 7b')).toEqual(['5'])
    expect(find('fjære 7 b')).toEqual(['5'])
    expect(wordsOf('H0203')).toEqual(['h0203'])
  })

  it('forgives one slip, but not in a house number, and only where nothing else is found', () => {
    expect(find('kognens')).toEqual(['1', '2', '3'])
    expect(find('konens')).toEqual(['1', '2', '3'])
    expect(find('kongenss 12')).toEqual(['1', '2'])
    expect(find('kongens 13')).toEqual([])
    expect(almostBegins('kongxxs', 'kongens')).toBe(false)
    const near = indexOf([
      { id: 'meant', words: 'Storgata 12' },
      { id: 'slip', words: 'Storgate 12' },
    ])
    expect(find('storgata', near)).toEqual(['meant'])
  })

  it('finds a telephone number however it is written', () => {
    for (const typed of ['900 00 123', '90000123', '+47 900 00 123', '004790000123', '9000']) expect(find(typed)).toEqual(['6'])
    expect(numberOf('12')).toBe(null)
    expect(numberOf('kong 12')).toBe(null)
  })

  it('gives nothing for nothing, and nothing for signs', () => {
    expect(find('')).toEqual([])
    expect(find(' .,/ ')).toEqual([])
  })

  it('forgets what is dropped and finds what is put anew by its new words alone', () => {
    const moving = indexOf([{ id: 'a', words: 'Myrveien 3' }])
    moving.put({ id: 'a', words: 'Strandveien 9' })
    expect(find('myr', moving)).toEqual([])
    expect(find('strand', moving)).toEqual(['a'])
    moving.drop('a')
    expect(find('strand', moving)).toEqual([])
    expect(moving.size).toBe(0)
    expect(moving.stale).toBe(1)
  })

  it('puts the one that is meant first among 20,000 addresses', () => {
    const streets = ['Fjord', 'Bjørke', 'Myr', 'Strand', 'Åsheim', 'Kirke', 'Tømmer', 'Skole']
    const many = Array.from({ length: 20_000 }, (_, at) => {
      const street = `${streets[at % 8]}${['veien', 'gata', 'bakken', 'stien'][Math.floor(at / 8) % 4]}`
      const rest = Math.floor(at / 32)
      return { id: String(at), words: `${street} ${(rest % 125) + 1} H0${Math.floor(rest / 125) + 1}01` }
    })
    const stock = indexOf(many)
    expect(stock.size).toBe(20_000)
    for (const at of [0, 31, 4_711, 12_345, 19_999]) expect(find(many[at]?.words ?? '', stock)[0]).toBe(String(at))
    expect(find('bjoerkegata 17 h03', stock)).toEqual(find('bjørkegata 17 h0301', stock))
    expect(find('tømmrstien 125 h0501', stock)).toHaveLength(1)
    expect(stock.find('h', 50)).toHaveLength(50)
  })
})
