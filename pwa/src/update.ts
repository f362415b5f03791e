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

/** `ready` is called when a new version waits. The answer makes it the running one, and the page starts anew. */
export async function keepUpdated(ready: () => void): Promise<() => void> {
  if (!('serviceWorker' in navigator)) return () => undefined
  const { serviceWorker } = navigator
  const registration = await serviceWorker.register(trustedWorker(), { scope: '/', updateViaCache: 'none' })
  const waits = (): void => {
    if (registration.waiting && serviceWorker.controller) ready()
  }
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', waits)
  })
  waits()
  setInterval(() => void registration.update().catch(() => undefined), LOOK_AGAIN_MS)
  return () => {
    serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
    registration.waiting?.postMessage('apply')
  }
}
