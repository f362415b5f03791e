// How much room the browser still gives this app. It reads nothing.

/** Room left in this browser's share of the disk, in whole megabytes; null when it does not say. */
export async function freeMegabytes(): Promise<number | null> {
  const room = await globalThis.navigator?.storage?.estimate?.().catch(() => null)
  return room?.quota === undefined ? null : Math.floor((room.quota - (room.usage ?? 0)) / 1_000_000)
}
