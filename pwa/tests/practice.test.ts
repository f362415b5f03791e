import { describe, expect, it } from 'vitest'
import { KINDS } from '../src/contract'
import { PRACTISING, ROOM } from '../src/practice'
import { practiceRecords } from '../src/practice_records'
import { answerPractice } from '../src/practice_wire'

const ME = '018f2c5e-0000-7000-8000-000000000003'
const records = practiceRecords(ME, '2026-11-29')

describe('the practice town', () => {
  it('is made of the kinds and fields that the contract has, with all that is required', () => {
    for (const { kind, body } of records) {
      const fields = KINDS[kind]?.fields ?? []
      const known = new Set(fields.map((field) => field.name))
      const names = new Set(Object.keys(body).map((path) => path.split('/')[0] ?? path))
      expect([kind, [...names].filter((name) => !known.has(name))]).toEqual([kind, []])
      expect([kind, fields.filter((field) => field.required && !names.has(field.name)).map((field) => field.name)]).toEqual([kind, []])
    }
  })

  it('points at nothing that is not in it', () => {
    const ids = new Set(records.map((record) => record.id))
    const refs = records.flatMap(({ kind, body }) => (KINDS[kind]?.fields ?? []).filter((field) => field.shape === 'ref' && body[field.name]).map((field) => body[field.name]))
    expect(refs.length).toBeGreaterThan(10)
    expect(refs.filter((id) => !ids.has(String(id)))).toEqual([])
  })

  it('has every point of the real checklists', () => {
    const lists = records.filter((record) => record.kind === 'checklist')
    expect(lists.length).toBeGreaterThan(10)
    for (const { body } of lists) {
      const items = Object.entries(body).filter(([path]) => path.startsWith('items/'))
      for (const [, item] of items) expect(item).toMatchObject({ order: expect.any(Number), section: expect.any(String), words: expect.any(String), answer: expect.any(String) })
    }
  })
})

describe('the practice line', () => {
  it('is not there unless the page was opened to practise', () => {
    expect([PRACTISING, ROOM]).toEqual([false, 'oppgang'])
  })

  it('gives the town once, and after that nobody answers', async () => {
    const me = (await (await answerPractice('/api/v1/me')).json()) as { user: string; sealing_key: { public: string } }
    expect(me.sealing_key.public.length).toBeGreaterThan(80)
    const reply = (await (await answerPractice('/api/v1/sync')).json()) as { puts: unknown[]; results: unknown[]; access: { user: string } }
    expect([reply.puts.length, reply.results, reply.access.user]).toEqual([records.length, [], me.user])
    await expect(answerPractice('/api/v1/sync')).rejects.toThrow(TypeError)
  })

  it('takes no parcel, no photo and no log-out', async () => {
    for (const path of ['/api/v1/parcels', '/api/v1/attachments/x', '/api/v1/logout', '/api/v1/health']) {
      await expect(answerPractice(path)).rejects.toThrow(TypeError)
    }
  })
})
