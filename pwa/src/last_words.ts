// The receipt of a vault that is thrown away: signed while its key is here, told when nothing of it can be read. It reads no record.
import { utf8 } from './bytes'
import { parcelOf, type Courier } from './courier'
import type { Keeper } from './keeper'
import { pauseAfter } from './retry'

const TRIES = 5

/** Seals the receipt; what it gives tells the office, and is called when all that could be read is gone from the disk. */
export async function receiptOf({ vault, state: { replica } }: Keeper, courier: Courier): Promise<() => Promise<boolean>> {
  const sealed = await vault.seal({ mid: crypto.randomUUID(), replica, n: 1 }, utf8(JSON.stringify({ emptied: replica })))
  return async () => {
    for (let tries = 0; tries < TRIES; tries++) {
      if (tries > 0) await new Promise((resolve) => setTimeout(resolve, pauseAfter(tries, Math.random())))
      const answer = await courier.emptied(parcelOf(sealed))
      if (answer.kind === 'ok') return true
      if (answer.kind === 'unreadable') return false
    }
    return false
  }
}
