/** What of a visit or a round is not handed in yet, so that it stays within reach whoever pressed «Ferdig» for the rest. Pure. */
import type { Shown } from './app.svelte'
import { statusOf, stringAt } from './today'
import { partOf } from './values'
import { deviationsAt } from './views'

/** The kinds that belong to a visit and are handed in with it. */
export const PARTS = ['checklist_run', 'conversation', 'agreement', 'assistance', 'assistance_request'] as const

export interface Unsent {
  /** The visits and rounds that have an unsent part. */
  wholes: ReadonlySet<string>
  /** Unsent deviations that stand at a point of one of these. */
  deviations: ReadonlySet<string>
}

/** Still its author's to hand in: a draft, or sent back. What was taken back is nobody's. */
export function isUnsent(record: Pick<Shown, 'body'>): boolean {
  return ['draft', 'returned'].includes(statusOf(record)) && partOf(record.body['handling'], 'state') !== 'rejected'
}

/** A run from which every answer was taken back says nothing: nobody waits for it, and it is not handed in. */
export function isBlank(record: Pick<Shown, 'kind' | 'body'>): boolean {
  return record.kind === 'checklist_run' && statusOf(record) === 'draft' && !Object.entries(record.body).some(([path, value]) => path.includes('/') && value !== null)
}

/** Drafts lie with their author alone, so each of these is mine to hand in. A deviation that was taken back is none. */
export function unsentOf(parts: readonly Shown[], deviations: readonly Shown[], isHere: (whole: string) => boolean): Unsent {
  const drafts = new Set(deviations.filter(isUnsentDeviation).map((one) => one.id))
  const found = { wholes: new Set<string>(), deviations: new Set<string>() }
  for (const part of parts) {
    const whole = stringAt(part, 'visit') ?? stringAt(part, 'round')
    const isDraft = statusOf(part) === 'draft' && !isBlank(part)
    const mine = drafts.size > 0 && part.kind === 'checklist_run' ? deviationsAt(part).filter((id) => drafts.has(id)) : []
    if (whole === null || (!isDraft && mine.length === 0) || !isHere(whole)) continue
    found.wholes.add(whole)
    for (const id of mine) found.deviations.add(id)
  }
  return found
}

function isUnsentDeviation(deviation: Shown): boolean {
  return statusOf(deviation) === 'draft' && partOf(deviation.body['handling'], 'state') !== 'rejected'
}
