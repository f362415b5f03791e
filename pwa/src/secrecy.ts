// What is kept how on the phone: which data key a kind is written under, and which texts leave it when their day is over. It holds no key.
import type { Body, Change, Row, State, Step } from '../../sync/phone'
import { KINDS } from './contract'
import { partOf } from './values'
import { dayOf } from './written'

const PROSE = new Set(['text', 'keyed_text'])

/** What is personal by a field of its own, and all that refers to it, near or far. */
function personalKinds(): ReadonlySet<string> {
  const kinds = Object.entries(KINDS)
  const found = new Set<string>()
  for (let before = -1; before < found.size; ) {
    before = found.size
    for (const [name, { fields }] of kinds) {
      const says = fields.some(({ sensitive, name: field, to }) => sensitive !== 'public' || field === 'status' || (to !== null && found.has(to)))
      if (says) found.add(name)
    }
  }
  return found
}

const PERSONAL_KINDS = personalKinds()

/** Technical is only what says nothing of a person, a home or a visit; it may be read longer without contact. */
export function isPersonal(kind: string): boolean {
  return !(kind in KINDS) || PERSONAL_KINDS.has(kind)
}

const NONE: readonly string[] = []
/** Reckoned once: a phone that opens asks it of every record that it holds. */
const CONCEALABLE = new Map(
  Object.entries(KINDS)
    .filter(([, { conceals }]) => conceals)
    .map(([kind, { fields }]) => [kind, fields.filter((field) => field.sensitive === 'special' && PROSE.has(field.shape)).map((field) => field.name)]),
)

/** The fields of a kind whose words may be read on the phone only until midnight; none for most kinds. */
export function concealable(kind: string): readonly string[] {
  return CONCEALABLE.get(kind) ?? NONE
}

/**
 * The fields of a record that may be read no longer: all that are concealable, unless they were written or handed
 * in today, are new, or the office asks to have them put right. They can be written no more either: what is not
 * seen is not written over.
 */
export function concealed(state: State, id: string, kind: string, today: string): readonly string[] {
  const names = concealable(kind)
  if (names.length === 0) return names
  const rows = state.rows.filter((row) => row.id === id && writes(row, names))
  if (rows.some((row) => dayOf(new Date(row.captured_at)) === today)) return []
  const base = state.base.get(id)
  if (!base && rows.length === 0) return []
  const status = base?.body['status']
  const reached = partOf(status, 'state')
  const at = partOf(status, 'at')
  const open = reached === 'returned' || (reached === 'submitted' && at !== null && dayOf(new Date(at)) === today)
  return open ? [] : names
}

/** A body without what may be read no longer. */
export function veiled<B extends Body>(body: B, names: readonly string[]): B {
  if (names.length === 0) return body
  return Object.fromEntries(Object.entries(body).filter(([path]) => !names.includes(path.split('/')[0] ?? path))) as B
}

/** The base without the texts whose day is over: they leave the disk too. What is not sent yet is carried out first. */
export function swept(state: State, today: string): Step {
  const changes: Change[] = []
  let base: Map<string, NonNullable<ReturnType<State['base']['get']>>> | null = null
  for (const [id, record] of state.base) {
    if (concealable(record.kind).length === 0) continue
    const body = veiled(record.body, concealed(state, id, record.kind, today))
    if (Object.keys(body).length === Object.keys(record.body).length) continue
    const value = { ...record, body }
    base ??= new Map(state.base)
    base.set(id, value)
    changes.push({ act: 'put', store: 'base', key: id, value })
  }
  return { state: base ? { ...state, base } : state, changes }
}

function writes(row: Row, names: readonly string[]): boolean {
  return Object.keys(row.set).some((path) => names.includes(path.split('/')[0] ?? path))
}
