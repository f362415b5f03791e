import { describe, expect, it } from 'vitest'
import { asLast, headAsLast, isTakenOver, lastLike, markPath, MARK, untouched } from '../src/as_last'
import type { Json, Shown } from '../src/app.svelte'
import { answerPath, codeFor, type Checklist, type Item } from '../src/checklists'

const point = (code: string, answer: string, critical = false): Item =>
  ({ code, section: 's', words: code, hint: null, subject: 'tenancy', answer, critical, frequency: 'every', severity: null, responsible: 'team', inCompany: null, photo: 'never' })
const LIST: Checklist = {
  code: codeFor('follow_up') ?? '',
  edition: 1,
  title: '',
  sections: [{ name: 's', items: [point('plain', 'check'), point('fault', 'check'), point('fire', 'check', true), point('told', 'told'), point('how', 'scale_1_5'), point('new', 'told')] }],
}
const LAST: Record<string, Json> = { plain: 'ok', fault: 'deviation', fire: 'ok', told: 'done', how: '4' }

function visit(id: string, body: Record<string, Json>): Shown {
  const standing = { purpose: 'follow_up', outcome: 'completed', visited_on: '2026-08-01', status: { state: 'submitted' } }
  return { id, kind: 'visit', body: { ...standing, ...body }, pending: false, seq: 1, state: 'received' }
}

describe('«Som sist»', () => {
  it('answers what is plain, and never what is critical, a fault, or the resident’s own to say', () => {
    const filled = asLast(LIST, (item) => LAST[item.code] ?? null, () => null)
    expect(filled.map(({ item, value }) => [item.code, value])).toEqual([['plain', 'ok']])
  })

  it('leaves what is answered already', () => {
    expect(asLast(LIST, (item) => LAST[item.code] ?? null, (item) => (item.code === 'plain' ? 'deviation' : null))).toEqual([])
  })

  it('is the latest of the same household and purpose that was carried out and handed in', () => {
    const visits = [
      visit('old', { visited_on: '2026-05-01' }),
      visit('last', {}),
      visit('draft', { visited_on: '2026-10-01', status: { state: 'draft' } }),
      visit('closed', { visited_on: '2026-10-02', outcome: 'no_answer' }),
      visit('other', { visited_on: '2026-10-03', purpose: 'move_in' }),
      visit('strangers', { visited_on: '2026-10-04' }),
      visit('now', { visited_on: '2026-10-05' }),
    ]
    const like = { id: 'now', purpose: 'follow_up', tenancy: 't' }
    expect(lastLike(like, visits, ({ id }) => (id === 'strangers' ? 'before' : 't'))?.id).toBe('last')
    expect(lastLike(like, visits, () => null)).toBeNull()
  })

  it('takes of the head what is about the household, where nothing stands', () => {
    const last = visit('last', { interpreter: 'phone', language: 'Somali', 'present/tenant': true, 'present/child': null, access_basis: 'agreed_voluntary' })
    expect(headAsLast(last, (path) => (path === 'language' ? 'Dari' : null))).toEqual({ interpreter: 'phone' })
  })

  it('asks for no language where nobody is to interpret, whoever says so', () => {
    const last = visit('last', { interpreter: 'phone', language: 'Somali' })
    expect(headAsLast(last, () => null)).toEqual({ interpreter: 'phone', language: 'Somali' })
    expect(headAsLast(last, (path) => (path === 'interpreter' ? 'not_needed' : null))).toEqual({})
    expect(headAsLast(visit('last', { interpreter: 'not_needed', language: 'Somali' }), () => null)).toEqual({ interpreter: 'not_needed' })
    expect(headAsLast(visit('last', { language: 'Somali' }), () => null)).toEqual({})
  })

  it('takes over no interpreter that was missing or unqualified: that is about that day, and a fault', () => {
    for (const interpreter of ['missing', 'unqualified']) {
      const last = visit('last', { interpreter, language: 'Somali' })
      expect(headAsLast(last, () => null)).toEqual({})
      expect(headAsLast(last, (path) => (path === 'interpreter' ? 'phone' : null))).toEqual({ language: 'Somali' })
    }
  })

  it('is said beside no answer that it does not give, though its mark was left there', () => {
    expect(['ok', 'not_relevant', 'deviation', null].map((value) => isTakenOver(point('plain', 'check'), value))).toEqual([true, true, false, false])
    expect(isTakenOver(point('told', 'told'), 'done')).toBe(false)
  })

  it('takes back what it filled in, and nothing that was put right since', () => {
    const [kept, mended, again] = [point('kept', 'check'), point('mended', 'check'), point('again', 'check')]
    const filled = { points: [kept, mended, again].map((item) => ({ item, value: 'ok' })), head: { interpreter: 'phone', language: 'Somali' } }
    const now: Record<string, Json> = {
      [answerPath(kept)]: 'ok',
      [markPath(kept)]: MARK,
      [answerPath(mended)]: 'deviation',
      [markPath(mended)]: MARK,
      [answerPath(again)]: 'ok',
      interpreter: 'present',
      language: 'Somali',
    }
    const back = untouched(filled, (path) => now[path] ?? null)
    expect(back.points.map(({ item }) => item.code)).toEqual(['kept'])
    expect(back.head).toEqual({ language: 'Somali' })
  })
})
