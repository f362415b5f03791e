// Sees to it that one tab at a time holds the app: two would write over each other's vault.
import { ROOM } from './practice'

const WRITER = `${ROOM}-writer`
const CHANNEL = ROOM
const POLITE_MS = 3_000
/** A page that was left a moment ago may hold the app a little longer. */
const LEAVING_MS = 700

export class Tabs {
  #release: (() => void) | null = null
  #channel: BroadcastChannel | null = null

  /** `yielding` is called when another tab asks for the app; what must be written first is written before it resolves. */
  constructor(private readonly yielding: () => Promise<void>) {}

  /** True when this tab has the app from now on. */
  async hold(): Promise<boolean> {
    this.#listen()
    if (!navigator.locks) return true
    return (await this.#request({ ifAvailable: true })) || this.#request({ signal: AbortSignal.timeout(LEAVING_MS) })
  }

  /** Asks the other tab to write and let go; a tab that does not answer loses the app. */
  async take(): Promise<boolean> {
    this.#channel?.postMessage('let go')
    return (await this.#request({ signal: AbortSignal.timeout(POLITE_MS) })) || this.#request({ steal: true })
  }

  /** One round with the server at a time, over tabs. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    return navigator.locks ? ((await navigator.locks.request(`${ROOM}-sync`, work)) as T) : work()
  }

  #listen(): void {
    if (this.#channel || typeof BroadcastChannel === 'undefined') return
    this.#channel = new BroadcastChannel(CHANNEL)
    this.#channel.onmessage = (event) => {
      if (event.data === 'let go' && this.#release) void this.#yield()
    }
  }

  async #yield(): Promise<void> {
    const release = this.#release
    this.#release = null
    await this.yielding()
    release?.()
  }

  #request(options: LockOptions): Promise<boolean> {
    return new Promise((held) => {
      navigator.locks
        .request(WRITER, options, (lock) => {
          held(lock !== null)
          return lock === null ? undefined : new Promise<void>((release) => (this.#release = release))
        })
        .catch(() => {
          held(false)
          if (this.#release) void this.#yield()
        })
    })
  }
}
