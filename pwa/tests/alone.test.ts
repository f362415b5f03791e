import { describe, expect, it } from 'vitest'
import type { ItemState, Json, Shown } from '../src/app.svelte'
import { aloneOf, asks, PATIENCE_MS, runningOf, SOON_MS, unheardEnd, type Standing } from '../src/safety/alone'
import { addMonths } from '../src/days'
import { keysOf } from '../src/safety/keys'

const START = Date.parse('2026-11-23T12:45:00.000Z')
const END = START + 30 * 60_000
const iso = (at: number): string => new Date(at).toISOString()
const PLAIN = { who: 'kari', started_at: iso(START), ends_at: iso(END) }
const WARNS = { ...PLAIN, 'warns/lise': true }

function mine(body: Record<string, Json>, state: ItemState = 'received', id = 'one'): Shown {
  return { id, kind: 'check_in', body, pending: false, seq: 1, state }
}

function standing(now: number, known: Record<string, Json> | null, state: ItemState = 'received', written: Record<string, Json> = {}): Standing {
  return aloneOf(mine({ ...PLAIN, ...known, ...written }, state), known, now).standing
}

describe('somebody out alone', () => {
  it('is told that nobody is warned until the office has answered', () => {
    expect(standing(START, null, 'saved')).toBe('unheard')
    expect(standing(START, null, 'sending')).toBe('unheard')
    expect(standing(START, WARNS)).toBe('watched')
  })

  it('is told so when the office holds it and cannot use it', () => {
    expect(standing(START, null, 'check')).toBe('unheard')
    expect(standing(START, WARNS, 'check')).toBe('unheard')
  })

  it('is told so when the office has it and nobody watches', () => {
    expect(standing(START, PLAIN)).toBe('unwatched')
  })

  it('is asked before the end', () => {
    expect(standing(END - SOON_MS - 1, WARNS)).toBe('watched')
    expect(standing(END - SOON_MS, WARNS)).toBe('soon')
  })

  it('is told that somebody was warned only when the office says so', () => {
    expect(standing(END, WARNS)).toBe('waiting')
    expect(standing(END + PATIENCE_MS, WARNS)).toBe('unwarned')
    expect(standing(END + 5_000, { ...WARNS, escalated_at: iso(END + 3_000) })).toBe('warned')
    expect(standing(END, null, 'saved')).toBe('unwarned')
    expect(standing(END, PLAIN)).toBe('unwarned')
  })

  it('is told which time counts while more time was not heard', () => {
    const later = { ends_at: iso(END + 900_000) }
    expect(standing(END - 60_000, WARNS, 'saved', later)).toBe('unsaid')
    expect(standing(END - 60_000, { ...WARNS, ...later })).toBe('watched')
    const alone = aloneOf(mine({ ...WARNS, ...later }, 'saved'), WARNS, END)
    expect([alone.until, alone.warnsAt]).toEqual([END + 900_000, END])
  })

  it('is watched anew after more time, though somebody was warned before', () => {
    const warned = { ...WARNS, escalated_at: iso(END), ends_at: iso(END + 900_000) }
    expect(standing(END + 60_000, warned)).toBe('watched')
  })

  it('must get out: nobody is warned before the office says that somebody was', () => {
    const out = { out_now: true }
    expect(standing(START, null, 'saved', out)).toBe('unwarned')
    expect(standing(START, WARNS, 'saved', out)).toBe('unwarned')
    expect(standing(START, { ...WARNS, ...out })).toBe('waiting')
    expect(standing(START, { ...WARNS, ...out, escalated_at: iso(START) })).toBe('warned')
    expect(standing(START, { ...PLAIN, ...out })).toBe('unwarned')
  })

  it('asks the office again while an answer is missing, and not when it has come', () => {
    const at = (now: number, known: Record<string, Json> | null): boolean => asks(aloneOf(mine({ ...PLAIN, ...known }), known, now))
    expect([at(START, null), at(START, PLAIN), at(END, WARNS)]).toEqual([true, true, true])
    expect([at(START, WARNS), at(END, { ...WARNS, escalated_at: iso(END) })]).toEqual([false, false])
  })

  it('is found by what is mine and has not ended', () => {
    const ended = mine({ ...PLAIN, ended_at: iso(END) })
    expect(runningOf([ended, mine({ ...PLAIN, who: 'amir' })], 'kari')).toBeNull()
    const later = mine({ ...PLAIN, started_at: iso(START + 1) }, 'saved', 'two')
    expect(runningOf([mine(PLAIN), later], 'kari')?.id).toBe('two')
  })

  it('is told when the office has not heard of the end, as long as it would warn', () => {
    const ended = mine({ ...WARNS, ended_at: iso(END) }, 'saved')
    const told = (known: Record<string, Json> | null, one = ended): number | null => unheardEnd([one], () => known, 'kari')?.until ?? null
    expect(told(WARNS)).toBe(END)
    expect(told(null)).toBeNull()
    expect(told(PLAIN)).toBeNull()
    expect(told({ ...WARNS, ended_at: iso(END) })).toBeNull()
    expect(told(WARNS, mine(ended.body))).toBeNull()
  })
})

describe('a key', () => {
  const line = (action: string, on: string, seq: number): Shown => ({
    id: `${action}${seq}`, kind: 'key_handover', body: { serial: 'H0203-2', action, happened_on: on }, pending: false, seq, state: 'received',
  })

  it('that two handed out without knowing of each other has both lines, and is said to', () => {
    const [key] = keysOf([line('in', '2026-11-01', 1), line('out', '2026-11-23', 2), line('out', '2026-11-23', 3)])
    expect(key?.twice).toBe(true)
    expect(key?.lines.map((one) => one.id)).toEqual(['out3', 'out2', 'in1'])
  })

  it('that came back in between was handed out once', () => {
    const lines = [line('out', '2026-11-01', 1), line('in', '2026-11-02', 2), line('out', '2026-11-23', 3)]
    expect(keysOf(lines)[0]?.twice).toBe(false)
  })
})

describe('months', () => {
  it('end on the last day of one that is too short', () => {
    expect(addMonths('2026-08-31', 6)).toBe('2027-02-28')
    expect(addMonths('2026-11-23', 6)).toBe('2027-05-23')
  })
})
