import { describe, expect, it } from 'vitest'
import type { Json, Shown } from '../src/app.svelte'
import { follows, lineOf, lineToLower, openWords, saidAndDone, sumOf, voicesAt, votesOf } from '../src/programmes/gathering'

const KARI = '018f2c5e-0000-7000-8000-000000000003'
const OLA = '018f2c5e-0000-7000-8000-000000000004'

function shown(kind: string, body: Record<string, Json>, id = 'id'): Shown {
  return { id, kind, body, pending: false, seq: 1, state: 'received' }
}

describe('a count', () => {
  const body = { [`heads/${KARI}-adult`]: 12, [`heads/${OLA}-adult`]: 5, [`heads/${OLA}-child`]: 7, [`heads/${KARI}-youth`]: null, 'heads_of/x': 90 }

  it('is what all have counted, group by group', () => {
    expect(sumOf(body, 'heads', 'adult')).toBe(17)
    expect(sumOf(body, 'heads', 'child')).toBe(7)
    expect(sumOf(body, 'heads', 'youth')).toBe(0)
  })

  it('is of one user on whichever phone they counted', () => {
    const phones = { ...body, [`heads/${OLA}.0123456789ab-adult`]: 2 }
    expect(sumOf(phones, 'heads', 'adult', OLA)).toBe(7)
    expect(sumOf(phones, 'heads', 'adult', KARI)).toBe(12)
  })

  it('is lowered on one’s own line first, then on what the same user counted elsewhere, and never on another’s', () => {
    const me = `${KARI}.0123456789ab`
    const own = lineOf('heads', me, 'adult')
    expect(lineToLower({ ...body, [own]: 1 }, 'heads', me, 'adult')).toBe(own)
    expect(lineToLower({ ...body, [own]: null }, 'heads', me, 'adult')).toBe(`heads/${KARI}-adult`)
    expect(lineToLower({ [`heads/${KARI}.ba9876543210-adult`]: 3 }, 'heads', me, 'adult')).toBe(`heads/${KARI}.ba9876543210-adult`)
    expect(lineToLower(body, 'heads', me, 'child')).toBeNull()
    expect(lineToLower({ [lineOf('votes', KARI, '')]: 1 }, 'votes', me, '')).toBe(`votes/${KARI}`)
  })

  it('adds up the votes of every phone', () => {
    expect(votesOf(shown('resident_input', { [lineOf('votes', KARI, '')]: 3, [lineOf('votes', OLA, '')]: 4 }))).toBe(7)
  })
})

describe('a step', () => {
  it('of an event that was held makes its minutes due in a week, and moves no day that stands', () => {
    expect(follows(shown('event', { held_on: '2026-11-28' }), 'held', '2026-11-29')).toEqual({ minutes_due_on: '2026-12-05' })
    expect(follows(shown('event', { held_on: '2026-11-28', minutes_due_on: '2026-12-01' }), 'held', '2026-11-29')).toEqual({})
    expect(follows(shown('event', { held_on: '2026-11-28' }), 'cancelled', '2026-11-29')).toEqual({})
  })

  it('of a measure that is done says on which day', () => {
    expect(follows(shown('measure', {}), 'done', '2026-11-29')).toEqual({ done_on: '2026-11-29' })
    expect(follows(shown('measure', {}), 'planned', '2026-11-29')).toEqual({})
  })
})

describe('what residents may read', () => {
  const told = { event: 'e', words: 'Per i tredje bråker.', channel: 'meeting' }

  it('is never what staff wrote down word for word, but our short words for it', () => {
    expect(openWords(shown('resident_input', told))).toBeNull()
    expect(openWords(shown('resident_input', { ...told, summary: 'Bråk i oppgangen' }))).toBe('Bråk i oppgangen')
    expect(openWords(shown('resident_input', { ...told, words_shareable: true }))).toBe(told.words)
  })

  it('is at a meeting what they wrote there themselves, and no other meeting’s', () => {
    const event = shown('event', { name: 'Beboermøte', neighbourhood: 'n' }, 'e')
    const inputs = [
      shown('resident_input', told, 'staff'),
      shown('resident_input', { event: 'e', words: 'En benk', channel: 'resident_mode' }, 'own'),
      shown('resident_input', { event: 'other', words: 'Noe annet', channel: 'resident_mode' }, 'elsewhere'),
      shown('resident_input', { neighbourhood: 'n', words: 'Lys', words_shareable: true }, 'near'),
      shown('resident_input', { neighbourhood: 'n', summary: 'Svart på', answered_on: '2026-10-01' }, 'answered'),
    ]
    expect(voicesAt(event, inputs).map((voice) => voice.id)).toEqual(['own', 'near'])
  })

  it('of what came of it has the measures that came of the input, what most stand behind first', () => {
    const inputs = [
      shown('resident_input', { words: 'hemmelig', summary: 'Lys i undergangen', votes: 0, [lineOf('votes', KARI, '')]: 2, answer: 'Nytt lys.' }, 'a'),
      shown('resident_input', { words: 'hemmelig', summary: 'Benk', [lineOf('votes', KARI, '')]: 9 }, 'b'),
      shown('resident_input', { words: 'hemmelig' }, 'c'),
    ]
    const measures = [shown('measure', { name: 'Benk i gården', 'inputs/b': true }, 'm'), shown('measure', { name: 'Annet', 'inputs/b': null }, 'n')]
    const said = saidAndDone(inputs, measures)
    expect(said.map((one) => [one.said, one.votes, one.measures.map(({ id }) => id)])).toEqual([
      ['Benk', 9, ['m']],
      ['Lys i undergangen', 2, []],
    ])
    expect(JSON.stringify(said)).not.toContain('hemmelig')
  })
})
