/** «Noter raskt»: what is written before it is said what it is; which of it waits to be sorted. Pure. */
import type { Shown } from './app.svelte'
import { statusOf, stringAt } from './today'

export const RECENT_MAX = 5

/** What I have written there, whichever key it stands under. */
export function noteWords(conversation: Shown | null): string {
  const notes = Object.entries(conversation?.body ?? {}).filter(([path, words]) => path.startsWith('notes/') && typeof words === 'string')
  return notes.map(([, words]) => String(words).trim()).filter((words) => words !== '').join('\n')
}

/** As much as a field has room for. A cut through a sign made of two would make words that the office cannot read. */
export function cut(words: string, max: number): string {
  return `${words.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** Quick notes that wait for «Hva er dette?», the newest first: drafts of mine with words or a photo, of no visit. */
export function unsorted(conversations: readonly Shown[], me: string, pictured: (id: string) => boolean = () => false): Shown[] {
  return conversations
    .filter((one) => stringAt(one, 'visit') === null && statusOf(one) === 'draft')
    .filter((one) => (typeof one.body[`notes/${me}`] === 'string' && noteWords(one) !== '') || pictured(one.id))
    .sort((left, right) => (stringAt(right, 'talked_on') ?? '').localeCompare(stringAt(left, 'talked_on') ?? '') || left.id.localeCompare(right.id))
}

/** Places by when somebody was last there, the latest first, at most five. */
export function recentPlaces(records: readonly { record: Shown; on: string | null }[]): string[] {
  const latest = new Map<string, string>()
  for (const { record, on } of records) {
    const place = stringAt(record, 'dwelling') ?? stringAt(record, 'building')
    if (place !== null && on !== null && on >= (latest.get(place) ?? '')) latest.set(place, on)
  }
  return [...latest].sort((left, right) => right[1].localeCompare(left[1])).slice(0, RECENT_MAX).map(([place]) => place)
}
