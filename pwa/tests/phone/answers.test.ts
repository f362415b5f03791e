// What is sent, and what an answer may do: pack and install (I-1, I-7, I-9, I-11, I-12, I-18, I-20, I-24).
import { describe, expect, it } from 'vitest'
import {
  FULL, canonical, counts, inCustody, install, itemState, list, mutationOf, onePerId, pack, receiptId, reviewId, setAside, show, startReplica, unapplied,
  type Json, type Reply,
} from '../../../sync/phone'
import { DAY_MS, HOME, KARI, REPLICA, SCOPES, Vault, put } from './vault'

const ns = (vault: Vault, limit = FULL as { rows: number; bytes: number }): number[] => pack(vault.state, limit).push.map((one) => one.n)
const receipt = (mid: string, seq: number, state: string, more: Record<string, Json> = {}) =>
  put(receiptId(mid), seq, { mid, replica: REPLICA, n: 1, state, author: KARI, about: 'x', about_kind: 'visit', reason: null, reviews: [], set: null, by: KARI, ...more }, [`me:${KARI}`], 'receipt')

describe('pack', () => {
  it('sends frozen rows in n order and never the one being typed', () => {
    const vault = new Vault().edit('a', { phone: '1' })
    vault.type(vault.form('b'), 'phone', '1')
    vault.state = { ...vault.state, rows: [...vault.state.rows, { ...vault.row(1), mid: 'later', n: 3 }].reverse() }
    expect(ns(vault)).toEqual([1, 3])
  })

  it('cuts at the limit of rows and of bytes, but always sends one', () => {
    const vault = new Vault()
    for (const id of ['a', 'b', 'c']) vault.edit(id, { notes: 'æ'.repeat(1000) })
    expect(ns(vault, { rows: 2, bytes: FULL.bytes })).toEqual([1, 2])
    const one = new TextEncoder().encode(canonical(mutationOf(vault.row(1)) as unknown as Json)).length
    expect(one).toBeGreaterThan(2000)
    expect(ns(vault, { rows: 500, bytes: 2 * (one + 1) })).toEqual([1, 2])
    expect(ns(vault, { rows: 500, bytes: 2 * (one + 1) - 1 })).toEqual([1])
    expect(ns(vault, { rows: 0, bytes: 0 })).toEqual([1])
  })

  it('says where the vault stands, so that the answer can be held against it', () => {
    const vault = new Vault().loaded()
    expect(pack(vault.state).sent).toEqual({ user: KARI, replica: REPLICA, incarnation: 'i1', cursor: 'c+' })
  })

  it('leaves a row that the server cannot read to the parcels, and its neighbours go on', () => {
    const vault = new Vault().edit('a', { phone: '1' }).edit('b', { phone: '1' })
    vault.take(setAside(vault.state, vault.row(1).mid))
    expect(ns(vault)).toEqual([2])
    expect(itemState(vault.state, 'a')).toBe('check')
    expect(counts(vault.state).unsent).toBe(2)
  })

  it('asks on about a row whose parcel was taken, but no longer counts it as unsent', () => {
    const vault = new Vault().edit('a', { phone: '1' })
    vault.take(inCustody(vault.state, [vault.row(1).mid]))
    expect([ns(vault), counts(vault.state).unsent, itemState(vault.state, 'a')]).toEqual([[1], 0, 'received'])
  })

  it('a mutation travels without what is the phone’s own, in canonical bytes', () => {
    const vault = new Vault().edit('a', { phone: 'æ' })
    expect(canonical(mutationOf(vault.row(1)) as unknown as Json)).toBe(
      `{"author":"${KARI}","captured_at":"2026-03-02T08:00:00.000Z","contract":1,"happened_at":"2026-03-02T08:00:00.000Z","id":"a","kind":"visit","mid":"cccccccc-0000-7000-8000-000000000001","n":1,"offset_ms":0,"op":"create","replica":"${REPLICA}","seen":{},"set":{"phone":"æ"}}`,
    )
  })
})

