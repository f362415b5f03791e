// What a form saw and what the thumb did: open, touch, freeze, show (I-5, I-6, I-10).
import { describe, expect, it } from 'vitest'
import { itemState, list, loadVault, mark, moved, open, pack, seenAt, show, type BaseRecord, type Row, type ShelfItem } from '../../../sync/phone'
import { Vault, put } from './vault'

describe('the one open row', () => {
  it('a first touch makes the record, and takes mid and n as it opens', () => {
    const vault = new Vault()
    const form = vault.form()
    vault.type(form, 'notes/a', 'hei').type(form, 'outcome', 'completed')
    expect(vault.state.rows).toHaveLength(1)
    expect(vault.row(1)).toMatchObject({ mid: 'cccccccc-0000-7000-8000-000000000001', n: 1, op: 'create', seen: {}, state: 'open', set: { 'notes/a': 'hei', outcome: 'completed' } })
    expect(vault.state.next_n).toBe(2)
  })

  it('a touch on a known record is a patch that tells what was seen at just that path', () => {
    const vault = new Vault().loaded(put('x', 5, { outcome: 'refused', phone: '1' }))
    vault.type(vault.form(), 'outcome', 'completed').type(vault.form(), 'told', true)
    expect(vault.row(1)).toMatchObject({ op: 'patch', seen: { outcome: { value: 'refused', seq: 5 }, told: { value: null, seq: 5 } } })
  })

  it('setting a value back is a touch too', () => {
    const vault = new Vault().loaded(put('x', 5, { phone: '1' }))
    const form = vault.form()
    vault.type(form, 'phone', '2').type(form, 'phone', '1')
    expect(vault.row(1).set).toEqual({ phone: '1' })
  })

  it('a frozen row never changes: the same form goes on in a new row', () => {
    const vault = new Vault().loaded(put('x', 5, {}))
    const form = vault.form()
    vault.type(form, 'phone', '1').leave()
    const frozen = vault.row(1)
    vault.type(form, 'phone', '2')
    expect(vault.row(1)).toBe(frozen)
    expect(vault.row(2)).toMatchObject({ n: 2, state: 'open', op: 'patch', set: { phone: '2' } })
  })

  it('a form that made its record goes on with patches, also after the record came and went', () => {
    const vault = new Vault().loaded()
    const form = vault.form()
    vault.type(form, 'phone', '1').leave()
    vault.answer({ results: [vault.result(1, 'applied', { seq: 9 })], puts: [put('x', 9, { phone: '1' })], covered: 9 })
    vault.answer({ leaves: ['x'], covered: 10 }).type(form, 'phone', '2')
    expect(vault.row(2)).toMatchObject({ op: 'patch', seen: { phone: { value: null, seq: 0 } } })
  })

  it('only paths of the wire can be touched', () => {
    const vault = new Vault()
    for (const path of ['', 'a/b/c', 'å', 'a b', '__proto__', 'answers/constructor', 'prototype/x', 'x'.repeat(65)]) {
      expect(() => vault.type(vault.form(), path, 1)).toThrow('not a path')
    }
    expect(vault.state.rows).toHaveLength(0)
  })

  it('every autosave writes the row, and only the row', () => {
    const vault = new Vault().loaded(put('x', 5, {}))
    const form = vault.form()
    expect(vault.type(form, 'phone', '1').changes.map((change) => change.store)).toEqual(['rows', 'meta'])
    expect(vault.type(form, 'phone', '12').changes.map((change) => change.store)).toEqual(['rows'])
  })
})

