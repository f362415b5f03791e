/** The contract as the screens read it: which fields a kind has, what they are called, and how a value is put into words. */
import type { Json } from '../app.svelte'
import { KINDS } from '../contract'
import type { FieldContract } from '../contract'
import { clock, clockOf, day, dayOf, text } from '../words'

export type Field = FieldContract

/** The fields of a kind that are not retired, in the order the form has them. */
export function fieldsOf(kind: string): readonly Field[] {
  return KINDS[kind]?.fields ?? []
}

/** The field that a path such as `notes/<key>` belongs to. */
export function fieldOf(kind: string, path: string): Field | null {
  const name = path.split('/')[0]
  return fieldsOf(kind).find((field) => field.name === name) ?? null
}

export function kindWords(kind: string): string {
  return KINDS[kind]?.label ?? kind
}

export function kindPlural(kind: string): string {
  const words = KINDS[kind]?.plural ?? kind
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export function labelOf(kind: string, path: string): string {
  return fieldOf(kind, path)?.label ?? path
}

export function choiceWords(kind: string, name: string, value: Json): string {
  const choice = fieldOf(kind, name)?.choices.find((one) => one.value === value)
  return choice?.label ?? (typeof value === 'string' ? value : '')
}

/** Long enough for sentences, and therefore drawn tall and with the reminder of who may read it. */
export function isProse(field: Field): boolean {
  return (field.max ?? 0) > 200
}

/** A value as a person would say it. */
export function valueWords(kind: string, path: string, value: Json | undefined): string {
  if (value === null || value === undefined || value === '') return text('checks.nothing')
  const field = fieldOf(kind, path)
  if (typeof value === 'boolean') return text(value ? 'answer.yes' : 'answer.no')
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') {
    if (field && field.choices.length > 0) return choiceWords(kind, path, value)
    if (field?.shape === 'day') return day(value, dayOf(new Date()))
    if (field?.shape === 'clock') return `kl. ${clock(value)}`
    if (field?.shape === 'instant') return `${day(dayOf(new Date(value)))} kl. ${clockOf(new Date(value))}`
    return `«${value}»`
  }
  if (!Array.isArray(value) && typeof value['state'] === 'string') return stateWords(value['state'])
  return text('visit.not_drawn')
}

export function stateWords(state: string): string {
  const key = `status.${state}` as const
  switch (key) {
    case 'status.draft':
    case 'status.submitted':
    case 'status.returned':
    case 'status.approved':
      return text(key)
    default:
      return state
  }
}