describe('custody (I-1, I-9)', () => {
  it('a row waits in the outbox until the server answers for its very mid', () => {
    const vault = new Vault().loaded().edit('x', { phone: '1' })
    vault.answer({ results: [{ mid: 'somebody else’s', state: 'applied', seq: 3 }], covered: 9 })
    expect(vault.states()).toEqual(['1 frozen'])
    expect(counts(vault.state).unsent).toBe(1)
  })

  it('stays over the base, pending but no longer unsent, until the feed has covered it', () => {
    const vault = new Vault().loaded(put('x', 5, { phone: '1' })).edit('x', { phone: '2' })
    vault.answer({ results: [vault.result(1, 'applied', { seq: 9 })], covered: 8 })
    expect([vault.states(), counts(vault.state).unsent, show(vault.state, 'x')?.body.phone]).toEqual([['1 sent'], 0, '2'])
    vault.answer({ puts: [put('x', 9, { phone: '2' })], covered: 9 })
    expect([vault.states(), show(vault.state, 'x')?.pending]).toEqual([['1 covered'], false])
    expect(ns(vault)).toEqual([])
  })

  it('0 is a position: covered 0 lets a row with seq 0 go, no covered at all lets none go', () => {
    const vault = new Vault().loaded().edit('x', { phone: '1' })
    vault.state = { ...vault.state, covered: null }
    const answer = { ...vault.reply({ results: [vault.result(1, 'applied', { seq: 0 })] }), covered: null }
    expect(install(vault.state, answer, pack(vault.state).sent).state.rows[0]?.state).toBe('sent')
    expect(install(vault.state, { ...answer, covered: 0 }, pack(vault.state).sent).state.rows[0]?.state).toBe('covered')
  })

  it('stays while pages are still to come: its record may have moved on past the page', () => {
    const vault = new Vault().loaded(put('x', 7, { phone: '1' })).edit('x', { phone: '2' })
    vault.answer({ results: [vault.result(1, 'applied', { seq: 31 })], covered: 34, more: true })
    expect([vault.states(), show(vault.state, 'x')?.body['phone']]).toEqual([['1 sent'], '2'])
    vault.answer({ puts: [put('x', 49, { phone: '2', told: true })], covered: 49 })
    expect([vault.states(), show(vault.state, 'x')?.body['phone']]).toEqual([['1 covered'], '2'])
  })

  it('covered follows the feed down too, when a new scope is loading', () => {
    const vault = new Vault().loaded(put('x', 5, {})).answer({ covered: 50 }).edit('x', { phone: '1' })
    vault.answer({ results: [vault.result(1, 'applied', { seq: 20 })], covered: 3 })
    expect(vault.states()).toEqual(['1 sent'])
  })

  it('keeps what was covered for seven days by the server’s clock', () => {
    const vault = new Vault().loaded().edit('x', { phone: '1' })
    vault.answer({ results: [vault.result(1, 'applied', { seq: 1 })], covered: 1 })
    vault.now += 7 * DAY_MS
    expect(vault.answer({ covered: 1 }).states()).toEqual(['1 covered'])
    vault.now += 1
    expect(vault.answer({ covered: 1 }).states()).toEqual([])
    expect(vault.disk.rows.size).toBe(0)
  })
})