describe('seen is frozen when the form opens (I-5)', () => {
  it('news under an open form changes neither what it shows nor what it saw', () => {
    const vault = new Vault().loaded(put('x', 5, { phone: '1' }))
    const form = vault.form()
    vault.answer({ puts: [put('x', 7, { phone: '9' })], covered: 7 })
    expect(form.body).toEqual({ phone: '1' })
    expect(vault.type(form, 'phone', '2').row(1).seen).toEqual({ phone: { value: '1', seq: 5 } })
    expect(moved(vault.state, form)).toEqual(['phone'])
  })

  it('a form is told nothing about its own work coming back', () => {
    const vault = new Vault().loaded(put('x', 5, { phone: '1', told: false }))
    const form = vault.form()
    vault.type(form, 'phone', '2').leave()
    vault.answer({ results: [vault.result(1, 'applied', { seq: 7 })], puts: [put('x', 7, { phone: '2', told: false })], covered: 7 })
    expect(moved(vault.state, form)).toEqual([])
  })

  it.each(['open', 'frozen', 'sent'])('a path with a row that is %s inherits what that row had seen', (state) => {
    const vault = new Vault().loaded(put('x', 5, { phone: '1' }))
    vault.type(vault.form(), 'phone', '2')
    if (state !== 'open') vault.leave()
    vault.answer({ results: state === 'sent' ? [vault.result(1, 'applied', { seq: 8 })] : [], puts: [put('x', 7, { phone: '9' })], covered: 7 })
    expect(vault.row(1).state).toBe(state)
    expect(seenAt(vault.form(), 'phone')).toEqual({ value: '1', seq: 5 })
    expect(seenAt(vault.form(), 'told')).toEqual({ value: null, seq: 7 })
  })

  it('the earliest pending row counts, not the latest', () => {
    const vault = new Vault().loaded(put('x', 5, { phone: '1' }))
    const form = vault.form()
    vault.type(form, 'phone', '2').leave()
    vault.answer({ puts: [put('x', 7, { phone: '9' })], covered: 7 })
    vault.edit('x', { phone: '3' }).edit('x', { phone: '4' })
    expect([1, 2, 3].map((n) => vault.row(n).seen.phone?.seq)).toEqual([5, 5, 5])
  })

  it('once the row is covered, what is shown is the server’s and is seen as such', () => {
    const vault = new Vault().loaded(put('x', 5, { phone: '1' }))
    vault.edit('x', { phone: '2' })
    vault.answer({ results: [vault.result(1, 'applied', { seq: 8 })], puts: [put('x', 8, { phone: '2' })], covered: 8 })
    expect(seenAt(vault.form(), 'phone')).toEqual({ value: '2', seq: 8 })
  })

  it('a pending create covers every path, even over a record that another phone made', () => {
    const vault = new Vault().loaded()
    vault.edit('x', { phone: '1' })
    vault.answer({ puts: [put('x', 7, { told: true })], covered: 7 })
    const form = vault.form()
    expect(form.body).toEqual({ told: true, phone: '1' })
    expect(vault.type(form, 'told', false).row(2)).toMatchObject({ op: 'patch', seen: { told: { value: null, seq: 0 } } })
  })

  it('an older form that writes into the same open row lowers what the row had seen', () => {
    const vault = new Vault().loaded(put('x', 5, { phone: '1' }))
    const older = vault.form()
    vault.answer({ puts: [put('x', 7, { phone: '9' })], covered: 7 })
    vault.type(vault.form(), 'phone', '2').type(older, 'phone', '3').type(vault.form(), 'phone', '4')
    expect(vault.row(1).seen.phone).toEqual({ value: '1', seq: 5 })
  })
})

