// What residents see and do on a phone that is locked to their meeting; nothing else can be asked of it, and it names nobody.
import type { Json } from '../../sync/phone'
import { lineOf, voicesAt, type Voice } from './programmes/gathering'
import { stringAt } from './today'
import type { Work } from './work'

export class Meeting {
  constructor(
    private readonly work: Pick<Work, 'counter' | 'record' | 'records' | 'begin' | 'set'>,
    private readonly event: string,
  ) {}

  get name(): string {
    return stringAt(this.work.record(this.event), 'name') ?? ''
  }

  get voices(): Voice[] {
    const event = this.work.record(this.event)
    return event === null ? [] : voicesAt(event, this.work.records('resident_input'))
  }

  /** In the residents' own words, which stand as they are. */
  async add(type: string, words: string, today: string): Promise<void> {
    const event = this.work.record(this.event)
    const near = ['area', 'neighbourhood', 'building'].flatMap((name) => {
      const at = stringAt(event, name)
      return at === null ? [] : [[name, at] as const]
    })
    const values: Record<string, Json> = { event: this.event, ...Object.fromEntries(near), type, channel: 'resident_mode', received_on: today, words }
    await this.work.set(this.work.begin('resident_input', {}), 'resident_input', values)
  }

  /** One more that stands behind it, or one fewer; counted on this phone's own line, so that the phones of a meeting add up. */
  async vote(input: string, by: 1 | -1): Promise<void> {
    if (this.voices.some(({ id }) => id === input)) await this.#count(input, 'resident_input', 'votes', '', by)
  }

  async rate(face: string): Promise<void> {
    await this.#count(this.event, 'event', 'faces', face, 1)
  }

  async #count(id: string, kind: string, name: string, group: string, by: 1 | -1): Promise<void> {
    const line = lineOf(name, this.work.counter, group)
    const standing = this.work.record(id)?.body[line]
    const count = (typeof standing === 'number' ? standing : 0) + by
    await this.work.set(id, kind, { [line]: count > 0 ? count : null })
  }
}