describe('a late answer', () => {
  const asked = () => {
    const vault = new Vault().loaded(put('x', 5, { phone: '1' })).edit('x', { phone: '2' })
    return { vault, sent: pack(vault.state).sent, late: vault.reply({ results: [vault.result(1, 'applied', { seq: 8 })], puts: [put('x', 8, { phone: '2' })], leaves: ['y'], covered: 8 }) }
  }

  it.each([
    ['cursor', { cursor: 'elsewhere' }],
    ['replica', { replica: 'another' }],
    ['user', { user: 'another' }],
  ])('counts for its rows but brings no news when the %s is no longer what was sent', (_name, other) => {
    const { vault, sent, late } = asked()
    vault.take(install(vault.state, late, { ...sent, ...other }))
    expect(vault.states()).toEqual(['1 sent'])
    expect([vault.state.base.get('x')?.seq, vault.state.cursor]).toEqual([5, 'c+'])
  })

  it('of a server that has since been restored says nothing at all: the row is asked about again', () => {
    const { vault, sent, late } = asked()
    vault.answer({ incarnation: 'i2' }).take(install(vault.state, late, sent))
    expect([vault.states(), vault.state.incarnation]).toEqual([['1 frozen'], 'i2'])
  })

  it('never moves a record backwards (I-7)', () => {
    const vault = new Vault().loaded(put('x', 5, { phone: 'new' })).answer({ puts: [put('x', 4, { phone: 'old' })], covered: 5 })
    expect(vault.state.base.get('x')).toMatchObject({ seq: 5, body: { phone: 'new' } })
  })

  it('installs a changed membership at the same seq', () => {
    const vault = new Vault().loaded(put('x', 5, {})).answer({ puts: [put('x', 5, {}, [HOME, 'org'])], covered: 6 })
    expect(vault.state.base.get('x')?.in).toEqual([HOME, 'org'])
  })

  it('a client too old gets its results and keeps what it has', () => {
    const { vault, sent } = asked()
    const reply: Reply = vault.reply({ results: [vault.result(1, 'applied', { seq: 8 })], policy: { too_old: true } })
    delete (reply as { cursor?: string }).cursor
    vault.take(install(vault.state, reply, sent))
    expect([vault.states(), vault.state.cursor, vault.state.base.size]).toEqual([['1 sent'], 'c+', 1])
  })
})

describe('access (I-11)', () => {
  const held = () => new Vault().loaded(put('x', 5, {}), put('o', 4, {}, ['org', HOME], 'area')).edit('x', { phone: '1' })

  it('a list without a scope purges what stood in that alone, never the outbox', () => {
    const vault = held().answer({ access: { version: 2, user: KARI, scopes: ['org', `me:${KARI}`] }, covered: 6 })
    expect([...vault.state.base.keys()]).toEqual(['o'])
    expect(vault.state.base.get('o')?.in).toEqual(['org'])
    expect(vault.states()).toEqual(['1 frozen'])
    expect([...vault.disk.base.keys()]).toEqual(['o'])
  })

  it.each([
    ['names another user', { version: 2, user: 'another', scopes: ['org', 'me:another'] }],
    ['names another user with my scopes', { version: 2, user: 'another', scopes: SCOPES }],
    ['is cut short', { version: 2, user: KARI, scopes: ['org'] }],
    ['is empty', { version: 2, user: KARI, scopes: [] }],
    ['has no scopes', { version: 2, user: KARI } as never],
  ])('a list that %s moves nothing, and is asked for again', (_name, access) => {
    const vault = held().answer({ access, leaves: ['x', 'o'], covered: 6 })
    expect([vault.state.base.size, vault.state.cursor, vault.state.access?.version]).toEqual([2, 'c+', 1])
  })

  it('no list at all purges nothing', () => {
    expect(held().answer({ covered: 6 }).state.base.size).toBe(2)
  })

  it('a record that left takes its base along; unsent work on it stays in the outbox', () => {
    const vault = held().answer({ leaves: ['x'], covered: 6 })
    expect([vault.state.base.has('x'), vault.states()]).toEqual([false, ['1 frozen']])
  })
})

