// What an answer of the office says beside the records, as the phone keeps it. It asks nobody.
import type { Reply } from '../../sync/phone'
import type { Keeper } from './keeper'
import type { Policy, Profile } from './profile'
import { granted } from './leases'

/** Each answer renews the leases, by the policy that it brings or by the one that it need not bring again. */
export function told(before: Profile, reply: Reply, offset_ms: number): Partial<Profile> {
  const { server_now } = reply
  const policy = typeof reply.policy?.['version'] === 'string' ? (reply.policy as unknown as Policy) : before.policy
  const leases = granted(policy?.lease, server_now)
  return {
    offset_ms,
    ...(reply.results.length > 0 && { last_received_at: server_now }),
    ...(!reply.more && { fetched_at: server_now }),
    ...(reply.checked && { checked_on: server_now.slice(0, 10) }),
    ...(policy && { policy }),
    ...(leases && { leases }),
  }
}

/** The key to seal to from now on, when the office has another than the one that this vault knows. */
export function newKey({ profile, vault }: Keeper): { id: string; public: string } | null {
  const { id, public: key } = profile.policy?.sealing_key ?? {}
  if (typeof id !== 'string' || typeof key !== 'string' || id === vault.identity.sealing_key.id) return null
  return { id, public: key }
}
