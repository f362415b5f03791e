// What is opened on this phone, for «Hvem har sett dette?» at the office: sealed as it is written, and sent before all else. Nobody reads it here.
import { utf8 } from './bytes'
import { parcelOf, type Courier } from './courier'
import type { Keeper } from './keeper'
import { lyingOf } from './listed'
import { onPhone } from './store'

/** So many openings fill a sheet; the next begins another. */
const SHEET_MAX = 200
const AT_ONCE = 20
const HOUR_MS = 3_600_000

/** What is being written on: records by the hour in which they were opened. It holds ids alone. */
interface Sheet {
  readonly vault: string
  readonly mid: string
  readonly hours: Record<string, string[]>
  size: number
}

let sheet: Sheet | null = null
let queue: Promise<unknown> = Promise.resolve()

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const working = queue.then(work)
  queue = working.catch(() => undefined)
  return working
}

const keyOf = (vault: string, mid: string): string => `look|${vault}|${mid}`

/** That these were opened is on the disk when it resolves; once an hour for each. */
export function noteLook(keeper: Keeper, ids: readonly string[], now: number): Promise<void> {
  return inTurn(async () => {
    const { vault } = keeper.store
    const hour = new Date(Math.floor((now + keeper.profile.offset_ms) / HOUR_MS) * HOUR_MS).toISOString()
    const known = sheet?.vault === vault ? (sheet.hours[hour] ?? []) : []
    const fresh = ids.filter((id) => !known.includes(id))
    if (fresh.length === 0) return
    if (sheet?.vault !== vault || sheet.size >= SHEET_MAX) sheet = { vault, mid: crypto.randomUUID(), hours: {}, size: 0 }
    sheet.hours[hour] = [...(sheet.hours[hour] ?? []), ...fresh]
    sheet.size += fresh.length
    const { mid, hours } = sheet
    const parcel = await keeper.vault.seal({ mid, replica: keeper.state.replica, n: 1 }, utf8(JSON.stringify({ looks: hours })))
    await onPhone((db) => db.put('phone', JSON.stringify(parcelOf(parcel)), keyOf(vault, mid)))
  })
}

/** Sends what lies here of a vault; what the office has taken leaves the phone. What is opened meanwhile begins a new sheet. */
export async function deliverLooks(courier: Courier, vault: string): Promise<void> {
  const mids = await inTurn(async () => {
    if (sheet?.vault === vault) sheet = null
    return lyingOf('look', vault)
  })
  for (let first = 0; first < mids.length; first += AT_ONCE) {
    const lying = await onPhone((db) => Promise.all(mids.slice(first, first + AT_ONCE).map((mid) => db.get('phone', keyOf(vault, mid)))))
    const answer = await courier.looks(lying.flatMap((one) => (one === undefined ? [] : [JSON.parse(one) as unknown])))
    if (answer.kind !== 'ok') return
    for (const { mid } of answer.body.results) await onPhone((db) => db.delete('phone', keyOf(vault, mid)))
  }
}
