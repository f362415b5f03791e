// What the phone keeps of its user and of what the office tells all phones alike: shapes, and how a new vault begins. It holds no key.
import type { Json } from '../../sync/phone'
import type { Me } from './courier'
import { granted, type Leases } from './leases'

/** What the app knows beside the protocol's state: who the user is, and when the office last answered. */
export interface Profile {
  readonly name: string
  readonly roles: string[]
  readonly demo: boolean
  readonly offset_ms: number
  readonly last_received_at: string | null
  /** When this phone last had all that is its to have, by the server's clock. */
  readonly fetched_at: string | null
  /** The day on which its user has seen that the phone is ready, and tapped it away. */
  readonly ready_on: string | null
  /** The server's day on which it last compared what this phone holds. */
  readonly checked_on?: string
  /** The replica that the server knows this vault's key under; null until it has answered. */
  readonly registered: string | null
  readonly policy?: Policy
  /** How long this phone may be read without contact; not known before the first answer. */
  readonly leases?: Leases
  /** Open questions that the user has left to the office. */
  readonly left_to_office: string[]
}

/** What the office last told all phones alike, kept whole: a later app may read more of it than this one. */
export interface Policy {
  /** What the office knows it by; a phone that says it is not told the same again. */
  readonly version: string
  /** How many hours each part may be read without contact. */
  readonly lease?: Json
  /** The key of the server's to seal to. */
  readonly sealing_key?: { readonly id?: unknown; readonly public?: unknown }
  /** Whom the office says to call first when life or health is at stake. */
  readonly telephone?: string
  /** Do the words of a party to a conflict leave the phone at midnight? They do until the office has said no. */
  readonly conceals?: boolean
  /** What the office plans by, as far as a phone must reckon by it without a network. */
  readonly rules?: Rules
}

/** The municipality's own numbers; what is not there is not in use, and nothing is said of it. */
export interface Rules {
  /** How long before somebody goes in on a ground they must have been told. */
  readonly tell_before?: Readonly<Record<string, { readonly count: number; readonly unit: string }>>
  /** How long a note of a visit may lie unfinished. */
  readonly note_hours?: number
  /** After so many closed doors in a row the leader decides. */
  readonly tries_max?: number
  /** So many working days after a closed door a new try is proposed. */
  readonly try_again_after?: number
}

/** What a new vault knows of its user. */
export function profileOf(me: Me): Profile {
  const { name, roles, demo } = me
  const leases = granted(me.lease, me.server_now)
  const known = { name, roles, demo, offset_ms: 0, last_received_at: null, fetched_at: null, ready_on: null, registered: null, left_to_office: [] }
  return { ...known, ...(leases && { leases }) }
}

/** A phone from before policies had a name has parts of it beside; it asks for the whole with its first word. */
export function asKept(known: (Profile & Omit<Policy, 'version'>) | undefined): Profile | undefined {
  if (!known || known.policy) return known
  const { telephone, conceals, rules } = known
  if (telephone === undefined && conceals === undefined && rules === undefined) return known
  const policy = { version: '', ...(telephone !== undefined && { telephone }), ...(conceals !== undefined && { conceals }), ...(rules && { rules }) }
  return { ...known, policy }
}
