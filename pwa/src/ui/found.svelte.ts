/** The homes and visits on this phone, sorted and indexed once and again only when their names change; dropped when the app locks. */
import { app } from '../app.svelte'
import type { Shown } from '../app.svelte'
import { find, index } from '../find'
import type { Index } from '../find'
import { stringAt } from '../today'
import { choiceWords } from './fields'

const HITS_MAX = 100
const QUIET_MS = 400
const AFTER_Z: Readonly<Record<string, string>> = { æ: '{', ø: '|', å: '}' }

/** Plain text order that puts 2 before 12 and å last, far quicker than asking the browser's collator. */
function orderOf(words: string): string {
  return words
    .toLocaleLowerCase('nb')
    .replace(/[æøå]/g, (letter) => AFTER_Z[letter] ?? letter)
    .replace(/\d+/g, (digits) => digits.padStart(6, '0'))
}

function addressWords(dwelling: Shown | null): string {
  return ['address', 'unit_number', 'local_label'].map((name) => stringAt(dwelling, name) ?? '').join(' ')
}

function visitWords(visit: Shown): string {
  return [
    addressWords(app.record(stringAt(visit, 'dwelling') ?? '')),
    choiceWords('visit', 'purpose', stringAt(visit, 'purpose')),
    stringAt(app.record(stringAt(visit, 'planned_visit') ?? ''), 'tenant_name') ?? '',
  ].join(' ')
}

class Catalogue {
  #read: readonly Shown[] | null = null
  #byId = new Map<string, Shown>()
  #words = new Map<string, string>()
  #order: string[] = []
  #index: Index | null = null

  constructor(
    private readonly kind: string,
    private readonly wordsOf: (shown: Shown) => string,
  ) {}

  sorted(): Shown[] {
    const byId = this.#look()
    return this.#order.flatMap((id) => byId.get(id) ?? [])
  }

  find(typed: string): Shown[] {
    const byId = this.#look()
    this.#index ??= index(this.#order.map((id) => ({ id, words: this.#words.get(id) ?? '' })))
    return find(this.#index, typed, HITS_MAX).flatMap((id) => byId.get(id) ?? [])
  }

  forget(): void {
    this.#read = null
    this.#byId.clear()
    this.#words.clear()
    this.#order = []
    this.#index = null
  }

  #look(): Map<string, Shown> {
    const records = app.records(this.kind)
    if (records === this.#read) return this.#byId
    this.#read = records
    const byId = (this.#byId = new Map(records.map((shown) => [shown.id, shown])))
    const words = new Map(records.map((shown) => [shown.id, this.wordsOf(shown)]))
    const same = words.size === this.#words.size && [...words].every(([id, one]) => this.#words.get(id) === one)
    if (same) return byId
    this.#words = words
    this.#index = null
    const keyed = [...words].map(([id, one]) => ({ id, key: orderOf(one) }))
    keyed.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
    this.#order = keyed.map((one) => one.id)
    return byId
  }
}

export const dwellings = new Catalogue('dwelling', addressWords)
export const visits = new Catalogue('visit', visitWords)

/** Makes the first letter typed as quick as the rest; returns how to call it off. */
export function warm(catalogues: readonly Catalogue[]): () => void {
  const timer = setTimeout(() => catalogues.forEach((one) => one.find(' a')), QUIET_MS)
  return () => clearTimeout(timer)
}

export function forgetFound(): void {
  dwellings.forget()
  visits.forget()
}
