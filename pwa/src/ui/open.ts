/** Opens any record at any field: a part of a visit opens the visit, anything else its home. */
import { app } from '../app.svelte'
import { stringAt } from '../today'

export function openRecord(id: string, kind: string, path: string | null): void {
  const record = app.record(id)
  const focus = path === null ? null : `${id}|${path}`
  const whole = kind === 'visit' ? id : stringAt(record, 'visit')
  if (whole !== null) app.go('visit', whole, focus)
  else if (kind === 'dwelling') app.go('dwelling', id, focus)
  else app.go('dwelling', stringAt(record, 'dwelling'), focus)
}
