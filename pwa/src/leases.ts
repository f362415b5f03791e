// How long this phone may be read without contact, and a clock that nobody can prolong that with. Pure: it holds no key and asks no clock.
import type { Json } from '../../sync/phone'

/** Personal is all that tells of somebody; technical is the rest, and may be read for longer. */
export const LEASED = ['technical', 'personal'] as const
export type Leased = (typeof LEASED)[number]

export interface Leases {
  /** When each ends, by the office's clock (milliseconds). */
  readonly ends: Readonly<Record<Leased, number>>
  /** From when the user is told that it nears its end. */
  readonly warns_at: number
  /** The latest instant that this phone has known to be past. */
  readonly reached: number
  /** How far its clock was put back since then. */
  readonly behind: number
  /** «Bare på nett»: they end with each lock, and their keys lie on no disk. */
  readonly network_only?: boolean
}

/** What the screens are told: when the personal part ends, whether to say so now, and whether it has ended. */
export interface Standing {
  readonly until: Date
  readonly near: boolean
  readonly over: boolean
  readonly network_only: boolean
}

const HOUR_MS = 3_600_000
const HOURS_MAX = 14 * 24
const DAY_MS = 24 * HOUR_MS

/** The leases that an answer of the office gives from its own clock on; null when it says nothing that can be read. */
export function granted(said: Json | undefined, server_now: string): Leases | null {
  const now = Date.parse(server_now)
  const hours = said !== null && typeof said === 'object' && !Array.isArray(said) ? said : {}
  const lasts = (which: Leased): number => {
    const count = hours[which]
    return typeof count === 'number' && count >= 0 ? Math.min(count, HOURS_MAX) * HOUR_MS : Number.NaN
  }
  const ends = { technical: now + lasts('technical'), personal: now + lasts('personal') }
  if (Number.isNaN(ends.technical + ends.personal)) return null
  const warns_at = ends.personal - Math.min(DAY_MS, lasts('personal') / 3)
  return { ends, warns_at, reached: now, behind: 0, ...(hours['network_only'] === true && { network_only: true }) }
}

/**
 * The leases with the phone's clock (put right by what the office last said) taken in. A clock that was put back goes on
 * from the latest instant that was known; one that runs ahead is believed until the office says what the time is.
 */
export function reckoned(leases: Leases, clock: number): Leases {
  if (clock >= leases.reached) return { ...leases, reached: clock, behind: 0 }
  const behind = Math.max(leases.behind, leases.reached - clock)
  return { ...leases, reached: clock + behind, behind }
}

/** The parts that may be read no longer; `closed`: once nobody has the vault open. */
export function over(leases: Leases | undefined, closed = false): Leased[] {
  return leases ? LEASED.filter((which) => leases.reached >= leases.ends[which] || (closed && leases.network_only)) : []
}

export function standing(leases: Leases | undefined, shut: readonly Leased[]): Standing | null {
  if (!leases) return null
  const near = leases.reached >= leases.warns_at
  return { until: new Date(leases.ends.personal), near, over: shut.includes('personal'), network_only: leases.network_only === true }
}
