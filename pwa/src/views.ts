// What the screens list, read out of the phone's state: pure, and it changes nothing.
import { onePerId, show, unapplied, type Json, type Row, type Shown, type State } from '../../sync/phone'
import { madeAt } from './ids'
import { commentsOf, partOf } from './values'

export interface FieldWords {
  readonly name: string
  readonly label: string
  readonly required: boolean
  readonly keyed: boolean
  readonly server: boolean
}
/** As much of the contract as the lists need. */
export type Kinds = Readonly<Record<string, { readonly label: string; readonly fields: readonly FieldWords[] } | undefined>>

export interface OutboxItem {
  id: string
  kind: string
  state: Shown['state']
  reason: string | null
  at: string
  paths: string[]
  label: string
}

export interface Check {
  review: Shown
  mine: Json
  seen: Json
  theirs: Json | undefined
  field: string
  by: string | null
}

export interface Returned {
  /** What is opened to put it right: the visit that the record is part of, else the record itself. */
  whole: Shown
  id: string
  path: string
  comment: string
  by: string
}

const textAt = (body: Readonly<Record<string, Json>> | undefined, path: string): string | null => {
  const value = body?.[path]
  return typeof value === 'string' ? value : null
}

/** A person's name as the organisation writes it; empty when this phone does not know them. */
export function nameOf(state: State, user: string): string {
  return textAt(state.base.get(user)?.body, 'name') ?? ''
}

/** «Hjemmebesøk · Kongens gate 12 H0203»: the kind, and the home it belongs to. */
export function labelOf(state: State, kinds: Kinds, id: string, kind: string): string {
  const words = kinds[kind]?.label ?? ''
  const record = show(state, id)
  const home = kind === 'dwelling' ? record : show(state, textAt(record?.body, 'dwelling') ?? '')
  const place = [textAt(home?.body, 'address'), textAt(home?.body, 'unit_number')].filter((part) => part !== null)
  return [words, place.join(' ')].filter((part) => part !== '').join(' · ')
}

export function fieldLabel(kinds: Kinds, kind: string, path: string): string {
  const name = path.split('/')[0] ?? path
  return kinds[kind]?.fields.find((field) => field.name === name)?.label ?? ''
}

/** Work that is not in custody, one item per record, and work that the office has but has not been able to use. */
export function outbox(state: State, kinds: Kinds, inFlight: ReadonlySet<string>): OutboxItem[] {
  const groups = new Map<string, Row[]>()
  for (const row of state.rows) {
    if ((row.state !== 'open' && row.state !== 'frozen') || row.custody) continue
    const group = groups.get(row.id)
    if (group) group.push(row)
    else groups.set(row.id, [row])
  }
  const items: OutboxItem[] = []
  for (const [id, rows] of groups) {
    const last = rows[rows.length - 1]
    if (!last) continue
    const aside = rows.some((row) => row.aside)
    items.push({
      id,
      kind: last.kind,
      state: aside ? 'check' : rows.some((row) => inFlight.has(row.mid)) ? 'sending' : 'saved',
      reason: aside ? 'unreadable' : null,
      at: last.captured_at,
      paths: [...new Set(rows.flatMap((row) => Object.keys(row.set)))],
      label: labelOf(state, kinds, id, last.kind),
    })
  }
  const shelved = new Map(state.shelf.map((item) => [item.mid, item.row]))
  for (const item of unapplied(state)) {
    const id = item.id ?? item.mid
    const kind = item.kind ?? ''
    const at = shelved.get(item.mid)?.captured_at ?? madeAt(item.mid)
    const reason = item.reason ?? item.state
    items.push({ id, kind, state: 'check', reason, at, paths: Object.keys(item.set), label: labelOf(state, kinds, id, kind) })
  }
  return items.sort((a, b) => b.at.localeCompare(a.at))
}

/** Open questions about what this user wrote. The other's answer comes from the record, if they may see it. */
export function checks(state: State, kinds: Kinds, records: readonly Shown[], left: readonly string[]): Check[] {
  return records
    .filter((review) => review.body['author'] === state.user && !review.body['decision'] && !left.includes(review.id))
    .map((review) => {
      const path = textAt(review.body, 'path') ?? ''
      const about = state.base.get(textAt(review.body, 'about') ?? '')
      const seen = review.body['seen']
      const value = seen && typeof seen === 'object' && !Array.isArray(seen) ? seen['value'] : null
      return {
        review,
        mine: review.body['value'] ?? null,
        seen: value ?? null,
        theirs: about ? (about.body[path] ?? null) : undefined,
        field: fieldLabel(kinds, textAt(review.body, 'about_kind') ?? about?.kind ?? '', path),
        by: textAt(review.body, 'other'),
      }
    })
}