describe('reset (I-12)', () => {
  const full = () => new Vault().loaded(put('x', 5, {}), put('ghost', 4, {}), put('o', 3, {}, ['org'], 'area')).edit('ghost', { phone: '1' })

  it('keeps everything until the end, then sweeps what was not heard of, never outbox or shelf', () => {
    const vault = full().answer({ reset: SCOPES, puts: [put('x', 5, {})], covered: null, more: true })
    expect(vault.state.base.size).toBe(3)
    vault.answer({ puts: [put('o', 3, {}, ['org'], 'area')], covered: 9 })
    expect([...vault.state.base.keys()]).toEqual(['x', 'o'])
    expect([vault.states(), vault.state.resetting]).toEqual([['1 frozen'], null])
  })

  it('of one scope leaves the others alone', () => {
    const vault = full().answer({ reset: [HOME], puts: [put('x', 5, {})], covered: 9 })
    expect([...vault.state.base.keys()]).toEqual(['x', 'o'])
  })

  it('that begins again counts only what it brought since', () => {
    const vault = full().answer({ reset: [HOME], puts: [put('ghost', 4, {})], covered: null, more: true })
    vault.answer({ reset: [HOME], puts: [put('x', 5, {})], covered: 9 })
    expect([...vault.state.base.keys()]).toEqual(['x', 'o'])
  })

  it('of a second scope does not undo what the first one marked', () => {
    const vault = full().answer({ reset: [HOME], puts: [put('x', 5, {})], covered: null, more: true })
    vault.answer({ reset: ['org'], puts: [put('o', 3, {}, ['org'], 'area')], covered: 9 })
    expect([...vault.state.base.keys()]).toEqual(['x', 'o'])
  })

  it('keeps a record that is still in another scope, without the one it was swept from', () => {
    const vault = new Vault().loaded(put('x', 5, {}, [HOME, 'org'])).answer({ reset: [HOME], covered: 9 })
    expect(vault.state.base.get('x')?.in).toEqual(['org'])
  })
})

describe('a restored server (I-18)', () => {
  const lived = () => {
    const vault = new Vault().loaded(put('x', 5, { phone: '1' }), put('lost', 40, {})).edit('x', { phone: '2' }).edit('x', { told: true }).edit('x', { outcome: 'refused' })
    vault.answer({ results: [vault.result(1, 'applied', { seq: 41 })], puts: [put('x', 41, { phone: '2' })], covered: 41 })
    return vault.answer({ results: [vault.result(2, 'applied', { seq: 42 })], covered: 41 })
  }
  const news = (vault: Vault) => vault.answer({ incarnation: 'i2', puts: [put('x', 5, { phone: '1' })], covered: 99 })

  it('drops the cursor, keeps the base, and asks about the last seven days again in order', () => {
    const vault = news(lived())
    expect([vault.state.cursor, vault.state.covered, vault.state.base.size]).toEqual([null, null, 2])
    expect(vault.state.base.get('x')?.seq).toBe(41)
    expect(ns(vault)).toEqual([1, 2, 3])
    expect(counts(vault.state).unsent).toBe(2)
  })

  it('takes older numbers from the new life, and sweeps what that does not know', () => {
    const vault = news(lived())
    vault.answer({ incarnation: 'i2', reset: SCOPES, puts: [put('x', 5, { phone: '1' })], covered: null, more: true })
    expect(vault.state.base.get('x')?.seq).toBe(5)
    expect(vault.state.base.has('lost')).toBe(true)
    vault.answer({ incarnation: 'i2', puts: [put('x', 4, { phone: '0' })], covered: 99 })
    expect(vault.state.base.get('x')?.seq).toBe(5)
    expect(vault.state.base.has('lost')).toBe(false)
  })

  it('an old row is not laid over the base again until the server has answered for it', () => {
    const vault = news(lived())
    vault.answer({ incarnation: 'i2', reset: SCOPES, puts: [put('x', 60, { phone: '9' })], covered: 99 })
    expect(show(vault.state, 'x')?.body.phone).toBe('9')
    vault.answer({ incarnation: 'i2', results: [vault.result(1, 'applied', { seq: 2 ** 32 + 1 })], covered: 99 })
    expect(show(vault.state, 'x')?.body.phone).toBe('2')
    expect(ns(vault)).toEqual([2, 3])
  })

  it('asks about shelved work at once', () => {
    const vault = new Vault().loaded().edit('x', { phone: '1' })
    vault.answer({ results: [vault.result(1, 'held', { reason: 'ref' })], covered: 1 })
    expect(ns(vault)).toEqual([])
    expect(ns(news(vault))).toEqual([1])
  })
})

