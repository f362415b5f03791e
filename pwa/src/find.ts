/** Search as you type over what is on the phone: folded letters, the beginnings of words, one slip of the thumb forgiven. */

export interface Entry {
  id: string
  words: string
}

export interface Index {
  ids: string[]
  /** Every different word, and which entries hold it. */
  words: Map<string, number[]>
}

const LETTERS: Readonly<Record<string, string>> = { æ: 'a', ø: 'o', å: 'a', đ: 'd', ŋ: 'n', ŧ: 't', ð: 'd' }

/** Folds so that Åsveien, aasveien and asveien are the same, and Sámi letters meet their plain ones. */
export function fold(value: string): string {
  return value
    .toLocaleLowerCase('nb')
    .normalize('NFC')
    .replace(/[æøåđŋŧð]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/aa|ae/g, 'a')
    .replace(/oe/g, 'o')
}

export function wordsOf(value: string): string[] {
  return fold(value).match(/[\p{L}\p{N}]+/gu) ?? []
}

export function index(entries: readonly Entry[]): Index {
  const words = new Map<string, number[]>()
  entries.forEach((entry, at) => {
    for (const word of new Set(wordsOf(entry.words))) {
      const list = words.get(word)
      if (list) list.push(at)
      else words.set(word, [at])
    }
  })
  return { ids: entries.map((entry) => entry.id), words }
}

/** True when `typed` is the beginning of `word` but for one letter wrong, missing, added or swapped. */
export function almostBegins(typed: string, word: string): boolean {
  if (typed.length < 4 || /\d/.test(typed)) return false
  let at = 0
  while (at < typed.length && typed[at] === word[at]) at += 1
  if (at === typed.length) return true
  const rest = (from: number, inWord: number): boolean => word.startsWith(typed.slice(from), inWord)
  const swapped = typed[at] === word[at + 1] && typed[at + 1] === word[at]
  return rest(at + 1, at + 1) || rest(at + 1, at) || rest(at, at + 1) || (swapped && rest(at + 2, at + 2))
}

function holders(list: Index, matches: (word: string) => number): Map<number, number> {
  const found = new Map<number, number>()
  for (const [word, entries] of list.words) {
    const weight = matches(word)
    if (weight === 0) continue
    for (const entry of entries) found.set(entry, Math.max(found.get(entry) ?? 0, weight))
  }
  return found
}

/** Ids of the entries that hold every typed word, the closest first, at most `limit`. */
export function find(list: Index, typed: string, limit: number): string[] {
  const tokens = wordsOf(typed)
  if (tokens.length === 0) return []
  let scores: Map<number, number> | null = null
  for (const token of tokens) {
    let hits = holders(list, (word) => (word === token ? 3 : word.startsWith(token) ? 2 : 0))
    if (hits.size === 0) hits = holders(list, (word) => (almostBegins(token, word) ? 1 : 0))
    const before: Map<number, number> | null = scores
    const kept = new Map<number, number>()
    for (const [entry, weight] of hits) {
      if (before === null) kept.set(entry, weight)
      else if (before.has(entry)) kept.set(entry, (before.get(entry) ?? 0) + weight)
    }
    scores = kept
  }
  return [...(scores ?? [])]
    .sort((left, right) => right[1] - left[1] || left[0] - right[0])
    .slice(0, limit)
    .flatMap(([entry]) => list.ids[entry] ?? [])
}
