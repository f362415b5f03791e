// The short code that lifts the cover of an open vault: how long it is, and what is too easy to guess. It holds none.

export const CODE_DIGITS = 6

/** All alike, in a row, or one part said again: what is tried first. */
export function isPlain(digits: string): boolean {
  const steps = new Set([...digits].slice(1).map((digit, at) => Number(digit) - Number(digits[at])))
  const again = [2, 3].some((part) => digits === digits.slice(0, part).repeat(digits.length / part))
  return again || (steps.size === 1 && Math.abs([...steps][0] ?? 0) <= 1)
}
