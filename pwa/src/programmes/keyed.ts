/** What the keys of a keyed field are, and which fields are drawn beside each of them. Pure. */
import type { Json } from '../app.svelte'
import type { Checklist, Section } from '../checklists'
import { KINDS } from '../contract'
import type { FieldContract } from '../contract'

/** One key, by the words that it stands for. */
export interface Key {
  key: string
  words: string
}

const CHIPS_MAX = 5
/** What a key's field can answer; a count has a field of its own. */
const ANSWERED = new Set(['check', 'told'])

/** The keyed fields whose keys are those of the field `name`: they are drawn beside each of its keys. */
export function beside(kind: string, name: string): readonly FieldContract[] {
  return (KINDS[kind]?.fields ?? []).filter((field) => field.keyed && field.holds === name && field.retired === null)
}

/** True when a field is drawn beside the keys of another, and so never alone. */
export function isBeside(kind: string, field: FieldContract): boolean {
  return field.keyed && (KINDS[kind]?.fields.some((other) => other.keyed && other.name === field.holds && other.name !== field.name) ?? false)
}

/** The points of a checklist that a keyed answer can hold, by section. */
export function pointsOf(list: Checklist): Section[] {
  return list.sections
    .map(({ name, items }) => ({ name, items: items.filter((item) => ANSWERED.has(item.answer)) }))
    .filter(({ items }) => items.length > 0)
}

/** The keys of a field: those it names itself, else those that have been written in it. */
export function keysOf(field: FieldContract, body: Readonly<Record<string, Json>>): Key[] {
  if (field.choices.length > 0 && field.shape !== 'keyed_choice') return field.choices.map(({ value, label }) => ({ key: value, words: label }))
  return writtenAt(field.name, body).map((key) => ({ key, words: key }))
}

/** The keys that hold something, sorted. */
export function writtenAt(name: string, body: Readonly<Record<string, Json>>): string[] {
  return Object.entries(body)
    .flatMap(([path, value]) => (path.startsWith(`${name}/`) && value !== null ? [path.slice(name.length + 1)] : []))
    .sort()
}

/** The numbers of a small scale, for the thumb; null where it is too long for that. */
export function scaleOf(field: FieldContract): number[] | null {
  const { min, max } = field
  if (min === null || max === null || max - min >= CHIPS_MAX) return null
  return Array.from({ length: max - min + 1 }, (_, at) => min + at)
}
