/** The checkpoints of a round: which are asked this time, how far each building has come, where to go on. Pure. */
import type { Json, Shown } from './app.svelte'
import { answerPath, type Checklist, type Section } from './checklists'

/** How seldom a point is asked, and how much a round takes with it. */
const SELDOM: Readonly<Record<string, number>> = { every: 0, weekly: 0, monthly: 1, quarterly: 2, season: 3, yearly: 3, once: 3 }
const ALL = 3

/** A weekly round asks what is weekly; a quarterly one asks that too. Without a frequency everything is asked. */
export function isAsked(point: { frequency: string }, round: string | null): boolean {
  return (SELDOM[point.frequency] ?? 0) <= (SELDOM[round ?? ''] ?? ALL)
}

/** The points that this round asks, by section. */
export function askedIn(list: Checklist | null, frequency: string | null): Section[] {
  return (list?.sections ?? [])
    .map(({ name, items }) => ({ name, items: items.filter((item) => isAsked(item, frequency)) }))
    .filter((section) => section.items.length > 0)
}

/** The members of a keyed set. */
export function membersOf(record: Shown | null, field: string): string[] {
  const start = `${field}/`
  return Object.entries(record?.body ?? {}).flatMap(([path, on]) => (path.startsWith(start) && on === true ? [path.slice(start.length)] : []))
}

export interface Stretch {
  building: string
  answered: number
  asked: number
}

/** How many of the points that are asked a run has answers to. */
export function answeredIn(sections: readonly Section[], value: (path: string) => Json | undefined): number {
  return sections.flatMap((section) => section.items).filter((point) => (value(answerPath(point)) ?? null) !== null).length
}

/** Where the walk goes on: in the building that was begun and left, else in the first that is not done. */
export function whereToGoOn(stretches: readonly Stretch[]): string | null {
  const left = stretches.filter((one) => one.answered < one.asked)
  return (left.find((one) => one.answered > 0) ?? left[0])?.building ?? null
}
