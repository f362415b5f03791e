/** The code on a door: an address of this app that names a building or a home by its id, and nothing else. Pure. */
const NAMED = /[?&]sted=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[&#]|$)/

/** The id of the place that a scanned code or an opened address names; null when it is no code of ours. */
export function placeIn(words: string): string | null {
  return NAMED.exec(words)?.[1] ?? null
}
