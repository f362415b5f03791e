import { beforeEach, describe, expect, it } from 'vitest'
import type { Json, Shown } from '../src/app.svelte'
import { Meeting } from '../src/meeting'

const ME = '018f2c5e-0000-7000-8000-000000000003.0000000000aa'
const THEM = '018f2c5e-0000-7000-8000-000000000003.0000000000bb'

/** The records of a phone, as far as a meeting may touch them. */
class Desk {
  readonly all = new Map<string, Shown>()
  made = 0

  lay(id: string, kind: string, body: Record<string, Json>): void {
    this.all.set(id, { id, kind, body, pending: false, seq: 1, state: 'received' })
  }

  readonly counter = ME
  record = (id: string): Shown | null => this.all.get(id) ?? null
  records = (kind: string): Shown[] => [...this.all.values()].filter((one) => one.kind === kind)
  begin = (): string => `new-${++this.made}`
  set = async (id: string, kind: string, values: Record<string, Json>): Promise<[]> => {
    this.lay(id, kind, { ...this.all.get(id)?.body, ...values })
    return []
  }
}

describe('a meeting in residents’ hands', () => {
  let desk: Desk
  let meeting: Meeting

  beforeEach(() => {
    desk = new Desk()
    desk.lay('e', 'event', { name: 'Beboermøte', area: 'a', [`faces/${THEM}-sad`]: 4 })
    desk.lay('open', 'resident_input', { event: 'e', words: 'r', summary: 'Lys', [`votes/${THEM}`]: 5 })
    desk.lay('secret', 'resident_input', { event: 'e', words: 'Om naboen', [`votes/${THEM}`]: 1 })
    meeting = new Meeting(desk, 'e')
  })

  it('keeps words as they were said, as said there', async () => {
    await meeting.add('idea', 'En benk', '2026-11-29')
    expect(desk.record('new-1')?.body).toEqual({ event: 'e', area: 'a', type: 'idea', channel: 'resident_mode', received_on: '2026-11-29', words: 'En benk' })
    expect(meeting.voices.map((voice) => voice.words)).toEqual(['Lys', 'En benk'])
  })

  it('counts votes on this phone’s own line, and never below none', async () => {
    await meeting.vote('open', 1)
    await meeting.vote('open', 1)
    await meeting.vote('open', -1)
    expect(desk.record('open')?.body).toMatchObject({ [`votes/${ME}`]: 1, [`votes/${THEM}`]: 5 })
    await meeting.vote('open', -1)
    await meeting.vote('open', -1)
    expect(desk.record('open')?.body[`votes/${ME}`]).toBeNull()
  })

  it('takes no vote for what it does not show', async () => {
    await meeting.vote('secret', 1)
    expect(desk.record('secret')?.body[`votes/${ME}`]).toBeUndefined()
  })

  it('counts faces beside what others have counted', async () => {
    await meeting.rate('sad')
    expect(desk.record('e')?.body).toMatchObject({ [`faces/${ME}-sad`]: 1, [`faces/${THEM}-sad`]: 4 })
  })
})
