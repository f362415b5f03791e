/** What is written when something has happened, in a record of its own. */
import { beginRecord } from '../ui/record_acts'

/** A new incident, apart from any tenancy; `after` a visit that was broken off it is filled in as far as that says. */
export function writeIncident(after: { area: string | null; meet?: string } | null): void {
  beginRecord('staff_incident', after ? { area: after.area, alone: true, ...(after.meet && { meet: after.meet }) } : {})
}
