/** What can be found on this phone, indexed a little at a time so that no frame waits for it; dropped when the app locks. */
import { app } from '../app.svelte'
import type { Shown } from '../app.svelte'
import { Index, numberOf } from '../find'
import { stringAt } from '../today'
import { choiceWords } from './fields'
import { hiderOf } from './lookup'

const HITS_MAX = 100
const QUIET_MS = 400
/** How long the index may hold up whoever is waiting: a letter typed, or nobody. */
const ASKED_MS = 20
const SLICE_MS = 10
const LOOK_AT_CLOCK_EVERY = 25
const STALE_MAX = 0.5
const AFTER_Z: Readonly<Record<string, string>> = { æ: '{', ø: '|', å: '}' }

/** Plain text order that puts 2 before 12 and å last, far quicker than asking the browser's collator. */
function orderOf(words: string): string {
  return words
    .toLowerCase()
    .replace(/[æøå]/g, (letter) => AFTER_Z[letter] ?? letter)
    .replace(/\d+/g, (digits) => digits.padStart(6, '0'))
}

function inOrder(left: { key: string }, right: { key: string }): number {
  return left.key < right.key ? -1 : left.key > right.key ? 1 : 0
}

const written = (shown: Shown | null, ...names: string[]): string[] => names.map((name) => stringAt(shown, name) ?? '')

function homeWords(record: Shown | null): string[] {
  const home = app.record(stringAt(record, 'dwelling') ?? '')
  return home ? written(home, 'address', 'unit_number') : written(app.record(stringAt(record, 'building') ?? ''), 'address', 'name')
}

/** By kind, what its records are found by. */
const WORDS: Readonly<Record<string, (shown: Shown) => string[]>> = {
  dwelling: (home) => [...written(home, 'address', 'unit_number', 'local_label', 'own_number'), (stringAt(home, 'unit_number') ?? '').slice(1)],
  building: (building) => written(building, 'address', 'name'),
  housing_company: (company) => written(company, 'name', 'organisation_number'),
  contact: (contact) => [
    ...written(contact, 'name'),
    numberOf(stringAt(contact, 'phone') ?? '') ?? '',
    ...homeWords(app.record(stringAt(contact, 'tenancy') ?? '')),
  ],
  assignment: (job) => [...written(job, 'words', 'meet'), choiceWords('assignment', 'category', job.body['category'] ?? null), ...homeWords(job)],
  deviation: (fault) => [...written(fault, 'words', 'work_order'), ...homeWords(fault)],
  conflict_case: (one) => [...written(one, 'title'), choiceWords('conflict_case', 'category', one.body['category'] ?? null)],
  complaint: (one) => [...homeWords(one), choiceWords('complaint', 'category', one.body['category'] ?? null)],
  follow_up_plan: (plan) => homeWords(plan),
  hf_participant: (one) => written(one, 'label'),
  visit: (visit) => [...homeWords(visit), choiceWords('visit', 'purpose', visit.body['purpose'] ?? null)],
}

export interface Found {
  shown: Shown
  score: number
}

let grown = $state(0)

/** The records of one kind, sorted and indexed; only what has changed is looked at again. */
class Catalogue {
  #read: readonly Shown[] | null = null
  #reading: readonly Shown[] | null = null
  #at = 0
  #known = new Map<string, { words: string; seq: number }>()
  #keys = new WeakMap<Shown, string>()
  #index = new Index()
  #sorted: { of: readonly Shown[]; list: Shown[] } | null = null

  constructor(
    readonly kind: string,
    private readonly wordsOf: (shown: Shown) => string[],
  ) {}

