import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Courier } from '../src/courier'
import type { News } from '../src/desk'
import type { Keeper } from '../src/keeper'
import { Rounds } from '../src/rounds'
import { Store } from '../src/store'
import { afterKill, json, leave, newPhone, problem, spoil, takesAll, type, USER, wire, type Asked, type Phone } from './parts'

let phone: Phone
let open: Keeper | null
let news: News[]
let closed: number
let maySpeak: boolean
let rounds: Rounds

beforeEach(async () => {
  phone = await newPhone('here')
  open = phone.keeper
  news = []
  closed = 0
  maySpeak = true
})
afterEach(() => rounds.stop())

/** The phone's rounds against a server that answers as told. */
function against(say: (asked: Asked) => Response | 'dead'): Asked[] {
  const line = wire(say)
  rounds = new Rounds(new Courier(line.wire), {
    app: 'test',
    keeper: () => open,
    lockedStores: async () => (open ? [] : [Store.open(phone.vault, null)]),
    installation: async () => 'installation',
    maySpeak: async () => maySpeak,
    inFlight: () => undefined,
    heard: (one) => void news.push(one),
    revoked: async () => void closed++, unopenable: async () => undefined,
    trouble: (error) => {
      throw error
    },
    alone: (work) => work(),
    random: () => 0.5,
    newId: () => crypto.randomUUID(),
  })
  return line.asked
}

const write = async (count: number): Promise<string[]> => {
  const mids = Array.from({ length: count }, (_, at) => {
    const id = `018f2c5e-0000-7000-8000-${String(at).padStart(12, '0')}`
    const mid = type(phone.keeper, 'outcome', 'completed', id)
    leave(phone.keeper, id)
    return mid
  })
  await phone.keeper.flush()
  return mids
}

const unsent = (): number => phone.keeper.state.rows.filter((row) => row.state === 'open' || row.state === 'frozen').length
const pushed = (asked: Asked): string[] => (asked.body['push'] as unknown as { mid: string }[]).map(({ mid }) => mid)
const heard = (): string[] => news.map((one) => one.kind)

