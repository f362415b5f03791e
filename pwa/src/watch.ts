// Watches whether anybody is there: says when to write, when to freeze what was left, and when to lock. It does none of it itself.

export interface Watched {
  /** Is there anything to lock? */
  unlocked(): boolean
  /** How long it may be left alone as it is now. */
  patience(): Patience
  lock(): void
  /** The page may be going away: write what was typed. */
  write(): void
  /** Rows left open and untouched so long are finished. */
  freezeOlderThan(ms: number): void
  shown(): void
  /** Every minute or so, while it is open: has its time run out? */
  look(): void
}

/** How long it may be left untouched on the screen, and how long out of sight. */
export interface Patience {
  readonly idle_ms: number
  readonly hidden_ms: number
  /** It runs out whoever touches the phone meanwhile. */
  readonly ends?: true
}

const MINUTE_MS = 60_000
export const OPEN: Patience = { idle_ms: 2 * MINUTE_MS, hidden_ms: 30_000 }
/** A phone in a pocket during a visit waits longer. */
export const WITH_FORM: Patience = { ...OPEN, hidden_ms: 10 * MINUTE_MS }
/** Residents may talk for long between two taps, and nothing is shown that is not theirs. */
export const HANDED: Patience = { ...WITH_FORM, idle_ms: 30 * MINUTE_MS }
/** Nothing is shown, and a short code would show it again. */
export const COVERED: Patience = { idle_ms: 60 * MINUTE_MS, hidden_ms: 60 * MINUTE_MS, ends: true }
export const LEFT_OPEN_MS = 15 * 60_000
const LOOK_MS = 5_000
const LEASE_LOOK_MS = MINUTE_MS
/** Only what a person does: a page also scrolls by itself. */
const SIGNS = ['pointerdown', 'keydown', 'input', 'wheel', 'touchmove'] as const

/**
 * How much time has passed, which never goes back. A page's own clock stands still while the phone sleeps, and the
 * phone's may be set back: the one that has gone further is believed.
 */
function passing(): () => number {
  let page = performance.now()
  let phone = Date.now()
  let passed = 0
  return () => {
    const [before, then] = [page, phone]
    page = performance.now()
    phone = Date.now()
    return (passed += Math.max(page - before, phone - then))
  }
}

/** Starts to watch; the answer stops it. */
export function watch(watched: Watched): () => void {
  const now = passing()
  let lastSign = now()
  let hiddenSince: number | null = document.hidden ? now() : null
  let looked = now()

  let ending = false

  const isIdle = (): boolean => {
    const { idle_ms, ends } = watched.patience()
    if (ending && !ends) lastSign = now() // somebody is there again, and has opened it
    ending = ends === true
    return now() - lastSign >= idle_ms
  }
  /** Whoever wakes a phone that slept unlocked comes before the timer that would have locked it. */
  const sign = (): void => {
    if (isIdle()) look()
    touched()
  }
  const touched = (): void => {
    if (!watched.unlocked() || !watched.patience().ends) lastSign = now()
  }
  const look = (): void => {
    if (!watched.unlocked()) return
    watched.freezeOlderThan(LEFT_OPEN_MS)
    if (now() - looked >= LEASE_LOOK_MS) {
      looked = now()
      watched.look()
    }
    if (hiddenSince === null) {
      if (isIdle()) watched.lock()
    } else if (now() - hiddenSince >= watched.patience().hidden_ms) watched.lock()
  }
  const turned = (): void => {
    if (document.hidden) {
      hiddenSince ??= now()
      if (watched.unlocked()) watched.write()
      return
    }
    look()
    hiddenSince = null
    touched()
    watched.shown()
  }
  const leaving = (): void => {
    if (watched.unlocked()) watched.write()
  }
  const timer = setInterval(look, LOOK_MS)
  for (const name of SIGNS) addEventListener(name, sign, { capture: true, passive: true })
  document.addEventListener('visibilitychange', turned)
  addEventListener('pagehide', leaving)
  return () => {
    clearInterval(timer)
    for (const name of SIGNS) removeEventListener(name, sign, { capture: true })
    document.removeEventListener('visibilitychange', turned)
    removeEventListener('pagehide', leaving)
  }
}
