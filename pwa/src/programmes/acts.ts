/** What the next answer in a record is, so that it takes one tap: an offer's answer, a step in arrears, how an agreement holds. Pure. */
import type { Json, Shown } from '../app.svelte'
import { KINDS } from '../contract'
import type { FieldContract } from '../contract'
import { stringAt } from '../today'

/** One tap: its words, and what it writes. */
export interface Act {
  words: string
  values: Readonly<Record<string, Json>>
}

export interface Question {
  words: string
  /** The field that says by when, where there is one. */
  due: string | null
  acts: Act[]
}

/** An answer that is still lacking, and the day that it sets. */
interface Answer {
  field: string
  on?: string
  due?: string
  /** Asked only when this has been said. */
  after?: string
  /** Choices that are no answer yet. */
  except?: readonly string[]
}

const ANSWERS: Readonly<Record<string, readonly Answer[]>> = {
  offer: [{ field: 'answer' }],
  referral: [{ field: 'answer', on: 'answered_on', except: ['waiting'] }],
  conflict_agreement: [
    { field: 'first_holds', on: 'first_on', due: 'first_due_on' },
    { field: 'second_holds', on: 'second_on', due: 'second_due_on', after: 'first_on' },
  ],
}
/** Days that are set by a tap on the day itself, in the order that they come. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  arrears_case: ['contacted_on', 'plan_on', 'nav_on', 'warned_on', 'notice_on', 'petition_on'],
  complaint: ['acknowledged_on'],
  case_party: ['first_contact_on'],
  housing_need: ['met_on'],
}
const ENDS = ['closed_on', 'ended_on']

/** What may be said about a record with one tap now: the answers it lacks, then the steps it has not taken. */
export function questionsOf(record: Shown, today: string): Question[] {
  if (ENDS.some((name) => stringAt(record, name) !== null)) return []
  const asked = (ANSWERS[record.kind] ?? []).flatMap((answer) => question(record, answer, today) ?? [])
  return asked.slice(0, 1)
}

/** The steps still ahead, after the last that was taken; each is said to be of today. */
export function stepsAhead(record: Shown, today: string): Act[] {
  if (ENDS.some((name) => stringAt(record, name) !== null)) return []
  const names = STEPS[record.kind] ?? []
  const last = names.findLastIndex((name) => stringAt(record, name) !== null)
  return names.slice(last + 1).flatMap((name) => {
    const field = fieldAt(record.kind, name)
    return field ? [{ words: field.label, values: { [name]: today } }] : []
  })
}

function question(record: Shown, { field, on, due, after, except = [] }: Answer, today: string): Question | null {
  const asked = fieldAt(record.kind, field)
  const said = stringAt(record, field)
  if (!asked || (said !== null && !except.includes(said)) || (after !== undefined && stringAt(record, after) === null)) return null
  const acts = asked.choices
    .filter(({ value }) => !except.includes(value))
    .map(({ value, label }) => ({ words: label, values: { [field]: value, ...(on !== undefined && { [on]: today }) } }))
  return { words: asked.label, due: due ?? null, acts }
}

function fieldAt(kind: string, name: string): FieldContract | null {
  return KINDS[kind]?.fields.find((field) => field.name === name && field.retired === null) ?? null
}