describe('a round', () => {
  it('sends what is frozen, gzipped, and takes nothing for sent that was not answered', async () => {
    const mids = await write(3)
    const asked = against((one) => json({ ...takesAll(one), results: takesAll(one).results.slice(0, 2) }))
    await rounds.sync()
    expect(asked[0]?.headers.get('Content-Encoding')).toBe('gzip')
    expect(asked[0]?.headers.get('X-Oppgang')).toBe('1')
    expect(asked[0] && pushed(asked[0])).toEqual(mids)
    expect(asked[1] && pushed(asked[1])).toEqual(mids.slice(2))
    expect((await afterKill(phone)).profile.last_received_at).not.toBeNull()
  })

  it('leaves an open row alone', async () => {
    type(phone.keeper, 'outcome', 'completed')
    const asked = against((one) => json(takesAll(one)))
    await rounds.sync()
    expect(asked.map(pushed)).toEqual([[]])
    expect(unsent()).toBe(1)
  })

  it('keeps everything when the answer was lost, and sends the same again', async () => {
    const [mid] = await write(1)
    let lost = 3
    const asked = against((one) => (lost-- > 0 ? 'dead' : json(takesAll(one))))
    for (let tries = 0; tries < 4; tries++) await rounds.sync()
    expect(asked.map(pushed)).toEqual([[mid], [mid], [mid], [mid]])
    expect(unsent()).toBe(0)
    expect(heard()).toEqual(['unreachable', 'unreachable', 'unreachable', 'answered'])
  })

  it.each(['half', '<html>Logg inn på nettet</html>', '', '{"status":"ok"}', 'null', '{"incarnation":"b","server_now":"2026-11-23T08:00:00.000Z"}'])(
    'believes no stranger on the line and no half answer: %j',
    async (said) => {
      await write(2)
      const asked = against((one) => new Response(said === 'half' ? JSON.stringify(takesAll(one)).slice(0, 40) : said, { status: 200 }))
      for (let tries = 0; tries < 2; tries++) await rounds.sync()
      expect([unsent(), phone.keeper.state.incarnation, heard()]).toEqual([2, null, ['unreachable', 'unreachable']])
      expect(asked.map((one) => pushed(one).length)).toEqual([2, 1])
    },
  )

  it.each([500, 502, 413])('halves what it sends after %i, and gets through', async (status) => {
    const mids = await write(8)
    const asked = against((one) => (pushed(one).length > 2 ? json({}, status) : json(takesAll(one))))
    for (let tries = 0; tries < 4 && unsent() > 0; tries++) await rounds.sync()
    expect(asked.slice(0, 3).map((one) => pushed(one).length)).toEqual([8, 4, 2])
    expect(new Set(asked.flatMap(pushed))).toEqual(new Set(mids))
    for (let tries = 0; tries < 8 && unsent() > 0; tries++) await rounds.sync()
    expect(unsent()).toBe(0)
  })

  it('finds the one that cannot be read, sets it aside as a parcel and sends its neighbours', async () => {
    const mids = await write(9)
    const bad = mids[4] ?? ''
    const asked = against((one) => {
      if (one.path === '/api/v1/parcels') return json({}, 400)
      return pushed(one).includes(bad) ? json({}, 400) : json(takesAll(one))
    })
    await rounds.sync()
    expect(unsent()).toBe(1)
    expect(phone.keeper.state.rows.find((row) => row.mid === bad)).toMatchObject({ state: 'frozen', aside: true })
    expect(await phone.keeper.store.twins('frozen')).toHaveLength(1)
    expect(asked.filter((one) => one.path === '/api/v1/sync').length).toBeLessThan(20)
  })

  it('sends sealed when the session has ended, and asks for a login', async () => {
    const mids = await write(2)
    const asked = against((one) => {
      if (one.path !== '/api/v1/parcels') return json({}, 401)
      const parcels = one.body['parcels'] as unknown as { mid: string }[]
      return json({ results: parcels.map(({ mid }) => ({ mid, state: 'in_custody' })) })
    })
    await rounds.sync()
    expect(heard()).toContain('session_over')
    expect(asked[1]?.path).toBe('/api/v1/parcels')
    expect(JSON.stringify(asked[1]?.body)).not.toContain('completed')
    const again = await afterKill(phone)
    expect(again.state.rows.map((row) => [row.mid, row.custody])).toEqual(mids.map((mid) => [mid, true]))
  })

  it('does nothing to the vault when another user is logged in, but carries its sealed work', async () => {
    await write(1)
    const before = phone.keeper.state.cursor
    against((one) => (one.path === '/api/v1/parcels' ? json({ results: [] }) : json({}, 409)))
    await rounds.sync()
    expect(heard()).toContain('wrong_user')
    expect(phone.keeper.state.cursor).toBe(before)
    expect(phone.keeper.state.rows[0]?.custody).toBeUndefined()
  })

  it('hands over to the last words when the office has closed the phone', async () => {
    await write(2)
    const asked = against((one) => {
      if (one.path !== '/api/v1/parcels') return problem('device_revoked', 410)
      const parcels = one.body['parcels'] as unknown as { mid: string }[]
      return json({ results: parcels.map(({ mid }) => ({ mid, state: 'in_custody' })) })
    })
    await rounds.sync()
    expect(closed).toBe(1)
    type(phone.keeper, 'told', true)
    await phone.keeper.flush()
    expect(await rounds.deliver(phone.keeper.store)).toEqual({ taken: 3, left: 0 })
    expect(asked.at(-1)?.path).toBe('/api/v1/parcels')
  })

  it('waits as long as the server says, and then some', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      await write(1)
      let calls = 0
      against((one) => (calls++ === 0 ? json({}, 429, { 'Retry-After': '60' }) : json(takesAll(one))))
      rounds.start()
      await vi.waitFor(() => expect(calls).toBe(1), { timeout: 60_000 })
      await vi.advanceTimersByTimeAsync(59_000)
      expect(calls).toBe(1)
      await vi.advanceTimersByTimeAsync(60_000)
      await vi.waitFor(() => expect(calls).toBe(2), { timeout: 60_000 })
    } finally {
      vi.useRealTimers()
    }
  })

  it('gives a line up when nothing has moved for a while', async () => {
    await write(2)
    const silent = against(() => new Response(new ReadableStream({}), { status: 200 }))
    await rounds.sync()
    expect(silent).toHaveLength(1)
    expect(unsent()).toBe(2)
    expect(heard()).toEqual(['unreachable'])
  })

  it('tells the server its key before its first round', async () => {
    phone = await newPhone()
    open = phone.keeper
    const asked = against((one) => json(one.method === 'PUT' ? { replica: phone.keeper.state.replica } : takesAll(one)))
    await rounds.sync()
    expect(asked[0]).toMatchObject({ method: 'PUT', path: `/api/v1/replicas/${phone.keeper.state.replica}` })
    expect(asked[0]?.body).toMatchObject({ user: USER, public_key: phone.open.signing_public, contract: 1 })
    expect((await afterKill(phone)).profile.registered).toBe(phone.keeper.state.replica)
  })

  it('starts a new replica when the server has seen its numbers before', async () => {
    await write(1)
    const first = phone.keeper.state.replica
    const asked = against((one) => {
      if (one.method === 'PUT') return json({})
      const reply = takesAll(one)
      return json({ ...reply, results: reply.results.map((result) => ({ ...result, fork: true })) })
    })
    await rounds.sync()
    await rounds.sync()
    expect(phone.keeper.state.replica).not.toBe(first)
    expect(asked.some((one) => one.method === 'PUT')).toBe(true)
  })

  it('goes on while the server has more', async () => {
    let pages = 3
    const asked = against((one) => json(takesAll(one, { more: --pages > 0, cursor: `1.${pages}` })))
    await rounds.sync()
    expect(asked.map((one) => one.body['cursor'])).toEqual([null, '1.2', '1.1'])
  })
})