describe('the shelf (I-24)', () => {
  const heldCreate = () => {
    const vault = new Vault().loaded().edit('x', { phone: '1' })
    return vault.answer({ results: [vault.result(1, 'held', { reason: 'ref' })], covered: 1 })
  }

  it('keeps held work with its reason, still shows what it makes, and still covers every path', () => {
    const vault = heldCreate()
    expect(vault.state.shelf[0]).toMatchObject({ id: 'x', state: 'held', reason: 'ref', set: { phone: '1' } })
    expect(show(vault.state, 'x')).toMatchObject({ body: { phone: '1' }, state: 'check', pending: true })
    expect(list(vault.state, 'visit')).toHaveLength(1)
    expect(vault.edit('x', { told: true }).row(2)).toMatchObject({ op: 'patch', seen: { told: { value: null, seq: 0 } } })
    expect(counts(vault.state)).toMatchObject({ unsent: 1, check: 1 })
  })

  it('a held change to a known record is on the shelf, not over the record', () => {
    const vault = new Vault().loaded(put('x', 5, { phone: '1' })).edit('x', { phone: '2' })
    vault.answer({ results: [vault.result(1, 'held', { reason: 'access' })], covered: 5 })
    expect(show(vault.state, 'x')).toMatchObject({ body: { phone: '1' }, state: 'check' })
  })

  it('keeps only the paths that became a question, once the rest is covered', () => {
    const vault = new Vault().loaded(put('x', 5, { phone: '1' })).edit('x', { phone: '2', told: true })
    vault.answer({ results: [vault.result(1, 'review', { seq: 9, reviews: [reviewId('x', 'phone', REPLICA)] })], covered: 8 })
    expect([vault.states(), vault.state.shelf[0]?.set]).toEqual([['1 sent'], { phone: '2' }])
    expect(show(vault.state, 'x')?.body).toEqual({ phone: '2', told: true })
    vault.answer({ puts: [put('x', 9, { phone: '9', told: true })], covered: 9 })
    expect(show(vault.state, 'x')).toMatchObject({ body: { phone: '9', told: true }, state: 'check' })
  })

  it('keeps all paths where a question stands under another name than its own', () => {
    const vault = new Vault().loaded(put('x', 5, { phone: '1' })).edit('x', { phone: '2', told: true })
    vault.answer({ results: [vault.result(1, 'review', { seq: 9, reviews: [reviewId('x', 'told', REPLICA), 'another'] })], covered: 8 })
    expect(vault.state.shelf[0]?.set).toEqual({ phone: '2', told: true })
  })

  it('is asked about again daily with the very same bytes', () => {
    const vault = heldCreate()
    const bytes = canonical(mutationOf(vault.row(1)) as unknown as Json)
    vault.now += DAY_MS - 1
    expect(ns(vault.answer({ covered: 1 }))).toEqual([])
    vault.now += 8 * DAY_MS
    vault.answer({ covered: 1 })
    expect(pack(vault.state).push.map((one) => canonical(one as unknown as Json))).toEqual([bytes])
    vault.answer({ results: [{ mid: vault.state.shelf[0]?.mid ?? '', state: 'held', reason: 'access' }], covered: 1 })
    expect([vault.state.shelf[0]?.reason, ns(vault)]).toEqual(['access', []])
  })

  it('ends by a receipt, but not before the feed has brought what came of it', () => {
    const vault = heldCreate()
    const mid = vault.row(1).mid
    vault.answer({ puts: [receipt(mid, 12, 'applied')], covered: 7, more: true })
    expect([vault.state.shelf.length, counts(vault.state).check, show(vault.state, 'x')?.body.phone]).toEqual([1, 0, '1'])
    vault.answer({ puts: [put('x', 11, { phone: '1' })], covered: 12 })
    expect([vault.state.shelf, show(vault.state, 'x')?.pending]).toEqual([[], false])
  })

  it('ends when a repeat says that it was applied after all', () => {
    const vault = heldCreate()
    vault.answer({ results: [vault.result(1, 'applied', { seq: 4, repeated: true })], covered: 3 })
    expect(vault.state.shelf).toHaveLength(1)
    expect(vault.answer({ covered: 4 }).state.shelf).toHaveLength(0)
  })

  it('takes a new state from a receipt, and a receipt that reopens brings it back', () => {
    const vault = heldCreate()
    const mid = vault.row(1).mid
    vault.answer({ puts: [receipt(mid, 12, 'applied')], covered: 7, more: true })
    vault.answer({ puts: [receipt(mid, 13, 'review', { reviews: ['r'], reason: 'ask', set: { phone: '1' } })], covered: 20 })
    expect(vault.state.shelf[0]).toMatchObject({ state: 'review', reason: 'ask', reviews: ['r'] })
  })

  it('a late word is not believed over a receipt that is already here', () => {
    const vault = new Vault().loaded().edit('x', { phone: '1' })
    vault.answer({ puts: [receipt(vault.row(1).mid, 12, 'applied')], covered: 12 })
    vault.answer({ results: [vault.result(1, 'held', { reason: 'ref' })], covered: 12 })
    expect(vault.state.shelf).toEqual([])
  })

  it('a receipt for a mid unknown here touches nothing, but shows a new vault its unapplied work', () => {
    const vault = new Vault().loaded()
    vault.answer({ puts: [receipt('m-old', 12, 'held', { reason: 'access', set: { phone: '7' } }), receipt('m-done', 13, 'applied'), receipt('m-hers', 13, 'held', { author: 'another' })], covered: 13 })
    expect([vault.state.shelf, vault.state.rows]).toEqual([[], []])
    expect(unapplied(vault.state)).toEqual([{ mid: 'm-old', id: 'x', kind: 'visit', state: 'held', reason: 'access', reviews: [], set: { phone: '7' } }])
  })

  it('an erased person’s late edit is gone from everywhere', () => {
    const vault = new Vault().loaded().edit('x', { phone: '1' }).edit('y', { phone: '1' })
    vault.answer({ results: [vault.result(1, 'held'), vault.result(2, 'erased')], covered: 1 })
    vault.answer({ puts: [receipt(vault.row(1).mid, 12, 'erased')], covered: 12 })
    expect([vault.state.rows, vault.state.shelf, vault.disk.rows.size, vault.disk.shelf.size]).toEqual([[], [], 0, 0])
  })

  it('a state from a newer server counts as unapplied, never as done', () => {
    const vault = new Vault().loaded().edit('x', { phone: '1' })
    vault.answer({ results: [vault.result(1, 'quarantined')], covered: 1 })
    expect(unapplied(vault.state)).toHaveLength(1)
  })
})

