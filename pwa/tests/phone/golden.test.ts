// The phone folds every reply that the server's own tests have recorded, and is left with nothing waiting.
import { describe, expect, it } from 'vitest'
import { install, pack, startVault, type Reply } from '../../../sync/phone'

const replies = import.meta.glob<Reply>('../../../tests/golden/*.reply.json', { eager: true, import: 'default' })
const names = Object.keys(replies).sort()

describe('the recorded replies', () => {
  it('are there', () => { expect(names).not.toEqual([]) })

  it.each(names)('%s is folded whole', (name) => {
    const reply = replies[name]
    if (reply === undefined) throw new Error(name)
    const state = startVault(reply.access?.user ?? 'nobody', 'r', 1)
    const after = install(state, reply, pack(state).sent).state
    expect(after.incarnation).toBe(reply.incarnation)
    expect(after.cursor).toBe(reply.cursor ?? null)
    expect([...after.base.keys()].sort()).toEqual((reply.puts ?? []).map((one) => one.id).sort())
    for (const put of reply.puts ?? []) expect(after.base.get(put.id)).toMatchObject({ kind: put.kind, seq: put.seq, in: put.in, body: put.body })
    expect(after.rows).toEqual([])
  })
})
