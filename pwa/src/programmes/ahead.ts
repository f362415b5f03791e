/** Days that are as a rule chosen so long from now, each by one tap. Pure. */
import { addDays, addMonths } from '../days'

const AHEAD: ReadonlySet<string> = new Set(['again_on', 'next_on', 'evaluate_on'])

export interface Ahead {
  word: 'ahead.week' | 'ahead.month' | 'ahead.quarter'
  on: string
}

export function isAhead(field: string): boolean {
  return AHEAD.has(field)
}

export function aheadOf(today: string): Ahead[] {
  return [
    { word: 'ahead.week', on: addDays(today, 7) },
    { word: 'ahead.month', on: addMonths(today, 1) },
    { word: 'ahead.quarter', on: addMonths(today, 3) },
  ]
}