/** A visit or a round with its parts: every record that names it, the whole first. */
export function bundle(whole: Shown, parts: readonly Shown[]): Shown[] {
  return [whole, ...parts.filter((part) => part.body[whole.kind] === whole.id)]
}

/** The one deviation that a point of a run can have: whoever has the run finds it, and nobody else. */
export function deviationId(run: string, item: string): string {
  return onePerId('deviation', [run, item])
}

/** The one assignment that comes of an agreement: a second tap makes no second job. */
export function errandId(agreement: string): string {
  return onePerId('assignment', [agreement])
}

/** The point answered «Avvik» in one of these runs that a deviation stands at, by code; null when there is none. */
export function pointOf(deviation: string, runs: readonly Shown[]): string | null {
  for (const run of runs) {
    for (const [path, value] of Object.entries(run.body)) {
      if (value !== 'deviation' || !path.startsWith('answers/')) continue
      const code = path.slice('answers/'.length)
      if (deviationId(run.id, code) === deviation) return code
    }
  }
  return null
}

const atPoints = new WeakMap<Shown['body'], string[]>()

/** The deviations at the points of one run answered «Avvik»; one whose point is in order again stays its author's draft. */
export function deviationsAt(run: Shown): string[] {
  const before = atPoints.get(run.body)
  if (before) return before
  const found = Object.entries(run.body).flatMap(([path, value]) =>
    path.startsWith('answers/') && value === 'deviation' ? [deviationId(run.id, path.slice('answers/'.length))] : [],
  )
  atPoints.set(run.body, found)
  return found
}

export function deviationsOf(records: readonly Shown[]): string[] {
  return records.filter((record) => record.kind === 'checklist_run').flatMap(deviationsAt)
}

/** The kinds that are handed in, and so can be sent back. */
export function returnable(kinds: Kinds): string[] {
  return Object.keys(kinds).filter((kind) => kinds[kind]?.fields.some((field) => field.name === 'status'))
}

/**
 * What the office has sent back to this user: one item for each comment, or one for the whole when it has none.
 * The parts of a visit that came back with it stand under it; what is confided by name is another's to put right.
 */
export function returned(state: State, records: readonly Shown[], wholeOf: (visit: string) => readonly Shown[]): Returned[] {
  const me = `me:${state.user}`
  const isMine = (scope: string): boolean => scope === me || (scope.startsWith(`${me}:`) && !scope.endsWith(':visit'))
  const back = records.filter((one) => partOf(one.body['status'], 'state') === 'returned' && state.base.get(one.id)?.in.some(isMine))
  const told = new Set<string>()
  const items: Returned[] = []
  for (const whole of back.sort((left, right) => Number(right.kind === 'visit') - Number(left.kind === 'visit'))) {
    if (told.has(whole.id)) continue
    const by = nameOf(state, partOf(whole.body['status'], 'by') ?? '')
    const comments = (whole.kind === 'visit' ? wholeOf(whole.id) : [whole]).flatMap((record) => {
      told.add(record.id)
      return Object.entries(commentsOf(record.body['status'])).map(([path, comment]) => ({ whole, id: record.id, path, comment, by }))
    })
    items.push(...(comments.length > 0 ? comments : [{ whole, id: whole.id, path: 'status', comment: '', by }]))
  }
  return items
}

/** What must be answered before its record can be handed in, and is not. */
export interface Gap {
  id: string
  path: string
}

/** Required fields that are still empty, in the order of the form. */
export function missing(kinds: Kinds, record: Pick<Shown, 'id' | 'kind' | 'body'>): Gap[] {
  const filled = (name: string): boolean =>
    Object.entries(record.body).some(([path, value]) => (path === name || path.startsWith(`${name}/`)) && value !== null && value !== '')
  const fields = kinds[record.kind]?.fields ?? []
  return fields.filter((field) => field.required && !field.server && !filled(field.name)).map((field) => ({ id: record.id, path: field.name }))
}
