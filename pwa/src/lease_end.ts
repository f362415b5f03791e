// Sees when a lease has run out, and has it ended: what that takes is fetched when it is needed, from the phone itself.
import type { Keeper } from './keeper'
import { over, reckoned } from './leases'

/** Takes the clock in; true when a lease has run out since, or does by being closed. It is on the disk after the next `flush`. */
export function isOver(keeper: Keeper, now: number, closed = false): boolean {
  const { leases, offset_ms } = keeper.profile
  if (!leases) return false
  keeper.know({ leases: reckoned(leases, now + offset_ms) })
  const { shut } = keeper.vault
  return over(keeper.profile.leases, closed).some((which) => !shut.includes(which))
}

const shut = async (keeper: Keeper): Promise<void> => (await import('./leasing')).end(keeper)

/** Ends what has run out in a vault that is being closed or opened, and says if something has. */
export async function end(keeper: Keeper, now: number): Promise<boolean> {
  const ended = isOver(keeper, now, true)
  if (ended) await shut(keeper)
  else await keeper.flush().catch(() => undefined) // a full phone can still be read; whoever closes it sees to it that all is written
  return ended
}

/** The vault as far as it may be read now. Where nothing has run out, nobody waits until the disk has the clock too. */
export async function asMayBeRead(read: () => Promise<Keeper>, now: number): Promise<Keeper> {
  const found = await read()
  if (!isOver(found, now, true)) return found
  await shut(found)
  found.rest()
  return read()
}
