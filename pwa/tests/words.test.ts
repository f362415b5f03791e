import { describe, expect, it } from 'vitest'
import { isReason, why } from '../src/held_words'
import { say } from '../src/programmes/words'
import { amount, clock, clockOf, day, dayOf, isWord, kroner, megabytes, percent, text, until, weekday } from '../src/words'

describe('the words on the screen', () => {
  it('have a form for one and a form for more', () => {
    expect(text('state.photos', { antall: 1 })).toBe('Mottatt · 1 bilde venter')
    expect(text('state.photos', { antall: 2 })).toBe('Mottatt · 2 bilder venter')
    expect(say('logout.unsent', { antall: 1 })).toContain('Den ligger trygt her')
    expect(say('logout.unsent', { antall: 3 })).toBe(
      '3 er ikke sendt. De ligger trygt her og sendes senere. Vil du logge ut?',
    )
  })

  it('are there for every reason that the office may give, so that no code is ever shown', () => {
    const held = ['schema', 'access', 'ref', 'gone', 'duplicate_id', 'invalid', 'unreadable', 'mid_clash', 'replica_revoked', 'fault']
    const asked = ['ask', 'delete', 'invariant', 'locked', 'status', 'superseded']
    expect([...held, ...asked].filter((reason) => !isReason(`held.${reason}`))).toEqual([])
  })

  it('use the form for more when there are none', () => {
    expect(say('dwellings.count', { antall: 0 })).toBe('0 boliger')
  })

  it('are filled in wherever a name stands, and never from the filled-in text itself', () => {
    expect(text('today.no_answer', { klokkeslett: '09.14', dato: '12.3.' })).toBe(
      'Notert kl. 09.14. Nytt forsøk 12.3.?',
    )
    const spoken = say('returned.text', { navn: '{felt}', felt: 'dato', kommentar: 'Se over' })
    expect(spoken).toBe('{felt} ber deg rette dato: Se over')
  })

  it('end in one full stop when a day ends the sentence', () => {
    expect(say('checks.chosen', { svar: '12.3.' })).toBe('Du valgte 12.3.')
    expect(say('checks.both', { ditt_svar: '12.3.', navn: 'Amir', kollegas_svar: '14.3.' })).toBe(
      'Du skrev 12.3. Amir skrev 14.3. Begge er tatt vare på.',
    )
  })

  it('never say the words that this product does not use', () => {
    const everything = JSON.stringify(text('wrong.unknown')) + why('held.text', { grunn: why('held.invalid') })
    expect(everything).not.toMatch(/synkroniser|ugyldig|feil 500/i)
  })

  it('are known by key when the key is made from data', () => {
    expect(isReason('held.access')).toBe(true)
    expect(isReason('held.toString')).toBe(false)
    expect(isWord('constructor')).toBe(false)
  })
})

describe('days, times and amounts', () => {
  it('are written the Norwegian way', () => {
    expect(day('2026-03-12')).toBe('12.3.')
    expect(day('2025-03-12', '2026-01-01')).toBe('12.3.2025')
    expect(clock('07:12')).toBe('07.12')
    expect(kroner(1200)).toBe('1\u00a0200\u00a0kr')
    expect(amount(1234567)).toBe('1\u00a0234\u00a0567')
    expect(megabytes(12_400_000)).toBe('12,4\u00a0MB')
    expect(percent(0.3)).toBe('30\u00a0%')
    expect(weekday('2026-11-23')).toBe('mandag 23.11.')
  })

  it('say until which hour, too, where that is within two days', () => {
    const end = new Date('2026-11-29T13:00:00.000Z')
    expect(until(end, new Date('2026-11-27T13:00:00.000Z'))).toBe('29.11. kl. 14.00')
    expect(until(end, new Date('2026-11-27T12:59:59.000Z'))).toBe('29.11.')
    expect(until(end, new Date('2026-11-29T12:00:00.000Z'))).toBe('29.11. kl. 14.00')
  })

  it('follow the clocks in Norway, in winter and in summer', () => {
    expect(clockOf(new Date('2026-01-12T06:12:00.000Z'))).toBe('07.12')
    expect(clockOf(new Date('2026-07-12T05:12:00.000Z'))).toBe('07.12')
    expect(dayOf(new Date('2026-07-12T22:30:00.000Z'))).toBe('2026-07-13')
    const around = ['2026-07-12T21:59:59.999Z', '2026-07-12T22:00:00.000Z', '2026-12-31T22:59:59.999Z', '2026-12-31T23:00:00.000Z']
    for (let times = 0; times < 2; times++) {
      expect(around.map((at) => dayOf(new Date(at)))).toEqual(['2026-07-12', '2026-07-13', '2026-12-31', '2027-01-01'])
    }
    expect(() => dayOf(new Date('no day'))).toThrow(RangeError)
    expect(clockOf(new Date('2026-01-11T23:05:00.000Z'))).toBe('00.05')
  })
})
