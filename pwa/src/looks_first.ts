// Who opened what comes to the office before what they wrote; it holds nothing up.
import type { Courier } from './courier'
import { lyingOf } from './listed'

/** Sends what was opened in a vault, where anything lies that has not been told. */
export async function looksFirst(courier: Courier, vault: string): Promise<void> {
  const waiting = await lyingOf('look', vault).catch(() => [])
  if (waiting.length > 0) await import('./looked').then(({ deliverLooks }) => deliverLooks(courier, vault)).catch(() => undefined)
}
