/** What each role gets on the phone: at most eight screens, and what I dag shows. What may be read the server alone decides. */

export type Place = 'today' | 'deviations' | 'dwellings' | 'new' | 'search' | 'me'
export type Screen = Place | 'visit' | 'job' | 'work'

const FIELD: readonly Screen[] = ['today', 'dwellings', 'new', 'search', 'me', 'visit', 'job', 'work']

/** `job` is the one screen of a round, an assignment or a deviation, `work` that of the programmes and their records. Someone with several roles gets the sum of them. */
export const PRESETS: Readonly<Record<string, readonly Screen[]>> = {
  bomiljo: FIELD,
  caretaker: FIELD.filter((screen) => screen !== 'visit'),
  follow_up: FIELD,
  office: FIELD,
  leader: FIELD,
  landlord: ['deviations', 'dwellings', 'me', 'job'],
  admin: ['today', 'me'],
}

const BAR: readonly Place[] = ['today', 'deviations', 'dwellings', 'new', 'search', 'me']

/** All that these roles get. Whoever has lost every role still reaches what they wrote. */
export function screensOf(roles: readonly string[]): ReadonlySet<Screen> {
  const known = roles.flatMap((role) => PRESETS[role] ?? [])
  const all = new Set(known.length > 0 ? known : FIELD)
  if (all.has('today')) all.delete('deviations')
  return all
}

/** The places of the bottom bar, in the order of the thumb. */
export function barOf(roles: readonly string[]): Place[] {
  const screens = screensOf(roles)
  return BAR.filter((place) => screens.has(place))
}

/** Where the app opens. */
export function homeOf(roles: readonly string[]): Place {
  return barOf(roles)[0] ?? 'me'
}
