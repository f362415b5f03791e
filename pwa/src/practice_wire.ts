// Who answers while somebody practises: this file, on the phone itself. The first round gets the practice records; after that nobody answers.
import { toBase64url } from './bytes'
import { practiceRecords } from './practice_records'
import { dayOf } from './written'

const USER = crypto.randomUUID()
const NAME = 'Øving'
const ROLES = ['bomiljo', 'caretaker']
let given = false

/** A key whose other half is thrown away: what is sealed here can be opened by nobody. */
async function nobodysKey(): Promise<{ id: string; public: string }> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
  return { id: 'ovelse', public: toBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))) }
}

/** Answers as the server would, and never asks it. Throws as a phone without a network does. */
export async function answerPractice(input: string | URL): Promise<Response> {
  const path = String(input)
  const now = new Date()
  if (path.endsWith('/login') || path.endsWith('/me')) {
    return Response.json({ user: USER, name: NAME, roles: ROLES, demo: false, sealing_key: await nobodysKey(), began_at: now.toISOString(), server_now: now.toISOString() })
  }
  if (path.includes('/replicas/')) return Response.json({ replica: path.slice(path.lastIndexOf('/') + 1) })
  if (path.endsWith('/sync') && !given) {
    given = true
    const scope = `me:${USER}`
    const puts = practiceRecords(USER, dayOf(now)).map(({ id, kind, body }, at) => ({ id, kind, seq: at + 1, in: [scope], body }))
    const access = { version: 1, user: USER, scopes: [scope] }
    return Response.json({ incarnation: 'ovelse', server_now: now.toISOString(), results: [], puts, cursor: 'ovelse', covered: puts.length, more: false, access })
  }
  throw new TypeError('nothing leaves a practice')
}
