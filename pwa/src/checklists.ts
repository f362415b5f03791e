/** The checklists as the phone draws them, read from the records that hold them; it stores nothing and knows no screen. */
import type { Json, Shown } from './app.svelte'

export interface Item {
  code: string
  section: string
  words: string
  hint: string | null
  subject: string
  answer: string
  critical: boolean
  frequency: string
  /** What a deviation here is born with. */
  severity: string | null
  responsible: string
  inCompany: string | null
  photo: string
  /** Other words than «Gjort» and «Ikke gjort». */
  yes?: string | null
  no?: string | null
  unit?: string | null
  /** Words offered for a text. */
  choices?: readonly string[]
  /** Asked with a safety alert, without one, or always. */
  show?: string | null
}

export interface Section {
  name: string
  items: Item[]
}

export interface Checklist {
  code: string
  edition: number
  title: string
  sections: Section[]
}

/** What stands at an item: null is untouched, which is «Ikke kontrollert». */
export type Answers = (item: Item) => Json

/** The checklist that a purpose brings with it. */
const BY_PURPOSE: Readonly<Record<string, string>> = {
  move_in: 'NYVRI1',
  follow_up: 'NYVRI2',
  fire_safety: 'BRANNBOLIG',
  damage: 'FUKT',
  exit: 'OVERTA',
}
export const BEFORE_VISIT = 'SIKKER'

/** The answers an item may be given by thumb, in the order they stand. */
export const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  check: ['ok', 'deviation', 'not_relevant'],
  told: ['done', 'not_done'],
  scale_1_5: ['1', '2', '3', '4', '5'],
}
/** Where a run keeps what is no answer of few. */
const KEPT_IN: Readonly<Record<string, string>> = { number: 'numbers', count: 'numbers', text: 'remarks' }

/** The path of an item's answer in its run. */
export function answerPath(item: Item): string {
  return `${KEPT_IN[item.answer] ?? 'answers'}/${item.code}`
}

export function codeFor(purpose: string | null): string | null {
  return purpose === null ? null : (BY_PURPOSE[purpose] ?? null)
}

const known = new WeakMap<Shown['body'], Checklist>()

/** One record as a list to answer, its points in their own order. */
export function read(record: Shown): Checklist {
  const before = known.get(record.body)
  if (before) return before
  const points = Object.entries(record.body)
    .flatMap(([path, value]) => (path.startsWith('items/') ? [point(path.slice('items/'.length), value)] : []))
    .sort((left, right) => left.order - right.order || left.item.code.localeCompare(right.item.code))
  const sections = new Map<string, Section>()
  for (const { item } of points) {
    const section = sections.get(item.section)
    if (section) section.items.push(item)
    else sections.set(item.section, { name: item.section, items: [item] })
  }
  const { code, edition, title } = record.body
  const list = { code: String(code), edition: Number(edition), title: String(title), sections: [...sections.values()] }
  known.set(record.body, list)
  return list
}

function point(code: string, value: Json): { order: number; item: Item } {
  const parts = value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}
  const words = (name: string): string | null => (typeof parts[name] === 'string' ? parts[name] : null)
  const severity = words('severity')
  const item: Item = {
    code,
    section: words('section') ?? '',
    words: words('words') ?? code,
    hint: words('hint'),
    subject: words('subject') ?? 'dwelling',
    answer: words('answer') ?? 'check',
    critical: severity === 'critical',
    frequency: words('frequency') ?? 'every',
    severity,
    responsible: words('responsible') ?? 'team',
    inCompany: words('responsible_in_company'),
    photo: words('photo') ?? 'never',
    yes: words('yes'),
    no: words('no'),
    unit: words('unit'),
    choices: (words('choices') ?? '').split('\n').filter((line) => line !== ''),
    show: words('show'),
  }
  return { order: typeof parts['order'] === 'number' ? parts['order'] : 0, item }
}

/** The newest edition in use, and for what is answered already the very edition it was answered in. */
export function checklist(records: readonly Shown[], code: string, edition: number | null = null): Checklist | null {
  const mine = records.filter((one) => one.body['code'] === code).map((one) => ({ list: read(one), inUse: one.body['published'] === true }))
  const begun = mine.find((one) => one.list.edition === edition)
  if (begun) return begun.list
  const inUse = mine.filter((one) => one.inUse).sort((left, right) => right.list.edition - left.list.edition)
  return inUse[0]?.list ?? null
}

export function itemsOf(list: Checklist): Item[] {
  return list.sections.flatMap((section) => section.items)
}

/** The points that an edition has and an earlier one had not. */
export function newItems(before: Checklist, now: Checklist): Item[] {
  const had = new Set(itemsOf(before).map((item) => item.code))
  return itemsOf(now).filter((item) => !had.has(item.code))
}

/** «Trygt å gå alene?» and no more, unless there is an alert: then all that is asked because of it. */
export function asked(list: Checklist, alert: boolean): Section[] {
  const wanted = alert ? 'alert' : 'no_alert'
  return list.sections
    .map(({ name, items }) => ({ name, items: items.filter((item) => (item.show ?? wanted) === wanted) }))
    .filter((section) => section.items.length > 0)
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

/** Points answered «Avvik» that must have a picture, and have none. */
export function unpictured(items: readonly Item[], answers: Answers, isPictured: (item: Item) => boolean): Item[] {
  return items.filter((item) => item.photo === 'required_on_deviation' && answers(item) === 'deviation' && !isPictured(item))
}

/** Which run keeps an item: one per subject the contract knows; what is about the visit itself is kept with the dwelling. */
export function subjectOf(item: Item, subjects: readonly string[]): string {
  return subjects.includes(item.subject) ? item.subject : 'dwelling'
}

/** The words of a point, from a path such as `answers/NYVRI1-08`; null when the path is none of a checklist's. */
export function itemWords(records: readonly Shown[], path: string): string | null {
  const code = path.split('/')[1]
  const newestFirst = [...records].sort((left, right) => Number(right.body['edition']) - Number(left.body['edition']))
  for (const record of newestFirst) {
    const item = itemsOf(read(record)).find((one) => one.code === code)
    if (item) return item.words
  }
  return null
}
