/** What every control is given: its field, the form it writes in, its id, and what it is described by. */
import type { Draft } from './draft.svelte'
import type { Field } from './fields'

export interface ControlProps {
  field: Field
  draft: Draft
  id: string
  told: string
}
