/** The small invented town that one practises in, with the real checklists. Pure, but for new ids: nothing in it is anybody's. */
import whole from '../../server/data/checklists.json'
import type { Json } from '../../sync/phone'

export interface PracticeRecord {
  id: string
  kind: string
  body: Record<string, Json>
}

interface Item {
  readonly [name: string]: unknown
  readonly labels_nb?: { readonly done?: string; readonly not_done?: string }
  readonly choices_nb?: readonly string[]
}

const STREET = 'Øvingsveien'

/** Everything that a day needs, agreed for today with the one who practises. */
export function practiceRecords(me: string, today: string): PracticeRecord[] {
  const made: PracticeRecord[] = whole.checklists.map(({ code, version, title_nb, purpose_nb, kind, subject, items }) => ({
    id: crypto.randomUUID(),
    kind: 'checklist',
    body: {
      ...{ code, edition: version, title: title_nb, purpose: purpose_nb, form: kind, subject, published: true },
      ...Object.fromEntries(items.map((item, at) => [`items/${item.code}`, itemOf(item as unknown as Item, at + 1)])),
    },
  }))
  const add = (kind: string, body: Record<string, Json>, id: string = crypto.randomUUID()): string => {
    made.push({ id, kind, body })
    return id
  }
  const mine = { [`who/${me}`]: true }
  add('colleague', { name: 'Øving' }, me)
  const area = add('area', { name: 'Øvingsområdet' })
  const company = add('housing_company', { area, name: 'Øvingstunet borettslag', form: 'cooperative' })
  add('contact', { housing_company: company, role: 'board', name: 'Eksempel Styreleder', phone: '900 00 000' })
  const houses = [1, 3].map((number) => add('building', { area, address: `${STREET} ${number}`, ownership: number === 1 ? 'municipal' : 'company', ...(number === 3 && { housing_company: company }), access: 'Kode 0000.' }))
  const homes = ['H0101', 'H0201', 'H0202'].map((unit_number) => add('dwelling', { area, building: houses[0] ?? null, address: `${STREET} 1`, unit_number }))
  homes.forEach((dwelling, at) => {
    const tenancy = add('tenancy', { dwelling, started_on: today })
    add('contact', { tenancy, role: 'tenant', name: `Eksempel Beboer ${at + 1}`, phone: '900 00 000' })
    if (at < 2) add('planned_visit', { dwelling, tenancy, purpose: at === 0 ? 'move_in' : 'follow_up', planned_on: today, planned_at: at === 0 ? '09:00' : '13:00', [`visitors/${me}`]: true })
  })
  add('round', { area, name: `Ukesrunde ${STREET}`, checklist: 'HMSFELLES', frequency: 'weekly', planned_on: today, ...Object.fromEntries(houses.map((house) => [`buildings/${house}`, true])), ...mine })
  add('assignment', { dwelling: homes[2] ?? null, words: 'Tett sluk på badet.', category: 'drain', source: 'tenant', due_on: today, ...mine })
  const neighbourhood = add('neighbourhood', { area, name: 'Øvingstunet' })
  add('event', { area, neighbourhood, type: 'residents_meeting', name: 'Beboermøte i Øvingsveien', held_on: today, ...mine })
  return made
}

function itemOf(item: Item, order: number): Record<string, Json> {
  const said: Record<string, unknown> = {
    ...{ order, section: item['section'], words: item['text_nb'], hint: item['hint_nb'], subject: item['subject'], answer: item['answer'] },
    ...{ yes: item.labels_nb?.done, no: item.labels_nb?.not_done, choices: item.choices_nb?.join('\n') || null, unit: item['unit'] },
    ...{ frequency: item['frequency'], severity: item['severity_if_deviation'], responsible: item['responsible'] },
    ...{ responsible_in_company: item['responsible_in_company'], photo: item['photo'], show: item['show'] },
  }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null && value !== undefined)) as Record<string, Json>
}
