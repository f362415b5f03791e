/** The checklists as the phone draws them, read from the server's own definitions; it stores nothing and knows no screen. */
import definitions from '../../server/data/checklists.json'

export interface Item {
  code: string
  section: string
  words: string
  hint: string | null
  subject: string
  answer: string
  critical: boolean
}

export interface Section {
  name: string
  items: Item[]
}

export interface Checklist {
  code: string
  title: string
  purpose: string
  sections: Section[]
}

/** What stands at an item: null is untouched, which is «Ikke kontrollert». */
export type Answers = (item: Item) => string | null

/** The checklist that a purpose brings with it. */
const BY_PURPOSE: Readonly<Record<string, string>> = { move_in: 'NYVRI1', follow_up: 'NYVRI2' }

/** The answers an item may be given by thumb, in the order they stand. */
export const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  check: ['ok', 'deviation', 'not_relevant'],
  told: ['done', 'not_done'],
  scale_1_5: ['1', '2', '3', '4', '5'],
}

export function checklistFor(purpose: string | null): Checklist | null {
  const code = purpose === null ? undefined : BY_PURPOSE[purpose]
  return code === undefined ? null : checklist(code)
}

export function checklist(code: string): Checklist | null {
  const found = definitions.checklists.find((one) => one.code === code)
  if (!found) return null
  const sections: Section[] = []
  for (const raw of found.items) {
    const item: Item = {
      code: raw.code,
      section: raw.section,
      words: raw.text_nb,
      hint: 'hint_nb' in raw && typeof raw.hint_nb === 'string' ? raw.hint_nb : null,
      subject: raw.subject,
      answer: raw.answer,
      critical: raw.severity_if_deviation === 'critical',
    }
    const last = sections.find((section) => section.name === item.section)
    if (last) last.items.push(item)
    else sections.push({ name: item.section, items: [item] })
  }
  return { code: found.code, title: found.title_nb, purpose: found.purpose_nb, sections }
}

/** «Alt i orden her»: the untouched checks of a section, but never a critical one. */
export function toPutInOrder(section: Section, answers: Answers): Item[] {
  return section.items.filter((item) => item.answer === 'check' && !item.critical && answers(item) === null)
}

/** «Alt gjort»: the untouched told items of a section. */
export function toCallTold(section: Section, answers: Answers): Item[] {
  return section.items.filter((item) => item.answer === 'told' && answers(item) === null)
}

/** How many critical points still wait for a thumb of their own. */
export function criticalLeft(section: Section, answers: Answers): number {
  return section.items.filter((item) => item.critical && answers(item) === null).length
}

export function answered(section: Section, answers: Answers): number {
  return section.items.filter((item) => answers(item) !== null).length
}

/** Which run keeps an item: one per subject the contract knows; what is common to the building is kept with the dwelling. */
export function subjectOf(item: Item, known: readonly string[]): string {
  return known.includes(item.subject) ? item.subject : 'dwelling'
}

/** The words of a point, from a path such as `answers/NYVRI1-08`; null when the path is none of a checklist's. */
export function itemWords(path: string): string | null {
  const code = path.split('/')[1]
  for (const list of definitions.checklists) {
    const item = list.items.find((one) => one.code === code)
    if (item) return item.text_nb
  }
  return null
}
