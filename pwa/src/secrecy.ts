// Which of the vault's two data keys a kind of record is written under; it holds neither.
import { KINDS } from './contract'

/** Technical is only what says nothing of a person or a visit; it may be read longer without contact. */
export function isPersonal(kind: string): boolean {
  const fields = KINDS[kind]?.fields
  return !fields || fields.some((field) => field.sensitive !== 'public' || field.name === 'status')
}
