/** Whether the phone can leave the office: what of today is here, from when, and what is still on its way. Pure. */
import type { Shown } from './app.svelte'
import { isMine, stringAt } from './today'

export interface ReadySources {
  me: string
  today: string
  /** The day in Norway on which all was last here; null when it never was. */
  fetchedOn: string | null
  /** The agreed visits and assignments on the phone. */
  plans: readonly Shown[]
  assignments: readonly Shown[]
  has: (id: string) => boolean
}

export interface Ready {
  /** `stale` is whole, but from another day. */
  state: 'ready' | 'stale' | 'loading'
  /** Homes of today's work that are not here yet. */
  missing: number
}

export function readyFor({ me, today, fetchedOn, plans, assignments, has }: ReadySources): Ready {
  const mine = [
    ...plans.filter((plan) => isMine(plan, me) && stringAt(plan, 'planned_on') === today && plan.body['cancelled'] !== true),
    ...assignments.filter((one) => one.body[`who/${me}`] === true && stringAt(one, 'due_on') === today),
  ]
  const homes = new Set(mine.flatMap((one) => stringAt(one, 'dwelling') ?? []))
  const missing = [...homes].filter((home) => !has(home)).length
  if (fetchedOn === null || missing > 0) return { state: 'loading', missing }
  return { state: fetchedOn === today ? 'ready' : 'stale', missing }
}
