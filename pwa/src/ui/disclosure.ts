/** How openly somebody speaks: what tells who they are is behind a tap, or is not kept at all. */
import type { Json } from '../app.svelte'
import { say } from '../programmes/words'
import type { Draft } from './draft.svelte'
import { fieldsOf } from './fields'
import type { Field } from './fields'
import { undoBar } from './undo.svelte'

const NAMED = 'named'
const ANONYMOUS = 'anonymous'

/** Who they are is neither read nor written. */
export function isBarred(draft: Draft, field: Field): boolean {
  return field.disclosed_by !== null && draft.value(field.disclosed_by) === ANONYMOUS
}

/** It is shown to who asks for it; as long as nobody has said how openly, it is so. */
export function isClosed(draft: Draft, field: Field): boolean {
  return field.disclosed_by !== null && draft.value(field.disclosed_by) !== NAMED && draft.value(field.name) !== null
}

/** A choice of the thumb: that somebody is anonymous takes away who they are, for as long as it is not undone. */
export function choose(draft: Draft, field: Field, value: Json): void {
  const before = draft.value(field.name)
  const told = value === ANONYMOUS ? fieldsOf(draft.form.kind).filter((one) => one.disclosed_by === field.name && draft.value(one.name) !== null) : []
  const values = told.map((one) => [one.name, draft.value(one.name)] as const)
  for (const [name] of values) draft.touch(name, null)
  draft.touch(field.name, value)
  if (values.length === 0) return
  undoBar.say({
    message: say('disclosure.taken'),
    here: true,
    undo: () => {
      for (const [name, was] of [...values, [field.name, before] as const]) draft.touch(name, was)
    },
  })
}
