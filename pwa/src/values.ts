// Reads parts of values that are kept whole, such as a status; knows no records.
import type { Json } from '../../sync/phone'

/** One text of a composite value, such as who a status is by. */
export function partOf(value: Json | undefined, part: string): string | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null
  const found = value[part]
  return typeof found === 'string' ? found : null
}

/** What the office asks to have put right, by path. */
export function commentsOf(status: Json | undefined): Record<string, string> {
  if (status === null || typeof status !== 'object' || Array.isArray(status)) return {}
  const comments = status['comments']
  if (comments === null || typeof comments !== 'object' || Array.isArray(comments)) return {}
  return Object.fromEntries(Object.entries(comments).filter((one): one is [string, string] => typeof one[1] === 'string'))
}
