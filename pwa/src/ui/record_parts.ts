/** What a kind's screen has beside the shared fields: a part of its own, and what the shared parts then leave to it. */
import type { Component } from 'svelte'
import type { Shown } from '../app.svelte'
import BoardPart from './BoardPart.svelte'
import EventDay from './EventDay.svelte'
import HoodPart from './HoodPart.svelte'
import PlaceInUse from './PlaceInUse.svelte'
import SiteFigures from './SiteFigures.svelte'
import type { Draft } from './draft.svelte'

export interface PartProps {
  record: Shown
  draft: Draft
  may: boolean
}

interface OwnPart {
  Part: Component<PartProps>
  /** Fields that it draws itself while the record is read. */
  fields?: readonly string[]
  /** Kinds below that it lists itself. */
  children?: readonly string[]
}

const PARTS: Readonly<Record<string, OwnPart>> = {
  event: {
    Part: EventDay,
    fields: ['risks', 'checks', 'heads', 'volunteers', 'faces', 'spent', 'waste_bags', 'shared_minutes', 'minutes_due_on', 'minutes_shared_on'],
    children: ['resident_input', 'finding'],
  },
  neighbourhood: { Part: HoodPart },
  meeting_place: { Part: PlaceInUse, fields: ['usable', 'in_use', 'checked_on'] },
  housing_company: { Part: BoardPart },
  programme_site: { Part: SiteFigures },
}

export function partOfKind(kind: string): OwnPart | null {
  return PARTS[kind] ?? null
}
