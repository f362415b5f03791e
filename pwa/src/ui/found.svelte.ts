/** The homes and visits on this phone, sorted and ready to be searched; built anew only when their number or names change. */
import { app } from '../app.svelte'
import type { Shown } from '../app.svelte'
import { find, index } from '../find'
import type { Index } from '../find'
import { stringAt } from '../today'
import { choiceWords } from './fields'

const HITS_MAX = 100
const NORWEGIAN = new Intl.Collator('nb', { numeric: true })

function addressWords(dwelling: Shown | null): string {
  return ['address', 'unit_number', 'local_label'].map((name) => stringAt(dwelling, name) ?? '').join(' ')
}

let dwellingsOf: { version: number; sorted: Shown[] } | null = null

/** All homes by street and number, sorted once for each state of the phone. */
export function sortedDwellings(): Shown[] {
  const { version } = app
  if (dwellingsOf?.version === version) return dwellingsOf.sorted
  const named = app.records('dwelling').map((dwelling) => ({ dwelling, words: addressWords(dwelling) }))
  named.sort((left, right) => NORWEGIAN.compare(left.words, right.words))
  dwellingsOf = { version, sorted: named.map((one) => one.dwelling) }
  return dwellingsOf.sorted
}

export class Finder {
  readonly #dwellings: Index
  readonly #visits: Index

  constructor() {
    this.#dwellings = index(sortedDwellings().map((dwelling) => ({ id: dwelling.id, words: addressWords(dwelling) })))
    this.#visits = index(
      app.records('visit').map((visit) => ({
        id: visit.id,
        words: [
          addressWords(app.record(stringAt(visit, 'dwelling') ?? '')),
          choiceWords('visit', 'purpose', stringAt(visit, 'purpose')),
          stringAt(app.record(stringAt(visit, 'planned_visit') ?? ''), 'tenant_name') ?? '',
        ].join(' '),
      })),
    )
  }

  dwellings(typed: string): Shown[] {
    return shownOf(find(this.#dwellings, typed, HITS_MAX))
  }

  visits(typed: string): Shown[] {
    return shownOf(find(this.#visits, typed, HITS_MAX))
  }
}

function shownOf(ids: string[]): Shown[] {
  return ids.flatMap((id) => app.record(id) ?? [])
}
