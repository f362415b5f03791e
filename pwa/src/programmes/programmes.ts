/** Which kinds make up each programme, what hangs on what, and what a new record is born with: read from the contract. Pure. */
import type { Json, Shown } from '../app.svelte'
import { KINDS } from '../contract'
import type { FieldContract } from '../contract'
import { isBeside } from './keyed'

export const PROGRAMMES = {
  neighbours: ['conflict_case', 'complaint'],
  follow_up: ['follow_up_plan', 'offer', 'referral', 'housing_need', 'arrears_case'],
  housing_first: ['hf_participant', 'fidelity_assessment'],
  events: ['event', 'activity'],
  neighbourhood: ['neighbourhood', 'resident_input', 'measure', 'meeting_place'],
  companies: ['housing_company', 'programme_site', 'learning'],
  keys: ['key_handover'],
} as const satisfies Record<string, readonly string[]>

export type Programme = keyof typeof PROGRAMMES

/** Kinds that have screens of their own, or are nobody's to begin by hand. */
const APART = new Set([
  ...['area', 'colleague', 'dwelling', 'building', 'tenancy', 'contact', 'planned_visit', 'checklist', 'review', 'receipt'],
  ...['visit', 'round', 'deviation', 'assignment', 'conversation', 'checklist_run', 'agreement', 'assistance', 'assistance_request'],
  ...['addendum', 'attachment', 'site_figures', 'absence', 'check_in', 'staff_incident', 'emergency_number', 'cooperation_agreement'],
])
/** What one may begin from a home, in the order of the list. */
export const AT_HOME = ['complaint', 'offer', 'follow_up_plan', 'referral', 'housing_need', 'arrears_case', 'key_handover', 'access_notice', 'safety_alert'] as const
const NEVER_TYPED = new Set(['status', 'handling', 'instant', 'user_ref', 'anything', 'picture'])
/** How it ended, which nobody asks while it begins. */
const ENDINGS: ReadonlySet<string> = new Set(['ended_on', 'end_reason', 'left_on', 'left_reason', 'closed_on', 'outcome'])
const TEAMS = ['team', 'who'] as const

export interface Below {
  kind: string
  /** The field that points at what is above. */
  field: string
}

export interface Section {
  name: string | null
  fields: readonly FieldContract[]
}

/** True when one of these roles may write such a record somewhere. */
export function mayWrite(kind: string, roles: readonly string[]): boolean {
  return roles.some((role) => KINDS[kind]?.writers.includes(role))
}

/** True when a record of this kind is drawn by the one screen that all programmes share. */
export function isShared(kind: string): boolean {
  return kind in KINDS && !APART.has(kind)
}

/** The kinds that hang on a record of this kind, in the order of the contract. */
export function below(kind: string): Below[] {
  return Object.values(KINDS).flatMap((one) => {
    if (!isShared(one.name) || one.name === kind) return []
    const field = one.fields.find(({ to, retired }) => to === kind && retired === null)
    return field ? [{ kind: one.name, field: field.name }] : []
  })
}

/** Life from draft to approved: handed in with «Ferdig». What has none is sent in as it is written. */
export function hasLife(kind: string): boolean {
  return KINDS[kind]?.fields.some(({ shape }) => shape === 'status') ?? false
}

/** The field that says how far the work has come; null where there is none. */
export function handlingOf(kind: string): FieldContract | null {
  return KINDS[kind]?.fields.find(({ shape }) => shape === 'handling') ?? null
}

/** What is typed, by section; where it is, is asked in a way of its own. */
export function sectionsOf(kind: string): Section[] {
  const sections = new Map<string | null, FieldContract[]>()
  for (const field of KINDS[kind]?.fields ?? []) {
    if (field.server || field.retired !== null || NEVER_TYPED.has(field.shape) || isPlace(field) || isBeside(kind, field)) continue
    const list = sections.get(field.section)
    if (list) list.push(field)
    else sections.set(field.section, [field])
  }
  return [...sections].map(([name, fields]) => ({ name, fields }))
}

/** True for what is said when something ends. */
export function isEnding(field: FieldContract): boolean {
  return ENDINGS.has(field.name) && !field.required
}

/** A home, its tenancy or a building: chosen by finding the place. */
export function isPlace(field: FieldContract): boolean {
  return field.to === 'dwelling' || field.to === 'building' || field.to === 'tenancy'
}

/** The place that a kind has: a home, a building, either, or none. */
export function placed(kind: string): { home: boolean; house: boolean; tenancy: boolean } {
  const to = new Set(KINDS[kind]?.fields.map((field) => field.to))
  return { home: to.has('dwelling'), house: to.has('building'), tenancy: to.has('tenancy') }
}

/** What a record takes over from the one it hangs on: where it is. */
export function inherited(kind: string, above: Shown): Record<string, Json> {
  const same = (KINDS[kind]?.fields ?? []).filter((field) => (isPlace(field) || field.to === 'area') && above.body[field.name])
  return Object.fromEntries(same.map(({ name }) => [name, above.body[name] ?? null]))
}

export interface Birth {
  me: string
  today: string
  now: string
  /** Areas that I have homes in; one alone is chosen beforehand. */
  areas: readonly string[]
}

/** What a record is born with: what it hangs on, the day, and me where somebody must be named. */
export function born(kind: string, birth: Birth, above: Readonly<Record<string, Json>> = {}): Record<string, Json> {
  const fields = KINDS[kind]?.fields ?? []
  const values: Record<string, Json> = {}
  const [area] = birth.areas
  for (const { name, shape, required, server, to, retired } of fields) {
    if (server || retired !== null) continue
    if (to === 'area' && birth.areas.length === 1 && area !== undefined) values[name] = area
    if (!required) continue
    if (shape === 'day') values[name] = birth.today
    if (shape === 'instant') values[name] = birth.now
    if (shape === 'user_ref') values[name] = birth.me
  }
  const team = TEAMS.find((name) => fields.some((field) => field.name === name && field.holds === 'user'))
  return { ...values, ...(team && { [`${team}/${birth.me}`]: true }), ...above }
}

/** The programmes that these roles work in, or that this phone has records of. */
export function programmesOf(roles: readonly string[], has: (kind: string) => boolean): Programme[] {
  const names = Object.keys(PROGRAMMES) as Programme[]
  return names.filter((name) => PROGRAMMES[name].some((kind) => mayWrite(kind, roles) || has(kind)))
}

/** The members of a set, sorted. */
export function membersAt(record: Shown | null, name: string): string[] {
  const paths = Object.entries(record?.body ?? {}).filter(([path, on]) => on === true && path.startsWith(`${name}/`))
  return paths.map(([path]) => path.slice(name.length + 1)).sort()
}
