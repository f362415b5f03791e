// The way out of a forgotten passphrase: all that is sealed goes to the office, and only then the vault. It opens none.
import type { Courier } from './courier'
import type { Rounds } from './rounds'
import { Store } from './store'
import type { Vaults } from './vaults'

export interface Leaving {
  readonly here: Vaults
  readonly rounds: Rounds
  readonly courier: Courier
  alone<T>(work: () => Promise<T>): Promise<T>
  /** Is it still to go? Sending takes its time on a bad line, and somebody may think of the passphrase meanwhile. */
  goes(): boolean
}

/** How much the office took: `refused` while anything is left or nobody answers; null, and the vault stands, when it was called off. */
export async function startAnew(vault: string, { here, rounds, courier, alone, goes }: Leaving): Promise<number | 'refused' | null> {
  const store = Store.open(vault, null)
  const { taken, left } = await alone(() => rounds.deliver(store)).catch(() => ({ taken: 0, left: 1 }))
  const done = left === 0 && (taken > 0 || (await courier.reaches()))
  if (done && goes()) {
    await here.end(store)
    return taken
  }
  store.close()
  return goes() ? 'refused' : null
}
