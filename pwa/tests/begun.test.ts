import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { KINDS } from '../src/contract'
import type { Keeper } from '../src/keeper'
import { StorageFull } from '../src/stored'
import { Work } from '../src/work'
import { newPhone } from './parts'

const EVENING = '2026-11-29T21:30:00.000Z'
const MORNING = '2026-11-30T07:10:00.000Z'
const PLAN = '018f2c5e-0000-7000-8000-0000000000a1'

let keeper: Keeper
let work: Work
let told: unknown[]

beforeEach(async () => {
  keeper = (await newPhone()).keeper
  told = []
  work = new Work({ keeper: () => keeper, frozen: () => undefined, heldBack: () => Promise.resolve(), trouble: (error) => void told.push(error), formsChanged: () => undefined }, KINDS)
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: new Date(EVENING) })
})
afterEach(() => void vi.useRealTimers())

describe('a visit that was only looked at in the evening', () => {
  const looked = (on: string, tenancy: string): string => work.begin('visit', { planned_visit: PLAN, dwelling: 'home', visited_on: on, tenancy })

  it('is of the day on which it is written in', async () => {
    const visit = looked('2026-11-29', 'theirs')
    expect(work.form(visit, 'visit').value('visited_on')).toBe('2026-11-29')
    work.forget(false) // locked over night
    vi.setSystemTime(new Date(MORNING))
    expect(work.form(visit, 'visit').value('visited_on')).toBe('2026-11-30')
    await work.set(visit, 'visit', { outcome: 'completed' })
    expect(work.record(visit)?.body).toMatchObject({ visited_on: '2026-11-30', dwelling: 'home', outcome: 'completed' })
  })

  it('is with those who live there when it is begun again', async () => {
    const visit = looked('2026-11-29', 'those before')
    expect(looked('2026-11-29', 'those after')).toBe(visit)
    await work.set(visit, 'visit', { outcome: 'completed' })
    expect(work.record(visit)?.body['tenancy']).toBe('those after')
  })
})

describe('a tap on a full phone', () => {
  it('is done when it is on the disk, and not before', async () => {
    const flush = keeper.flush.bind(keeper)
    let full = true
    keeper.flush = () => (full ? Promise.reject(new StorageFull('full')) : flush())
    let done = false
    const tapped = work.set(PLAN, 'planned_visit', { done: true }).then(() => (done = true))
    await vi.advanceTimersByTimeAsync(10_000)
    expect(done).toBe(false)
    expect(told.length).toBeGreaterThan(1)
    full = false
    await vi.advanceTimersByTimeAsync(3_000)
    await tapped
    expect(keeper.unwritten).toBe(false)
  })
})
