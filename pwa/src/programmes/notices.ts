/** Whether a home's tenant was told in time that somebody comes, by the municipality's rules. It warns; it stops nobody. Pure. */
import type { Shown } from '../app.svelte'
import { addDays, addMonths, workingDaysBefore } from '../days'
import type { Rules } from '../profile'
import { stringAt } from '../today'

export type Timing = 'missing' | 'late' | 'in_time'

/** The last day to tell of what is to happen on a day; null where no rule asks for notice on that ground. */
export function tellBy(rules: Rules, basis: string | null, on: string): string | null {
  const rule = basis === null ? undefined : rules.tell_before?.[basis]
  if (rule === undefined) return null
  if (rule.unit === 'months') return addMonths(on, -rule.count)
  if (rule.unit === 'working_days') return workingDaysBefore(on, rule.count)
  return addDays(on, -(rule.unit === 'hours' ? Math.ceil(rule.count / 24) : rule.count))
}

/** One notice held against its day. */
export function timingOf(rules: Rules, basis: string | null, on: string | null, toldOn: string | null): Timing | null {
  const by = on === null ? null : tellBy(rules, basis, on)
  if (by === null) return null
  if (toldOn === null) return 'missing'
  return toldOn <= by ? 'in_time' : 'late'
}

/** The earliest notice of this day and ground at a home. */
export function toldFor(basis: string | null, on: string | null, notices: readonly Shown[]): string | null {
  const days = notices.filter((one) => stringAt(one, 'planned_on') === on && stringAt(one, 'basis') === basis).flatMap((one) => stringAt(one, 'notified_on') ?? [])
  return days.sort()[0] ?? null
}
