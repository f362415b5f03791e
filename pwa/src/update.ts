// Brings the service worker in, and a new version of the app only when it is asked for.
import { SERVICE_WORKER, trusted } from './trusted'

const LOOK_AGAIN_MS = 60 * 60_000
/** A browser may hold the change-over back while the old version still answers something; a new start ends that. */
const CHANGES_WITHIN_MS = 3_000
/** What was typed is on disk before a form counts as closed, so an update need not wait longer than this for the rest. */
const CLOSES_WITHIN_MS = 2_000

export class Updates {
  #registration: ServiceWorkerRegistration | null = null
  #wanted = false
  #changed = false

  /** `free`: may the page start anew now? `before`: what must be safe first. */
  constructor(
    private readonly free: () => boolean,
    private readonly before: () => Promise<void>,
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
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', waits)
    })
    waits()
    setInterval(() => void registration.update().catch(() => undefined), LOOK_AGAIN_MS)
  }

  /** The new version starts as soon as no form is open. Where none waits yet, it is looked for. */
  apply(): void {
    this.#wanted = true
    if (!this.#registration?.waiting) void this.#registration?.update().catch(() => undefined)
    this.look()
  }

  look(): void {
    if (this.#changed) return this.#startAnew()
    const waiting = this.#registration?.waiting
    if (!this.#wanted || !waiting || !this.free()) return
    this.#wanted = false
    // The browser may take its time to change over, and somebody may have opened a form by then.
    const changed = (): void => {
      clearTimeout(late)
      navigator.serviceWorker.removeEventListener('controllerchange', changed)
      this.#changed = true
      this.look()
    }
    navigator.serviceWorker.addEventListener('controllerchange', changed)
    let late: ReturnType<typeof setTimeout> | undefined
    void this.#closed().then(() => {
      waiting.postMessage('apply')
      late = setTimeout(changed, CHANGES_WITHIN_MS)
    })
  }

  #startAnew(): void {
    if (!this.free()) return
    this.#changed = false
    void this.#closed().then(() => location.reload())
  }

  #closed(): Promise<unknown> {
    const enough = new Promise((resolve) => setTimeout(resolve, CLOSES_WITHIN_MS))
    return Promise.race([this.before().catch(() => undefined), enough])
  }
}
