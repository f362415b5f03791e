/** What a record of the programmes is called, and how far it has come, in words. */
import type { Shown } from '../app.svelte'
import { KINDS } from '../contract'
import { handlingOf } from '../programmes/programmes'
import { stringAt } from '../today'
import { partOf } from '../values'
import { choiceWords, fieldsOf, kindWords } from './fields'
import { title } from './titles'

const OWN = ['title', 'label', 'name', 'summary', 'what', 'words', 'challenge', 'learnt'] as const
/** What tells one record of a kind from another, before any other choice that it has. */
const TELLING = ['side', 'category', 'type', 'where', 'what', 'to'] as const
/** A pseudonym, made to stand in lists. */
const PSEUDONYM = 'label'
const LONGEST = 90

/** Its own words, short, unless they could hurt somebody; else what tells it from others; else what any record is called. */
export function headline(record: Shown): string {
  const fields = fieldsOf(record.kind)
  const open = new Set(fields.filter(({ name, shape, sensitive }) => shape === 'text' && (sensitive !== 'special' || name === PSEUDONYM)).map(({ name }) => name))
  const own = OWN.filter((name) => open.has(name)).map((name) => stringAt(record, name)).find((words) => words !== null)
  const choices = KINDS[record.kind]?.conceals ? [] : fields.filter((field) => field.shape === 'choice' && stringAt(record, field.name) !== null)
  const first = TELLING.flatMap((name) => choices.find((field) => field.name === name) ?? [])[0] ?? choices[0]
  const choice = first ? choiceWords(record.kind, first.name, stringAt(record, first.name)) : null
  if (own) return own.length > LONGEST ? `${own.slice(0, LONGEST - 1)}…` : own
  if (choice) return `${kindWords(record.kind)}: ${choice}`
  const any = title(record)
  return any.startsWith(kindWords(record.kind)) || open.has('name') || open.has('address') ? any : `${kindWords(record.kind)}: ${any}`
}

/** How far the work has come, by the last to say so; empty where nothing has been said. */
export function handlingWords(record: Shown): string {
  const field = handlingOf(record.kind)
  const state = field ? partOf(record.body[field.name], 'state') : null
  return field?.choices.find(({ value }) => value === state)?.label ?? ''
}
