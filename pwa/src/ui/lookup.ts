/** Records by what a field of theirs points at, gathered once for each state of the list; gone with the list when the app locks. */
import { app } from '../app.svelte'
import type { Shown } from '../app.svelte'
import { addMonths } from '../days'
import { isHiddenBy, isStrangers, strangeAmong, stringAt } from '../today'
import { dayOf } from '../words'
import { fieldsOf } from './fields'

const gathered = new WeakMap<readonly Shown[], Map<string, Map<string, Shown[]>>>()

/** Every record of `kind` whose `field` is `id`. */
export function pointingAt(kind: string, field: string, id: string | null): readonly Shown[] {
  if (id === null) return []
  const records = app.records(kind)
  const fields = gathered.get(records) ?? new Map<string, Map<string, Shown[]>>()
  gathered.set(records, fields)
  let byId = fields.get(field)
  if (!byId) {
    byId = new Map()
    for (const record of records) {
      const at = stringAt(record, field)
      if (at === null) continue
      const list = byId.get(at)
      if (list) list.push(record)
      else byId.set(at, [record])
    }
    fields.set(field, byId)
  }
  return byId.get(id) ?? []
}

/** Whose home it was at a visit: as its plan says, else as what was written there says. */
export function tenancyOf(visit: Shown): string | null {
  const planned = app.record(stringAt(visit, 'planned_visit') ?? '')
  const parts = [...pointingAt('checklist_run', 'visit', visit.id), ...pointingAt('conversation', 'visit', visit.id)]
  return [planned, ...parts].map((one) => stringAt(one, 'tenancy')).find((id) => id !== null) ?? null
}

/** Where nothing says whose home it was, it was theirs who live there since before. */
function isWith(tenancy: Shown, visit: Shown): boolean {
  const since = (stringAt(visit, 'visited_on') ?? '') >= (stringAt(tenancy, 'started_on') ?? '')
  return (tenancyOf(visit) ?? (since ? tenancy.id : null)) === tenancy.id
}

/** The visit at which another than the tenant opened; null where the tenant may be shown. */
export function strangerAt(tenancy: Shown | null): Shown | null {
  if (tenancy === null) return null
  const there = pointingAt('visit', 'dwelling', stringAt(tenancy, 'dwelling'))
  if (!there.some(({ body }) => isStrangers(body['outcome']))) return null
  return strangeAmong(there.filter((visit) => isWith(tenancy, visit)), dayOf(new Date()))
}

/** Is the kind about a household, whether or not a record of it says which? */
const isAboutTenant = (kind: string): boolean => kind === 'safety_alert' || fieldsOf(kind).some((field) => field.name === 'tenancy')

/**
 * The visit at which another than the tenant opened, where that hides this record too; else null. What hangs on a visit is
 * hidden with it; what names no household is about the one that lives there now.
 */
export function hiderOf(record: Shown | null): Shown | null {
  if (record === null) return null
  const visit = record.kind === 'visit' ? record : app.record(stringAt(record, 'visit') ?? '')
  if (visit === null && !isAboutTenant(record.kind)) return null
  const own = app.record(stringAt(record, 'tenancy') ?? '')
  const here = visit === null && own ? [own] : pointingAt('tenancy', 'dwelling', stringAt(visit ?? record, 'dwelling')).filter((one) => one.body['ended'] !== true)
  for (const tenancy of here) {
    const strange = strangerAt(tenancy)
    if (strange !== null && (visit === null || (isHiddenBy(strange, visit) && isWith(tenancy, visit)))) return strange
  }
  return null
}

/** Whom to call in a tenancy or a housing company, the tenant first; empty where this phone may not know, or must not show. */
export function contactsOf(field: 'tenancy' | 'housing_company', id: string | null): Shown[] {
  if (field === 'tenancy' && id !== null && strangerAt(app.record(id)) !== null) return []
  const rank = (contact: Shown): number => (contact.body['role'] === 'tenant' ? 0 : 1)
  return [...pointingAt('contact', field, id)].sort((left, right) => rank(left) - rank(right) || left.id.localeCompare(right.id))
}

/** How long after its approval an alert is shown at most, whatever day is written on it. */
const ALERT_MONTHS = 6

/** The last day that an approved alert is shown; empty for one that is not approved. */
export function alertEnds(alert: Shown): string {
  const status = alert.body['status']
  if (status === null || typeof status !== 'object' || Array.isArray(status) || status['state'] !== 'approved') return ''
  const until = stringAt(alert, 'valid_until') ?? ''
  const at = typeof status['at'] === 'string' ? new Date(status['at']) : null
  const last = at === null || Number.isNaN(at.getTime()) ? until : addMonths(dayOf(at), ALERT_MONTHS)
  return until < last ? until : last
}

/** What to know before the door: approved and not run out. */
export function alertsAt(dwelling: string | null, today: string): Shown[] {
  return pointingAt('safety_alert', 'dwelling', dwelling).filter((alert) => alertEnds(alert) >= today)
}

/** The areas that I have homes in, by id. */
export function areasHere(): string[] {
  return [...new Set(app.records('building').flatMap((building) => stringAt(building, 'area') ?? []))]
}
