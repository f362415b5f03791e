// How much room the browser still gives this app. It reads nothing.

const GIB = 2 ** 30
const SAID_AT_MOST = 10

/**
 * Bytes left in this browser's share of the disk; null when it does not say. Chrome says whole gibibytes, ten at the most, whatever
 * the disk has left, so that nobody is known by it: that is not to say.
 */
export async function freeBytes(): Promise<number | null> {
  const room = await globalThis.navigator?.storage?.estimate?.().catch(() => null)
  if (room?.quota === undefined) return null
  const free = Math.max(0, room.quota - (room.usage ?? 0))
  const gibibytes = free / GIB
  return gibibytes > 0 && gibibytes <= SAID_AT_MOST && Number.isInteger(gibibytes) ? null : free
}

/** The same in whole megabytes. */
export async function freeMegabytes(): Promise<number | null> {
  const free = await freeBytes()
  return free === null ? null : Math.floor(free / 1_000_000)
}
