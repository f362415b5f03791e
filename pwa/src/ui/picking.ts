/** Which of many to offer for a choice: all while they are few, else those whose words are typed. Pure. */

/** More than this is looked for, not read through. */
export const FEW = 12
const HITS_MAX = 8

/** Those to offer, by their words; none of many before something is typed. */
export function fitting<One>(all: readonly One[], wordsOf: (one: One) => string, typed: string): One[] {
  const sought = typed.trim().toLowerCase().split(/\s+/).filter((word) => word !== '')
  if (all.length > FEW && sought.length === 0) return []
  const named = all.map((one) => ({ one, words: wordsOf(one) })).sort((left, right) => left.words.localeCompare(right.words, 'nb', { numeric: true }))
  const hits = named.filter(({ words }) => sought.every((word) => words.toLowerCase().includes(word)))
  return (all.length > FEW ? hits.slice(0, HITS_MAX) : hits).map(({ one }) => one)
}
