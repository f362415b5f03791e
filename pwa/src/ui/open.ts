/** Opens any record at any field: a part opens the whole it belongs to, and what has no page of its own its home or building. */
import { app } from '../app.svelte'
import { isShared } from '../programmes/programmes'
import { statusOf, stringAt } from '../today'

/** The kinds with a page of their own. */
const PAGES = new Set(['visit', 'dwelling', 'building', 'round', 'assignment', 'deviation', 'staff_incident'])

export function openRecord(id: string, kind: string, path: string | null): void {
  const record = app.record(id)
  const focus = path === null ? null : `${id}|${path}`
  for (const whole of ['visit', 'round']) {
    const at = stringAt(record, whole)
    if (at !== null) return app.go(whole, at, focus)
  }
  if (PAGES.has(kind) || isShared(kind)) return app.go(kind, id, focus)
  if (kind === 'conversation') return statusOf(record) === 'draft' ? app.go('new', id) : app.go('conversation', id, focus)
  if (kind === 'check_in') return app.go('alone')
  const home = stringAt(record, 'dwelling')
  app.go(home === null ? 'building' : 'dwelling', home ?? stringAt(record, 'building'), focus)
}
