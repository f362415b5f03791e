/** Search as you type over what is on the phone: folded letters, the beginnings of words, one slip of the thumb forgiven. */
import { fold, PLAIN } from './fold'

/** One thing that can be found: its own words, and how it is told from others. */
export interface Entry {
  id: string
  words: string
}

export interface Hit {
  id: string
  /** Larger is closer; only good for putting hits in order. */
  score: number
}

const WORD = /[\p{L}\p{N}]+/gu
const PLAIN_WORD = /[a-z0-9]+/g
const HOUSE = /^\d+[a-z]$/

/** The words of a text as they are compared; a house's letter is a word of its own, so that 12B and 12 B are the same. */
export function wordsOf(value: string): string[] {
  const folded = fold(value)
  const words: string[] = []
  for (const word of folded.match(PLAIN.test(folded) ? PLAIN_WORD : WORD) ?? []) {
    if (HOUSE.test(word)) words.push(word.slice(0, -1), word.slice(-1))
    else words.push(word)
  }
  return words
}

/** A telephone number as one word, without spaces and Norway's code; null when the text is none. */
export function numberOf(value: string): string | null {
  const digits = value.replace(/[\s.-]/g, '').replace(/^(\+|00)47(?=\d)/, '')
  return /^\+?\d{3,}$/.test(digits) ? digits.replace('+', '') : null
}

/** True when `typed` is the beginning of `word` but for one letter wrong, missing, added or swapped. */
export function almostBegins(typed: string, word: string): boolean {
  if (typed.length < 4 || /\d/.test(typed)) return false
  let at = 0
  while (at < typed.length && typed[at] === word[at]) at += 1
  if (at === typed.length) return true
  const swapped = typed[at] === word[at + 1] && typed[at + 1] === word[at]
  return (
    goesOn(typed, at + 1, word, at + 1) || goesOn(typed, at + 1, word, at) || goesOn(typed, at, word, at + 1) || (swapped && goesOn(typed, at + 2, word, at + 2))
  )
}

/** True when all of `typed` from a letter on stands in `word` from another; it makes no text, for every word is asked. */
function goesOn(typed: string, from: number, word: string, at: number): boolean {
  for (; from < typed.length; from += 1, at += 1) if (typed[from] !== word[at]) return false
  return true
}

const WHOLE = 3
const BEGINS = 2
const ALMOST = 1
const GONE = ''

/** Everything that can be found, word by word. What changes is written anew behind the rest, so that adding never starts over. */
export class Index {
  #ids: string[] = []
  #places = new Map<string, number>()
  #holders = new Map<string, number[]>()
  #gone = 0

  get size(): number {
    return this.#places.size
  }

  /** How much of the index stands for what is no longer there, as a share of one. */
  get stale(): number {
    return this.#ids.length === 0 ? 0 : this.#gone / this.#ids.length
  }

  put({ id, words }: Entry): void {
    this.drop(id)
    const place = this.#ids.push(id) - 1
    this.#places.set(id, place)
    for (const word of new Set(wordsOf(words))) {
      const list = this.#holders.get(word)
      if (list) list.push(place)
      else this.#holders.set(word, [place])
    }
  }

  drop(id: string): void {
    const place = this.#places.get(id)
    if (place === undefined) return
    this.#ids[place] = GONE
    this.#places.delete(id)
    this.#gone += 1
  }

  /** Entries that hold every typed word, the closest first. A slip is looked for only where nothing else is found. */
  find(typed: string, limit: number): Hit[] {
    const number = numberOf(typed)
    const joined = number === null ? [] : this.#all([number], limit, false)
    const tokens = wordsOf(typed)
    const strict = this.#all(tokens, limit, false)
    const hits = strict.length + joined.length > 0 ? strict : this.#all(tokens, limit, true)
    const known = new Set(joined.map((hit) => hit.id))
    return [...joined, ...hits.filter((hit) => !known.has(hit.id))].slice(0, limit)
  }

  #all(tokens: readonly string[], limit: number, forgiving: boolean): Hit[] {
    if (tokens.length === 0) return []
    const sums = new Uint16Array(this.#ids.length)
    for (const [at, token] of tokens.entries()) {
      const scores = this.#scores(token, forgiving)
      for (let place = 0; place < sums.length; place += 1) {
        const score = scores[place] ?? 0
        const before = sums[place] ?? 0
        sums[place] = score === 0 || (at > 0 && before === 0) ? 0 : before + score
      }
    }
    return this.#best(sums, tokens.length * WHOLE, limit)
  }

  /** How well each entry holds one typed word: 0 is not at all. */
  #scores(token: string, forgiving: boolean): Uint8Array {
    const scores = new Uint8Array(this.#ids.length)
    for (const [word, places] of this.#holders) {
      const begins = word.startsWith(token)
      if (!begins && !(forgiving && almostBegins(token, word))) continue
      const score = !begins ? ALMOST : word.length === token.length ? WHOLE : BEGINS
      for (const place of places) if (score > (scores[place] ?? 0)) scores[place] = score
    }
    return scores
  }

  /** The best first, and among equals in the order they were put; stops as soon as there are enough. */
  #best(sums: Uint16Array, most: number, limit: number): Hit[] {
    const hits: Hit[] = []
    for (let score = most; score > 0; score -= 1) {
      for (let place = 0; place < sums.length; place += 1) {
        const id = this.#ids[place]
        if (sums[place] !== score || id === undefined || id === GONE) continue
        hits.push({ id, score })
        if (hits.length === limit) return hits
      }
    }
    return hits
  }
}
