/** The ledger of keys by number: who has each, and where two hand-overs cannot both be the whole truth. Pure. */
import type { Shown } from '../app.svelte'
import { stringAt } from '../today'

export interface Key {
  readonly serial: string
  /** Its lines, the latest first. */
  readonly lines: readonly Shown[]
  /** Handed out again before it came back: both are shown. */
  readonly twice: boolean
}

/** Keys by number, those that were handed out twice first. */
export function keysOf(lines: readonly Shown[]): Key[] {
  const bySerial = new Map<string, Shown[]>()
  for (const line of lines) {
    const serial = stringAt(line, 'serial')
    if (serial === null) continue
    const list = bySerial.get(serial)
    if (list) list.push(line)
    else bySerial.set(serial, [line])
  }
  const keys = [...bySerial].map(([serial, list]) => {
    const latest = list.sort((left, right) => (stringAt(right, 'happened_on') ?? '').localeCompare(stringAt(left, 'happened_on') ?? '') || right.seq - left.seq)
    const twice = latest.length > 1 && latest.slice(0, 2).every((line) => line.body['action'] === 'out')
    return { serial, lines: latest, twice }
  })
  return keys.sort((left, right) => Number(right.twice) - Number(left.twice) || left.serial.localeCompare(right.serial))
}