describe('show', () => {
  it('lays rows over the base by path and in order, and null takes a path away', () => {
    const vault = new Vault().loaded(put('x', 5, { phone: '1', told: true, 'visitors/k': true }))
    vault.edit('x', { phone: '2', 'visitors/k': null }).edit('x', { phone: '3' })
    expect(show(vault.state, 'x')).toMatchObject({ seq: 5, pending: true, state: 'saved', body: { phone: '3', told: true } })
    expect(show(vault.state, 'x')?.body).not.toHaveProperty('visitors/k')
  })

  it('a patch never makes a record, a create does (I-10)', () => {
    const vault = new Vault().loaded(put('x', 5, {}))
    vault.edit('x', { phone: '2' }).answer({ leaves: ['x'], covered: 6 })
    expect(show(vault.state, 'x')).toBeNull()
    expect(list(vault.state, 'visit')).toEqual([])
    vault.edit('y', { phone: '2' })
    expect(list(vault.state, 'visit').map((one) => one.id)).toEqual(['y'])
  })

  it('a delete hides the record until it is taken back, and tells the least of what was seen', () => {
    const vault = new Vault().loaded(put('x', 5, { phone: '1' }))
    vault.edit('x', { phone: '2' }).answer({ puts: [put('x', 7, { phone: '9' })], covered: 7 })
    vault.take(mark(vault.state, vault.form(), 'delete', vault.stamp()))
    expect(vault.row(2)).toMatchObject({ op: 'delete', state: 'frozen', set: {}, seen: { '*': { seq: 5 } } })
    expect(show(vault.state, 'x')).toBeNull()
    vault.take(mark(vault.state, vault.form(), 'restore', vault.stamp()))
    expect(show(vault.state, 'x')?.body).toEqual({ phone: '2' })
  })

  it('deleting what was only just made says that nothing of the server’s was seen', () => {
    const vault = new Vault().loaded()
    vault.edit('x', { phone: '2' }).take(mark(vault.state, vault.form(), 'delete', vault.stamp()))
    expect(vault.row(2).seen).toEqual({ '*': { seq: 0 } })
  })

  it('lists base and new records of one kind with their state', () => {
    const vault = new Vault().loaded(put('x', 5, {}), put('d', 4, {}, ['org'], 'dwelling'))
    vault.edit('y', { phone: '1' })
    const inFlight = new Set([vault.row(1).mid])
    expect(list(vault.state, 'visit', inFlight).map((one) => [one.id, one.state])).toEqual([['x', 'received'], ['y', 'sending']])
    expect(itemState(vault.state, 'y')).toBe('saved')
  })

  it('asks nothing of the kinds that a touch left alone, and nothing but the touched of its own', () => {
    const vault = new Vault().loaded(put('x', 5, {}), put('z', 5, {}), put('d', 4, {}, ['org'], 'dwelling'))
    const [homes, visits] = [list(vault.state, 'dwelling'), list(vault.state, 'visit')]
    vault.edit('x', { phone: '1' })
    expect(list(vault.state, 'dwelling')).toBe(homes)
    expect(list(vault.state, 'visit')[0]).toMatchObject({ id: 'x', pending: true, body: { phone: '1' } })
    expect(list(vault.state, 'visit')[1]).toBe(visits[1])
  })
})

describe('a killed phone', () => {
  const revive = (vault: Vault, contract = 1) => {
    const { base, rows, shelf } = vault.disk as { base: Map<string, BaseRecord>; rows: Map<string, Row>; shelf: Map<string, ShelfItem> }
    return loadVault(vault.meta(), base, [...rows.values()].reverse(), shelf.values(), contract)
  }

  it('comes back with the half-typed row whole and open, and the form goes on in it', () => {
    const vault = new Vault().loaded(put('x', 5, {}))
    vault.edit('y', { phone: '0' }).type(vault.form(), 'phone', '1')
    const before = vault.state
    vault.state = revive(vault)
    expect(vault.state).toEqual(before)
    expect(pack(vault.state).push.map((one) => one.n)).toEqual([1])
    vault.type(vault.form(), 'phone', '12')
    expect(vault.row(2).set).toEqual({ phone: '12' })
  })

  it('lets go of a row that an older contract opened', () => {
    const vault = new Vault().loaded(put('x', 5, {}))
    vault.type(vault.form(), 'phone', '1')
    vault.state = revive(vault, 2)
    vault.type(open(vault.state, 'x', 'visit'), 'phone', '2')
    expect(vault.state.rows.map((row) => [row.state, row.contract])).toEqual([['frozen', 1], ['open', 2]])
  })
})
