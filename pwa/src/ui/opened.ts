/** What a screen opens of what the office has sent: the record, and of a home those who live there. */
import { app } from '../app.svelte'
import { isPersonal } from '../secrecy'
import { stringAt } from '../today'

export function openedOn(id: string): string[] {
  const record = app.record(id)
  if (!record || !app.known(id)) return []
  const living = record.kind === 'dwelling' ? app.records('tenancy').filter((one) => stringAt(one, 'dwelling') === id) : []
  const ids = new Set(living.map((one) => one.id))
  const contacts = ids.size > 0 ? app.records('contact').filter((one) => ids.has(stringAt(one, 'tenancy') ?? '')) : []
  return [record, ...living, ...contacts].filter((one) => isPersonal(one.kind)).map((one) => one.id)
}
