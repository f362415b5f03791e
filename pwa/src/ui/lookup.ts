/** Records by what a field of theirs points at, gathered once for each state of the list; gone with the list when the app locks. */
import { app } from '../app.svelte'
import type { Shown } from '../app.svelte'
import { stringAt } from '../today'

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

/** Whom to call in a tenancy or a housing company, the tenant first; empty where this phone may not know. */
export function contactsOf(field: 'tenancy' | 'housing_company', id: string | null): Shown[] {
  const rank = (contact: Shown): number => (contact.body['role'] === 'tenant' ? 0 : 1)
  return [...pointingAt('contact', field, id)].sort((left, right) => rank(left) - rank(right) || left.id.localeCompare(right.id))
}

/** What to know before the door: approved and not run out. */
export function alertsAt(dwelling: string | null, today: string): Shown[] {
  return pointingAt('safety_alert', 'dwelling', dwelling).filter((alert) => {
    const status = alert.body['status']
    const approved = status !== null && typeof status === 'object' && !Array.isArray(status) && status['state'] === 'approved'
    return approved && (stringAt(alert, 'valid_until') ?? '') >= today
  })
}
