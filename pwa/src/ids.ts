// Makes ids: time-ordered for mutations and what they make, so that the office's indexes grow at their end; random for everything else.
import { random } from './bytes'

/** A UUIDv7: milliseconds since 1970, then chance. Orders nothing but the eye's reading of a log. */
export function uuid7(now_ms: number): string {
  const value = random(16)
  for (let at = 0; at < 6; at++) value[at] = Math.floor(now_ms / 2 ** (8 * (5 - at))) & 255
  value[6] = ((value[6] ?? 0) & 15) | 112
  value[8] = ((value[8] ?? 0) & 63) | 128
  const hex = [...value].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** When an id was made, as its maker's clock had it; empty for an id that does not say. */
export function madeAt(id: string): string {
  const made = new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16))
  return id.charAt(14) === '7' && Number.isFinite(made.getTime()) ? made.toISOString() : ''
}

const REPLICA_PART = -12

/** Who counts here: a user on this phone, and not on another that they carry, for two phones know nothing of each other. */
export function counterOf(user: string, replica: string): string {
  return `${user}.${replica.slice(REPLICA_PART)}`
}
