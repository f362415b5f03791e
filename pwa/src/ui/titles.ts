/** What a record is called on the screen: a home by its street and number, a visit by its purpose and day. */
import { app } from '../app.svelte'
import type { Shown } from '../app.svelte'
import { stringAt } from '../today'
import { day, dayOf, text } from '../words'
import { choiceWords, fieldsOf, kindWords } from './fields'

export function address(dwelling: Shown | null): string {
  return stringAt(dwelling, 'address') ?? text('dwelling.title')
}

/** What tells one home from another in the same stairwell. */
export function unit(dwelling: Shown | null): string {
  const floor = dwelling?.body['floor']
  return [
    stringAt(dwelling, 'unit_number'),
    stringAt(dwelling, 'local_label'),
    typeof floor === 'number' ? text('dwelling.floor', { antall: floor }) : null,
  ]
    .filter((part) => part !== null)
    .join(' · ')
}

export function purposeWords(shown: Shown | null): string {
  const purpose = stringAt(shown, 'purpose')
  return shown && purpose !== null ? choiceWords(shown.kind, 'purpose', purpose) : ''
}

/** What an assignment, a round or a deviation is about, in its own words. */
export function jobTitle(record: Shown): string {
  return stringAt(record, 'words') ?? stringAt(record, 'name') ?? kindWords(record.kind)
}

/** Where an assignment, a round or a deviation is. */
export function whereWords(record: Shown): string {
  const home = app.record(stringAt(record, 'dwelling') ?? '')
  if (home) return [address(home), stringAt(home, 'unit_number')].filter((part) => part !== null).join(', ')
  const building = app.record(stringAt(record, 'building') ?? '')
  if (building) return stringAt(building, 'name') ?? stringAt(building, 'address') ?? ''
  const houses = Object.entries(record.body).flatMap(([path, on]) => (path.startsWith('buildings/') && on === true ? [path.slice(10)] : []))
  return houses.flatMap((house) => stringAt(app.record(house), 'address') ?? []).join(' · ')
}

/** One line that names any record: its home, its own name or day, else what kind it is. */
export function title(shown: Shown | null): string {
  if (!shown) return ''
  const own = ['name', 'address']
    .filter((name) => fieldsOf(shown.kind).every((field) => field.name !== name || field.sensitive !== 'special'))
    .map((name) => stringAt(shown, name))
    .find((words) => words !== null)
  if (own) return [own, stringAt(shown, 'unit_number')].filter((part) => part !== null).join(', ')
  const home = stringAt(shown, 'dwelling')
  const whole = stringAt(shown, 'visit')
  if (home !== null) {
    const dwelling = app.record(home)
    if (dwelling) return [address(dwelling), stringAt(dwelling, 'unit_number')].filter((part) => part).join(', ')
  }
  if (whole !== null) return title(app.record(whole))
  const on = fieldsOf(shown.kind).find((field) => field.shape === 'day' && stringAt(shown, field.name) !== null)
  const when = on ? day(stringAt(shown, on.name) ?? '', dayOf(new Date())) : ''
  return [kindWords(shown.kind), when].filter((part) => part !== '').join(' ')
}