describe('a log-out that the server has not heard of', () => {
  it('keeps the open vault from speaking with the session that should have ended', async () => {
    await write(1)
    maySpeak = false
    const asked = against((one) => json(takesAll(one)))
    await rounds.sync()
    expect(asked).toEqual([])
    maySpeak = true
    await rounds.sync()
    expect(asked.map((one) => one.path)).toEqual(['/api/v1/sync'])
  })
})

describe('a row that the phone cannot read any more', () => {
  it('reaches the office as its sealed twin, half-typed or not', async () => {
    const [mid] = await write(1)
    const half = type(phone.keeper, 'told', true)
    await phone.keeper.flush()
    await spoil(phone.vault)
    const again = await afterKill(phone)
    expect(again.damaged).toBe(true)
    expect(again.state.rows).toEqual([])
    open = again
    const parcels: string[] = []
    against((one) => {
      if (one.path !== '/api/v1/parcels') return json(takesAll(one))
      const sent = one.body['parcels'] as unknown as { mid: string }[]
      parcels.push(...sent.map((parcel) => parcel.mid))
      return json({ results: sent.map((parcel) => ({ mid: parcel.mid, state: 'in_custody' })) })
    })
    await rounds.sync()
    await rounds.sync()
    expect(parcels).toEqual([mid, half])
  })
})

describe('a locked phone', () => {
  it('sends its sealed work without a key, once, and not what is still open', async () => {
    await write(2)
    type(phone.keeper, 'told', true)
    await phone.keeper.flush()
    phone.keeper.close()
    open = null
    const asked = against((one) => {
      const parcels = one.body['parcels'] as unknown as { mid: string }[]
      return json({ results: parcels.map(({ mid }) => ({ mid, state: 'in_custody' })) })
    })
    await rounds.sync()
    await rounds.sync()
    expect(asked.map((one) => [one.path, (one.body['parcels'] as unknown[]).length])).toEqual([['/api/v1/parcels', 2]])
    const store = Store.open(phone.vault, null)
    expect(await store.countTwins('open')).toBe(1)
    expect(await store.countTwins('custody')).toBe(2)
  })

  it('delivers the half-typed too when the vault is given up', async () => {
    await write(1)
    const mid = type(phone.keeper, 'told', true)
    await phone.keeper.flush()
    const asked = against((one) => {
      const parcels = one.body['parcels'] as unknown as { mid: string }[]
      return json({ results: parcels.map((parcel) => ({ mid: parcel.mid, state: 'in_custody' })) })
    })
    expect(await rounds.deliver(phone.keeper.store)).toEqual({ taken: 2, left: 0 })
    expect(JSON.stringify(asked[0]?.body)).toContain(mid)
  })

  it('counts as left what the server did not name', async () => {
    await write(2)
    against((one) => {
      const [first] = one.body['parcels'] as unknown as { mid: string }[]
      return json({ results: [{ mid: first?.mid, state: 'in_custody' }] })
    })
    expect(await rounds.deliver(phone.keeper.store)).toEqual({ taken: 1, left: 1 })
  })
})
