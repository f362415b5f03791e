// What this phone really holds, one digest for each scope: the server works out the same and mends what differs (I-16).
import type { State } from '../../sync/phone'

/** So few that no frame waits for them. */
const AT_ONCE = 100

/** XOR over a scope's records of the first 8 bytes of SHA-256(`id:seq`), in 16 hexadecimal digits; nothing for an empty scope. */
export async function digestsOf(base: State['base']): Promise<Record<string, string>> {
  const sums = new Map<string, bigint>()
  const records = [...base]
  for (let from = 0; from < records.length; from += AT_ONCE) {
    await Promise.all(
      records.slice(from, from + AT_ONCE).map(async ([id, { seq, in: scopes }]) => {
        const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${id}:${seq}`))
        const link = new DataView(hash).getBigUint64(0)
        for (const scope of scopes) sums.set(scope, (sums.get(scope) ?? 0n) ^ link)
      }),
    )
  }
  return Object.fromEntries([...sums].map(([scope, sum]) => [scope, sum.toString(16).padStart(16, '0')]))
}
