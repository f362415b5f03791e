// How long to wait before a line that gave no answer is asked again. Pure.

const FIRST_MS = 2_000
/** Not longer: a browser does not always tell that the line is back, and words at the office are what it is for. */
const LAST_MS = 60_000

/** Twice as long for every failure so far, up to a minute; `random` is in [0, 1). */
export function pauseAfter(failures: number, random: number): number {
  return spread(Math.min(FIRST_MS * 2 ** failures, LAST_MS), random)
}

/** Two thirds to four thirds: a hundred phones do not come back in the same second. */
export function spread(wait_ms: number, random: number): number {
  return wait_ms * (2 / 3 + (random * 2) / 3)
}