describe('a fork', () => {
  it('is remembered, and a new replica counts from 1 while old rows keep their names and come first', () => {
    const vault = new Vault().loaded().edit('x', { phone: '1' }).edit('x', { phone: '2' })
    vault.type(vault.form(), 'phone', '3')
    vault.answer({ results: [vault.result(1, 'applied', { seq: 3, fork: true })], covered: 1 })
    expect(vault.state.forked).toBe(true)
    vault.take(startReplica(vault.state, 'second')).edit('x', { phone: '4' })
    expect(vault.state.forked).toBe(false)
    expect(pack(vault.state).push.map((one) => [one.replica, one.n])).toEqual([[REPLICA, 2], [REPLICA, 3], ['second', 1]])
    expect(show(vault.state, 'x')?.body.phone).toBe('4')
  })

  it('is also what a mid clash means', () => {
    const vault = new Vault().loaded().edit('x', { phone: '1' })
    vault.answer({ results: [vault.result(1, 'held', { reason: 'mid_clash' })], covered: 1 })
    expect([vault.state.forked, unapplied(vault.state).length]).toEqual([true, 1])
  })
})

describe('names', () => {
  it('are the ones Python makes', () => {
    expect(onePerId('visit', ['a'])).toBe('2dc1a08f-ed94-5d7a-8692-1498c20d6f04')
    expect(onePerId('visit', ['æ😀'.repeat(50)])).toBe('e21361ba-f044-5c6d-a651-a94ff4e5d7d3')
  })

  it('canonical JSON has sorted keys, no white space, and escapes as Python does', () => {
    expect(canonical({ b: [{ d: null, 'c/1': 'é"\n\u0001\u007f\u2028' }], a: true, B: 0 })).toBe('{"B":0,"a":true,"b":[{"c/1":"é\\"\\n\\u0001\u007f\u2028","d":null}]}')
  })
})