  /** Every record in its order; it waits for no index, which is read on behind the list. */
  sorted(): Shown[] {
    const records = app.records(this.kind)
    if (this.#sorted?.of === records) return this.#sorted.list
    const keyed = records.map((shown) => ({ shown, key: this.#keyOf(shown) })).sort(inOrder)
    const list = keyed.map((one) => one.shown)
    this.#sorted = { of: records, list }
    return list
  }

  search(typed: string, limit: number, enough = within(ASKED_MS)): Found[] {
    void grown
    const records = app.records(this.kind)
    if (!this.look(records, enough)) later([this])
    return this.#index.find(typed, limit).flatMap(({ id, score }) => {
      const shown = app.record(id)
      return shown && hiderOf(shown) === null ? [{ shown, score }] : []
    })
  }

  find(typed: string): Shown[] {
    return this.search(typed, HITS_MAX).map((hit) => hit.shown)
  }

  /** Reads on until it has `enough`; true when nothing is left to read. */
  look(records: readonly Shown[], enough: () => boolean): boolean {
    if (records === this.#read) return true
    if (records !== this.#reading) {
      this.#reading = records
      this.#at = 0
    }
    for (; this.#at < records.length; this.#at += 1) {
      if (this.#at % LOOK_AT_CLOCK_EVERY === LOOK_AT_CLOCK_EVERY - 1 && enough()) return false
      const shown = records[this.#at]
      if (shown) this.#take(shown)
    }
    this.#sweep(records)
    this.#read = records
    this.#reading = null
    return true
  }

  forget(): void {
    this.#read = null
    this.#reading = null
    this.#sorted = null
    this.#known.clear()
    this.#keys = new WeakMap()
    this.#index = new Index()
  }

  #keyOf(shown: Shown): string {
    const key = this.#keys.get(shown) ?? orderOf(this.wordsOf(shown).join(' '))
    this.#keys.set(shown, key)
    return key
  }

  #take(shown: Shown): void {
    const known = this.#known.get(shown.id)
    if (known?.seq === shown.seq && !shown.pending) return
    const words = this.wordsOf(shown).join(' ')
    const seq = shown.pending ? NaN : shown.seq
    if (known?.words === words) {
      known.seq = seq
      return
    }
    this.#known.set(shown.id, { words, seq })
    this.#index.put({ id: shown.id, words })
  }

  /** What has left the phone is found no more. */
  #sweep(records: readonly Shown[]): void {
    if (this.#known.size > records.length) {
      const here = new Set(records.map((shown) => shown.id))
      for (const id of this.#known.keys()) {
        if (here.has(id)) continue
        this.#known.delete(id)
        this.#index.drop(id)
      }
    }
    if (this.#index.stale > STALE_MAX) {
      this.#index = new Index()
      for (const [id, { words }] of this.#known) this.#index.put({ id, words })
    }
  }
}

const made = (kind: string): Catalogue => new Catalogue(kind, WORDS[kind] ?? (() => []))

export const dwellings = made('dwelling')
export const buildings = made('building')
export const visits = made('visit')
/** All that Søk looks through, in the order in which equals are shown. */
const catalogues: readonly Catalogue[] = [
  dwellings,
  buildings,
  made('contact'),
  made('assignment'),
  made('deviation'),
  visits,
  made('housing_company'),
  ...['conflict_case', 'complaint', 'follow_up_plan', 'hf_participant'].map(made),
]

/** Hits by kind, the kind with the closest first; one wait for all of them. */
export function searchAll(typed: string, limit: number, kinds: (kind: string) => boolean): { kind: string; hits: Found[] }[] {
  const enough = within(ASKED_MS)
  return catalogues
    .filter((one) => kinds(one.kind))
    .map((one) => ({ kind: one.kind, hits: one.search(typed, limit, enough) }))
    .filter(({ hits }) => hits.length > 0)
    .sort((left, right) => (right.hits[0]?.score ?? 0) - (left.hits[0]?.score ?? 0))
}

function within(ms: number): () => boolean {
  const end = performance.now() + ms
  return () => performance.now() > end
}

const waiting = new Set<Catalogue>()
let timer: ReturnType<typeof setTimeout> | undefined

/** Reads on in slices between the frames, and tells the screens when it has come to the end. */
function later(some: readonly Catalogue[], wait = 0): void {
  for (const one of some) waiting.add(one)
  timer ??= setTimeout(() => {
    timer = undefined
    const enough = within(SLICE_MS)
    for (const one of waiting) {
      if (!one.look(app.records(one.kind), enough)) break
      waiting.delete(one)
    }
    if (waiting.size > 0) later([])
    else grown += 1
  }, wait)
}

/** Makes the first letter typed as quick as the rest; returns how to call it off. */
export function warm(some: readonly Catalogue[] = catalogues): () => void {
  later(some, QUIET_MS)
  return () => {
    clearTimeout(timer)
    timer = undefined
    waiting.clear()
  }
}

export function forgetFound(): void {
  for (const one of catalogues) one.forget()
}
