import { describe, expect, it } from 'vitest'
import { list, show, type Body, type Shown } from '../../sync/phone'
import { KINDS } from '../src/contract'
import { deviationId, returnable, returned } from '../src/views'
import { KARI, put, SCOPES, Vault, type Put } from './phone/vault'

const OFFICE = 'ingrid'
const MINE = `me:${KARI}:1`
const back = (comments?: Record<string, string>): Body => ({ status: { state: 'returned', by: OFFICE, at: '2026-11-23T09:00:00.000Z', ...(comments && { comments }) } })

/** What the phone lists when the office has sent these back. */
function listed(puts: Put[], whole: readonly string[] = []): { whole: string; id: string; path: string; comment: string }[] {
  const { state } = new Vault().answer({ puts, access: { version: 1, user: KARI, scopes: [...SCOPES, MINE, `${MINE}:visit`] } })
  const records = returnable(KINDS).flatMap((kind) => list(state, kind))
  const wholeOf = (): Shown[] => whole.flatMap((id) => show(state, id) ?? [])
  return returned(state, records, wholeOf).map(({ whole, id, path, comment }) => ({ whole: whole.id, id, path, comment }))
}

describe('«Sendt tilbake til deg»', () => {
  it('has every kind that is handed in, each at the very field', () => {
    const kinds = ['deviation', 'conversation', 'assistance_request', 'safety_alert', 'checklist_run', 'agreement']
    const items = listed(kinds.map((kind, at) => put(kind, at + 1, back({ words: `om ${kind}` }), [MINE], kind)))
    expect(items.map((item) => item.id).sort()).toEqual([...kinds].sort())
    expect(items).toContainEqual({ whole: 'deviation', id: 'deviation', path: 'words', comment: 'om deviation' })
  })

  it('gathers what came back with a visit under the visit, its deviations too, and each only once', () => {
    const deviation = deviationId('run', 'FUKT-01')
    const items = listed(
      [
        put(deviation, 1, back({ words: 'Hvor?' }), [MINE], 'deviation'),
        put('talk', 2, { visit: 'v', ...back({ summary: 'Kortere.' }) }, [MINE], 'conversation'),
        put('v', 3, back(), [MINE]),
      ],
      ['v', 'talk', deviation],
    )
    expect(items).toEqual([
      { whole: 'v', id: 'talk', path: 'summary', comment: 'Kortere.' },
      { whole: 'v', id: deviation, path: 'words', comment: 'Hvor?' },
    ])
  })

  it('is mine to put right only where I wrote, not where I am one of those it is confided to', () => {
    expect(listed([put('theirs', 1, back(), ['area:1:home', `${MINE}:visit`], 'conversation')])).toEqual([])
    expect(listed([put('mine', 1, back(), ['area:1:home', MINE], 'conversation')])).toEqual([{ whole: 'mine', id: 'mine', path: 'status', comment: '' }])
  })

  it('lets go of what is sent in again', () => {
    expect(listed([put('x', 1, { status: { state: 'submitted', by: KARI } }, [MINE], 'deviation')])).toEqual([])
  })
})
