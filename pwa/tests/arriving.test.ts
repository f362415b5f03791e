// Who comes back from a login on the office's page is in; who only has an old cookie is not.
import { beforeEach, describe, expect, it } from 'vitest'
import { arrived } from '../src/arriving'
import type { Courier, Me } from '../src/courier'

const NOW = '2026-11-29T08:02:00.000Z'
const me = (began_at: string): Me => ({
  user: 'u1',
  name: 'Kari',
  roles: [],
  demo: false,
  sealing_key: { id: 'k', public: 'p' },
  began_at,
  server_now: NOW,
})
let asked = 0
const courier = (began_at: string | null): Pick<Courier, 'me'> => ({
  me: () => {
    asked++
    return Promise.resolve(began_at === null ? { kind: 'login' } : { kind: 'ok', body: me(began_at), sent_at: 0, answered_at: 0 })
  },
})

describe('arriving', () => {
  beforeEach(() => {
    asked = 0
  })

  it('knows who has just logged in', async () => {
    expect((await arrived(courier('2026-11-29T08:01:50.000Z'), () => 'login', false))?.user).toBe('u1')
  })

  it.each(['2026-11-29T07:59:59.000Z', '2026-11-29T08:02:01.000Z', ''])('takes no other cookie for a login (%s)', async (began) => {
    expect(await arrived(courier(began), () => 'login', true)).toBeNull()
  })

  it('says nobody when the server knows nobody', async () => {
    expect(await arrived(courier(null), () => 'login', true)).toBeNull()
  })

  it('asks at a lock only about who comes from there', async () => {
    expect(await arrived(courier(NOW), () => 'locked', false)).toBeNull()
    expect(asked).toBe(0)
    expect((await arrived(courier(NOW), () => 'locked', true))?.user).toBe('u1')
  })

  it.each(['open', 'elsewhere', 'revoked'] as const)('moves nobody who is elsewhere meanwhile (%s)', async (phase) => {
    expect(await arrived(courier(NOW), () => phase, true)).toBeNull()
    let at: 'locked' | typeof phase = 'locked'
    const moves = { me: () => ((at = phase), courier(NOW).me()) }
    expect(await arrived(moves, () => at, true)).toBeNull()
  })
})
