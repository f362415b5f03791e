// Where the browser demands trusted script addresses: the app's two workers are, and nothing else.
import stretching from './stretch_worker?worker&url'

interface Policy {
  createScriptURL(url: string): string
}
interface Policies {
  createPolicy(name: string, rules: Policy): Policy
}

export const SERVICE_WORKER = '/sw.js'
const OURS: readonly string[] = [SERVICE_WORKER, stretching]
let policy: Policy | undefined

/** The address as the browser wants it. Throws for any other than our own. */
export function trusted(url: string): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes
  if (!policies) return url
  policy ??= policies.createPolicy('oppgang-worker', {
    createScriptURL(asked) {
      if (!OURS.includes(asked)) throw new TypeError('no other worker')
      return asked
    },
  })
  return policy.createScriptURL(url)
}
