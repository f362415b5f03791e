// Coming back from a login on the office's own page (a passkey, the municipality's directory): who it was, if it was just now.
import type { Courier, Me } from './courier'
import type { Phase } from './face.svelte'

const JUST_NOW_MS = 120_000

/** Was the page before this one the office's? */
export const fromOffice = (): boolean => document.referrer.startsWith(`${location.origin}/office/`)

/**
 * An old cookie is no login: whoever threw a vault away shows again who they are before a new one is made.
 * At a lock only who comes from the office's page is asked about, since it opens without a network.
 */
export async function arrived(courier: Pick<Courier, 'me'>, phase: () => Phase, came: boolean): Promise<Me | null> {
  const waits = (): boolean => phase() === 'login' || (came && phase() === 'locked')
  if (!waits()) return null
  const me = await courier.me()
  if (me.kind !== 'ok' || !waits()) return null
  const age_ms = Date.parse(me.body.server_now) - Date.parse(me.body.began_at)
  return age_ms >= 0 && age_ms < JUST_NOW_MS ? me.body : null
}
