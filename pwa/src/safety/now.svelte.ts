/** My own check-in as it stands this second, for the bar and the screen alike; it ticks only while one runs. */
import { app } from '../app.svelte'
import { clockOf } from '../words'
import { aloneOf, asks, runningOf, unheardEnd, type Alone } from './alone'
import { say } from './words'

const TICK_MS = 1_000
const ASKS_EVERY_MS = 4_000

class Now {
  #at = $state(Date.now())
  #asked = 0
  #timer: ReturnType<typeof setInterval> | undefined

  /** Mine, if one runs. */
  get alone(): Alone | null {
    const record = runningOf(app.records('check_in'), app.user?.id ?? '')
    return record ? aloneOf(record, app.known(record.id), this.#at) : null
  }

  /** An end of mine that the office has not heard of, though somebody is warned. */
  get ending(): Alone | null {
    return unheardEnd(app.records('check_in'), (id) => app.known(id), app.user?.id ?? '')
  }

  get at(): number {
    return this.#at
  }

  /** Ticks until the answer is called; asks the office for its word while it is missing. */
  tick(): () => void {
    this.#at = Date.now()
    this.#timer = setInterval(() => {
      this.#at = Date.now()
      const alone = this.alone
      if (!alone || !asks(alone) || document.hidden || !app.online || this.#at - this.#asked < ASKS_EVERY_MS) return
      this.#asked = this.#at
      void app.sync()
    }, TICK_MS)
    return () => clearInterval(this.#timer)
  }
}

export const now = new Now()

/** Those who are warned, by name; «vakta» where no name is known. */
export function watcherNames(alone: Alone): string {
  const names = alone.watchers.map((user) => app.name(user)).filter((name) => name !== '')
  const last = names.pop()
  if (last === undefined) return say('alone.someone')
  return names.length === 0 ? last : say('alone.and', { en: names.join(', '), annen: last })
}

/** Whom to call: the number that the office has given, else «kontoret». */
export function telephone(): string {
  return app.telephone ?? say('alone.office')
}

/** What to do when the office has not heard that I am done. */
export function endSentence(ending: Alone): string {
  const said = { navn: watcherNames(ending), telefonnummer: telephone(), klokkeslett: clockOf(new Date(ending.until)) }
  return say(ending.warnedAt === null && Date.now() < ending.until ? 'alone.done_unheard' : 'alone.done_warned', said)
}

/** The one sentence that is true now. */
export function sentence(alone: Alone): string {
  const navn = watcherNames(alone)
  const telefonnummer = telephone()
  const clock = (at: number | null): string => clockOf(new Date(at ?? alone.until))
  const told = alone.warnedAt === null ? '' : clock(alone.warnedAt)
  switch (alone.standing) {
    case 'watched':
      return say('alone.watched', { klokkeslett: clock(alone.until), navn })
    case 'soon':
      return say('alone.soon', { klokkeslett: clock(alone.until) })
    case 'unsaid':
      return say('alone.unsaid', { klokkeslett: clock(alone.warnsAt), navn, telefonnummer })
    case 'unheard':
      return say('alone.unheard', { telefonnummer })
    case 'unwatched':
      return say('alone.unwatched', { telefonnummer })
    case 'warned':
      return say(alone.out ? 'alone.out_warned' : 'alone.over', { klokkeslett: told, navn })
    case 'waiting':
      return say('alone.waiting')
    case 'unwarned':
      return say(alone.out ? 'alone.out_unwarned' : 'alone.unwarned', { telefonnummer })
  }
}
