// Brings the service worker in, and a new version of the app only when it is asked for.
import { SERVICE_WORKER, trusted } from './trusted'

const LOOK_AGAIN_MS = 60 * 60_000

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
    navigator.serviceWorker.addEventListener('controllerchange', () => ((this.#changed = true), this.look()), { once: true })
    void this.before().finally(() => waiting.postMessage('apply'))
  }

  #startAnew(): void {
    if (!this.free()) return
    this.#changed = false
    void this.before().finally(() => location.reload())
  }
}
