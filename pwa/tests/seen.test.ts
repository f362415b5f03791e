import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Json } from '../../sync/phone'
import { app, type Shown } from '../src/app.svelte'
import type { Keeper } from '../src/keeper'
import { done } from '../src/ui/assignment_acts'
import { offerBack } from '../src/ui/record_acts'
import { undoBar } from '../src/ui/undo.svelte'
import { newPhone } from './parts'

const JOB = '018f2c5e-0000-7000-8000-0000000000b1'
const REVIEW = '018f2c5e-0000-7000-8000-0000000000b2'
const NEW = { state: 'new', by: 'ingrid', at: '2026-11-30T07:00:00.000Z' }
const REJECTED = { state: 'rejected', by: 'ingrid', at: '2026-11-30T09:00:00.000Z' }

let keeper: Keeper

beforeEach(async () => {
  vi.stubGlobal('history', { state: null })
  keeper = (await newPhone('here')).keeper
  const opened = app as unknown as { keeper: Keeper; show(keeper: Keeper): void }
  opened.keeper = keeper
  says(JOB, 'assignment', 5, { handling: NEW })
  opened.show(keeper)
})

/** The office says how a record stands now. */
function says(id: string, kind: string, seq: number, body: Record<string, Json>): void {
  const base = new Map(keeper.state.base)
  base.set(id, { kind, seq, in: ['me'], body, gen: 1 })
  keeper.state = { ...keeper.state, base }
}

const written = () => keeper.state.rows[keeper.state.rows.length - 1]

describe('what is held back while it may be undone', () => {
  it('is judged by what was seen when it was tapped', async () => {
    done(JOB)
    says(JOB, 'assignment', 9, { handling: REJECTED })
    await undoBar.settle()
    expect(written()).toMatchObject({ id: JOB, set: { handling: { state: 'done' } }, seen: { handling: { value: NEW, seq: 5 } } })
  })

  it('decides between the answers that were shown, not one that came after', async () => {
    says(REVIEW, 'review', 6, { about: JOB, about_kind: 'assignment', path: 'words', author: keeper.state.user })
    undoBar.say({ message: 'Valgt', undo: () => undefined, commit: app.deciding(REVIEW, 'author') })
    says(JOB, 'assignment', 9, { handling: REJECTED })
    await undoBar.settle()
    expect(written()?.set['decision']).toMatchObject({ choice: 'author', record_seq: 5 })
  })
})

it('a step that is taken back does not take back what another has said since', async () => {
  offerBack(app.record(JOB) as Shown, { handling: NEW }, 'Endret')
  const [said] = undoBar.shown
  says(JOB, 'assignment', 9, { handling: REJECTED })
  if (said) undoBar.undo(said)
  await undoBar.settle()
  expect(written()).toMatchObject({ set: { handling: NEW }, seen: { handling: { value: NEW, seq: 5 } } })
})
