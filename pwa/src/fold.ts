/** Letters as they are compared. */

const LETTERS: Readonly<Record<string, string>> = { æ: 'a', ø: 'o', å: 'a', đ: 'd', ŋ: 'n', ŧ: 't', ð: 'd' }
/** Text whose letters are all English: it needs no Unicode to be compared, and most of ours is so once it is folded. */
export const PLAIN = /^[\x20-\x7e]*$/

/** Folds so that Åsveien, aasveien and asveien are the same, and Sámi letters meet their plain ones. */
export function fold(value: string): string {
  const small = value.toLowerCase()
  const ours = PLAIN.test(small) ? small : small.normalize('NFC').replace(/[æøåđŋŧð]/g, (letter) => LETTERS[letter] ?? letter)
  const plain = PLAIN.test(ours) ? ours : ours.normalize('NFD').replace(/\p{M}/gu, '')
  return plain.replace(/aa|ae/g, 'a').replace(/oe/g, 'o')
}
