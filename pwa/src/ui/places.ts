/** Where something is: a home or a whole building, what it is called, and which places the thumb is likely to mean. */
import { app } from '../app.svelte'
import type { Json, Shown } from '../app.svelte'
import { membersOf } from '../checkpoints'
import { recentPlaces } from '../quick_notes'
import { stringAt } from '../today'
import { say } from '../programmes/words'
import { dayOf } from '../words'
import { buildings, dwellings } from './found.svelte'
import { title } from './titles'

const HITS_MAX = 20

/** The home, else the building, that a record is about. */
export function placeOf(record: Shown | null): Shown | null {
  const id = stringAt(record, 'dwelling') ?? stringAt(record, 'building')
  return id === null ? null : app.record(id)
}

export function placeWords(place: Shown | null): string {
  if (!place) return ''
  return place.kind === 'building' ? say('place.building', { sted: stringAt(place, 'address') ?? title(place) }) : title(place)
}

/** The values that put a record in a place, and take it out of any other. */
export function placeValues(place: Shown | null): Record<string, Json> {
  if (!place) return { dwelling: null, building: null }
  if (place.kind === 'building') return { dwelling: null, building: place.id }
  return { dwelling: place.id, building: stringAt(place, 'building') }
}

/** Where today's work is first, then where I was last. */
export function likelyPlaces(): Shown[] {
  const me = app.user?.id ?? ''
  const today = dayOf(new Date())
  const dated = (kind: string, path: string): { record: Shown; on: string | null }[] =>
    app.records(kind).map((record) => ({ record, on: stringAt(record, path) }))
  const walked = app
    .records('round')
    .filter((round) => round.body[`who/${me}`] === true)
    .flatMap((round) =>
      membersOf(round, 'buildings').map((building) => ({ record: { ...round, body: { building } }, on: stringAt(round, 'planned_on') })),
    )
  const visited = [...dated('visit', 'visited_on'), ...dated('planned_visit', 'planned_on')]
  const worked = dated('assignment', 'due_on').filter(({ record }) => record.body[`who/${me}`] === true)
  const found = dated('deviation', 'found_on').filter(({ record }) => stringAt(record, 'found_by') === me)
  const past = [...visited, ...worked, ...found, ...walked, ...dated('conversation', 'talked_on')]
  return recentPlaces(past.filter(({ on }) => on !== null && on <= today)).flatMap((id) => app.record(id) ?? [])
}

/** Buildings and homes that hold what is typed, the buildings first. */
export function findPlaces(typed: string, homesOnly: boolean): Shown[] {
  return (homesOnly ? [dwellings] : [buildings, dwellings]).flatMap((one) => one.search(typed, HITS_MAX)).map(({ shown }) => shown)
}
