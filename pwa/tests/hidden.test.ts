// What is about the household is hidden while another than the tenant may stand beside the screen.
import { expect, it, vi } from 'vitest'
import type { Json, Shown } from '../src/app.svelte'
import { hiderOf } from '../src/ui/lookup'
import { dayOf } from '../src/words'

const records: Shown[] = []
vi.mock('../src/app.svelte', () => ({
  app: {
    record: (id: string) => records.find((one) => one.id === id) ?? null,
    records: (kind: string) => records.filter((one) => one.kind === kind),
  },
}))

const TODAY = dayOf(new Date())

function put(kind: string, id: string, body: Record<string, Json>): Shown {
  const made: Shown = { id, kind, body, pending: false, seq: 1, state: 'received' }
  records.push(made)
  return made
}
const status = (state: string, at: string): Json => ({ state, by: 'kari', at: `${at}T10:00:00.000Z` })

put('tenancy', 'theirs', { dwelling: 'home', started_on: '2026-01-01' })
put('tenancy', 'others', { dwelling: 'next', started_on: '2026-01-01' })
put('visit', 'strange', { dwelling: 'home', outcome: 'tenant_moved', visited_on: TODAY, status: status('submitted', TODAY) })
put('visit', 'before', { dwelling: 'home', outcome: 'completed', visited_on: '2026-02-01', status: status('returned', '2026-02-01') })
put('visit', 'writing', { dwelling: 'home', visited_on: TODAY, status: null })

const hider = (kind: string, body: Record<string, Json>): string | null => hiderOf(put(kind, crypto.randomUUID(), body))?.id ?? null

it('is hidden where it names the household, or the home that they live in', () => {
  for (const kind of ['conversation', 'agreement', 'assistance_request']) {
    expect([kind, hider(kind, { dwelling: 'home', tenancy: 'theirs' })]).toEqual([kind, 'strange'])
    expect([kind, hider(kind, { dwelling: 'home' })]).toEqual([kind, 'strange'])
    expect([kind, hider(kind, { dwelling: 'next', tenancy: 'others' })]).toEqual([kind, null])
  }
  expect(hider('safety_alert', { dwelling: 'home' })).toBe('strange')
  expect(hider('contact', { tenancy: 'theirs' })).toBe('strange')
})

it('is hidden with the visit that it hangs on, and not with one that is being written since', () => {
  expect(hider('conversation', { visit: 'before', dwelling: 'home', tenancy: 'theirs' })).toBe('strange')
  expect(hider('conversation', { visit: 'before' })).toBe('strange')
  expect(hider('conversation', { visit: 'writing', dwelling: 'home', tenancy: 'theirs' })).toBe(null)
  expect(hider('conversation', { visit: 'strange', dwelling: 'home' })).toBe(null)
})

it('is a visit to the household itself, and none to whoever lived there before', () => {
  expect(hider('visit', { dwelling: 'home', outcome: 'completed', visited_on: '2026-02-02', status: status('submitted', '2026-02-02') })).toBe('strange')
  const earlier = { dwelling: 'home', outcome: 'completed', visited_on: '2025-02-01', status: status('submitted', '2025-02-01') }
  expect(hider('visit', earlier)).toBe(null)
  put('visit', 'earlier', earlier)
  expect(hider('conversation', { visit: 'earlier', dwelling: 'home' })).toBe(null)
})

it('is shown with the visit that it hangs on where that was to a household that has moved', () => {
  put('tenancy', 'moved', { dwelling: 'fifth', started_on: '2020-01-01', ended: true })
  put('tenancy', 'moved in', { dwelling: 'fifth', started_on: '2026-01-01' })
  put('visit', 'opened', { dwelling: 'fifth', outcome: 'tenant_moved', visited_on: TODAY, status: status('submitted', TODAY) })
  put('visit', 'then', { dwelling: 'fifth', outcome: 'completed', visited_on: '2025-02-01', status: status('submitted', '2025-02-01') })
  expect(hider('conversation', { visit: 'then', dwelling: 'fifth', tenancy: 'moved' })).toBe(null)
})

it('is shown where it names another household of the home, and where nobody lives there now', () => {
  put('tenancy', 'former', { dwelling: 'third', started_on: '2020-01-01', ended: true })
  put('tenancy', 'now', { dwelling: 'third', started_on: '2026-01-01' })
  put('planned_visit', 'plan', { dwelling: 'third', tenancy: 'now' })
  put('visit', 'there', { dwelling: 'third', planned_visit: 'plan', outcome: 'tenant_moved', visited_on: TODAY, status: status('submitted', TODAY) })
  expect(hider('conversation', { dwelling: 'third' })).toBe('there')
  expect(hider('conversation', { dwelling: 'third', tenancy: 'now' })).toBe('there')
  expect(hider('conversation', { dwelling: 'third', tenancy: 'former' })).toBe(null)
  put('tenancy', 'gone', { dwelling: 'fourth', started_on: '2020-01-01', ended: true })
  put('visit', 'empty', { dwelling: 'fourth', outcome: 'tenant_moved', visited_on: TODAY, status: status('submitted', TODAY) })
  expect(hider('conversation', { dwelling: 'fourth' })).toBe(null)
  expect(hiderOf(null)).toBe(null)
})

it('is shown where it is about the home, and not about who lives there', () => {
  expect(hider('deviation', { dwelling: 'home' })).toBe(null)
  expect(hider('assignment', { dwelling: 'home' })).toBe(null)
})
