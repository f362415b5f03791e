// Records that are begun here and not written: what each is born with, until somebody writes in it. It writes nothing.
import { onePerId, type Json } from '../../sync/phone'
import { uuid7 } from './ids'
import { dayOf } from './written'

type Values = Readonly<Record<string, Json>>
/** As much of the contract as names the records that there is only one of. */
export type OnePer = Readonly<Record<string, { readonly one_per: readonly (readonly string[])[] } | undefined>>

export class Begun {
  #born = new Map<string, { values: Values; on: string }>()

  constructor(private readonly kinds: OnePer) {}

  /** The id of the record that these values make; what is begun again is born with what is true now. Nothing is born handed in. */
  begin(kind: string, values: Values): string {
    const { status, ...born } = values
    const filled = (part: Json | undefined): boolean => (typeof part === 'string' ? part !== '' : typeof part === 'number')
    const ways = (this.kinds[kind]?.one_per ?? []).map((paths) => paths.map((path) => values[path]))
    const named = ways.find((parts) => parts.every(filled))
    const id = named ? onePerId(kind, named.map(String)) : uuid7(Date.now())
    this.#born.set(id, { values: born, on: dayOf(new Date()) })
    return id
  }

  has(id: string): boolean {
    return this.#born.has(id)
  }

  /** What is born of another day than it was begun on, is of that day. */
  of(id: string): Values {
    const { values = {}, on } = this.#born.get(id) ?? {}
    return Object.fromEntries(Object.entries(values).map(([path, value]) => [path, value === on ? dayOf(new Date()) : value]))
  }

  forget(): void {
    this.#born.clear()
  }
}
