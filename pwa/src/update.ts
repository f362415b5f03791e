// Brings the service worker in, and a new version of the app only when it is asked for.
import { SERVICE_WORKER, trusted } from './trusted'

const LOOK_AGAIN_MS = 60 * 60_000

export class Updates {
  #registration: ServiceWorkerRegistration | null = null
  #wanted = false
  #asked = false
  #changed = false
  #closing = false

  /** `free`: may the page start anew now? `before`: makes everything safe first, and says whether it is. */
  constructor(
    private readonly free: () => boolean,
    private readonly before: () => Promise<boolean>,
  ) {}

  /** `ready` is called when a new version waits. */
  async watch(ready: () => void): Promise<void> {
    if (!('serviceWorker' in navigator)) return
    const registration = await navigator.serviceWorker.register(trusted(SERVICE_WORKER), { scope: '/', updateViaCache: 'none' })
    this.#registration = registration
    const waits = (): void => {
      if (!registration.waiting || !navigator.serviceWorker.controller) return
      ready()
      this.look()
    }
    const follow = (): void => registration.installing?.addEventListener('statechange', waits)
    registration.addEventListener('updatefound', follow)
    navigator.serviceWorker.addEventListener('controllerchange', () => this.#changedOver())
    follow()
    waits()
    setInterval(() => void registration.update().catch(() => undefined), LOOK_AGAIN_MS)
  }

  /** The new version starts as soon as no form is open. Where none waits yet, it is looked for. */
  apply(): void {
    this.#wanted = true
    if (!this.#registration?.waiting) void this.#registration?.update().catch(() => undefined)
    this.look()
  }

  /** Goes one step on when no form is open; to be called whenever one closes. */
  look(): void {
    if (this.#closing || !this.free() || !this.#next()) return
    this.#closing = true
    const closed = (safe: boolean): void => {
      this.#closing = false
      if (safe && this.free()) this.#next()?.()
    }
    void this.before().then(closed, () => closed(false))
  }

  #next(): (() => void) | undefined {
    if (this.#changed) return () => location.reload()
    const waiting = this.#registration?.waiting
    if (!this.#wanted || !waiting) return undefined
    return () => {
      this.#wanted = false
      this.#asked = true
      waiting.postMessage('apply')
    }
  }

  /** The browser may take its time to change over, and somebody may have opened a form by then. */
  #changedOver(): void {
    if (!this.#asked) return
    this.#changed = true
    this.look()
  }
}
