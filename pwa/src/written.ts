/** How days, times, amounts and sizes are written in bokmål; pure functions of the value, the days as they are in Norway. */

const OSLO = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Oslo',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

function inOslo(instant: Date): Record<string, string> {
  return Object.fromEntries(OSLO.formatToParts(instant).map((part) => [part.type, part.value]))
}

const HOUR_MS = 3_600_000
const days = new Map<number, string>()

/** The day in Norway at an instant, as YYYY-MM-DD. It begins and ends with an hour, so that each hour is reckoned once. */
export function dayOf(instant: Date): string {
  const hour = Math.floor(instant.getTime() / HOUR_MS)
  const known = days.get(hour)
  if (known !== undefined) return known
  const part = inOslo(instant)
  const day = `${part['year']}-${part['month']}-${part['day']}`
  days.set(hour, day)
  return day
}

/** The hour and minute in Norway at an instant, as 07.12. */
export function clockOf(instant: Date): string {
  const part = inOslo(instant)
  return `${part['hour']}.${part['minute']}`
}

/** A planned hour "09:00" as it is written on the screen: 09.00. */
export function clock(value: string): string {
  return value.replace(':', '.')
}

/** A day YYYY-MM-DD as 12.3., with the year when it is another than `today`'s. */
export function day(value: string, today: string = value): string {
  const [year = '', month = '', date = ''] = value.split('-')
  const short = `${Number(date)}.${Number(month)}.`
  return year === today.slice(0, 4) ? short : `${short}${year}`
}

const SOON_MS = 2 * 86_400_000

/** Until when: a day, with its hour where that is within two days. */
export function until(end: Date, now: Date): string {
  const on = day(dayOf(end), dayOf(now))
  return end.getTime() - now.getTime() > SOON_MS ? on : `${on} kl. ${clockOf(end)}`
}

const WEEKDAYS = ['søndag', 'mandag', 'tirsdag', 'onsdag', 'torsdag', 'fredag', 'lørdag'] as const

/** A day with its name: mandag 12.3. */
export function weekday(value: string, today: string = value): string {
  const index = new Date(`${value}T12:00:00Z`).getUTCDay()
  return `${WEEKDAYS[index] ?? ''} ${day(value, today)}`
}

/** A count with a space between thousands: 1 200. */
export function amount(value: number): string {
  const [whole = '', fraction] = String(value).split('.')
  const spaced = whole.replace(/\B(?=(\d{3})+(?!\d))/g, '\u00a0')
  return fraction === undefined ? spaced : `${spaced},${fraction}`
}

/** Whole kroner: 1 200 kr. */
export function kroner(value: number): string {
  return `${amount(value)}\u00a0kr`
}

/** Bytes as megabytes with one decimal: 12,4 MB; from a thousand on as gigabytes. */
export function megabytes(bytes: number): string {
  if (bytes >= 1_000_000_000) return `${amount(Math.round(bytes / 100_000_000) / 10)}\u00a0GB`
  return `${amount(Math.round(bytes / 100_000) / 10)}\u00a0MB`
}

/** A share of one as whole per cent: 30 %. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}\u00a0%`
}

/** A sentence starts with a capital letter. */
export function capital(value: string): string {
  return value.charAt(0).toLocaleUpperCase('nb') + value.slice(1)
}
