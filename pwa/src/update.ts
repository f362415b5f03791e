// Brings the service worker in, and a new version of the app only when it is asked for.

interface Policy {
  createScriptURL(url: string): string
}
interface Policies {
  createPolicy(name: string, rules: Policy): Policy
}

const WORKER = '/sw.js'
const LOOK_AGAIN_MS = 60 * 60_000

/** Where the browser demands trusted script addresses, one single address is trusted. */
function trustedWorker(): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes
  if (!policies) return WORKER
  const policy = policies.createPolicy('oppgang-worker', {
    createScriptURL(url) {
      if (url !== WORKER) throw new TypeError('no other worker')
      return url
    },
  })
  return policy.createScriptURL(WORKER)
}

export class Updates {
  #registration: ServiceWorkerRegistration | null = null
  #wanted = false

  /** `free`: may the page start anew now? `before`: what must be safe first. */
  constructor(
    private readonly free: () => boolean,
    private readonly before: () => Promise<void>,
  ) {}

  /** `ready` is called when a new version waits. */
  async watch(ready: () => void): Promise<void> {
    if (!('serviceWorker' in navigator)) return
    const registration = await navigator.serviceWorker.register(trustedWorker(), { scope: '/', updateViaCache: 'none' })
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
    const waiting = this.#registration?.waiting
    if (!this.#wanted || !waiting || !this.free()) return
    this.#wanted = false
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
    void this.before().then(() => waiting.postMessage('apply'))
  }
}
