import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { addVault, listVaults, removeVault } from '../src/listed'
import { Store } from '../src/store'
import { StorageFull, StorageLost } from '../src/stored'
import { afterKill, freshDisk, leave, newPhone, type, VISIT, type Phone } from './parts'

let phone: Phone

beforeEach(async () => {
  phone = await newPhone()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** Which rows and which twins are there at one instant. */
async function keysNow(vault: string): Promise<{ rows: string[]; sealed: string[] }> {
  const db = await new Promise<IDBDatabase>((resolve) => {
    const asking = indexedDB.open(`oppgang-${vault}`)
    asking.onsuccess = () => resolve(asking.result)
  })
  const tx = db.transaction(['rows', 'sealed'])
  const [rows, sealed] = await Promise.all(
    ['rows', 'sealed'].map(
      (name) =>
        new Promise<string[]>((resolve) => {
          const asking = tx.objectStore(name).getAllKeys()
          asking.onsuccess = () => resolve((asking.result as string[]).sort())
        }),
    ),
  )
  db.close()
  return { rows: rows ?? [], sealed: sealed ?? [] }
}

/** Every byte that lies on the disk, as text. */
async function everything(): Promise<string> {
  const parts: string[] = []
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const asking = indexedDB.open(name ?? '')
      asking.onsuccess = () => resolve(asking.result)
    })
    for (const store of db.objectStoreNames) {
      const rows = await new Promise<unknown[]>((resolve) => {
        const asking = db.transaction(store).objectStore(store).getAll()
        asking.onsuccess = () => resolve(asking.result as unknown[])
      })
      JSON.stringify(rows, (_key, value: unknown) => {
        const raw = value instanceof ArrayBuffer ? new Uint8Array(value) : value
        if (raw instanceof Uint8Array) parts.push(new TextDecoder('latin1').decode(raw))
        return value
      })
      parts.push(JSON.stringify(rows))
    }
    db.close()
  }
  return parts.join('\n')
}

describe('an autosave', () => {
  it('lays the row and its sealed twin down in one strict transaction', async () => {
    const opened: { stores: string[]; durability: string | undefined }[] = []
    const real = IDBDatabase.prototype.transaction
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, names, mode, options) {
      if (mode === 'readwrite') opened.push({ stores: [names].flat() as string[], durability: options?.durability })
      return real.call(this as never, names as never, mode as never, options as never) as never
    })
    type(phone.keeper, 'outcome', 'completed')
    await phone.keeper.flush()
    expect(opened).toHaveLength(1)
    expect(opened[0]?.durability).toBe('strict')
    expect(opened[0]?.stores).toEqual(expect.arrayContaining(['rows', 'sealed', 'meta']))
  })

  it('is not said to be written before the transaction is complete', async () => {
    let completed = false
    const real = IDBDatabase.prototype.transaction
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, names, mode, options) {
      const tx = real.call(this as never, names as never, mode as never, options as never) as unknown as IDBTransaction
      tx.addEventListener('complete', () => (completed = true))
      return tx as never
    })
    type(phone.keeper, 'outcome', 'completed')
    await phone.keeper.flush()
    expect(completed).toBe(true)
  })

  it('leaves a twin that the server can open, with the same bytes', async () => {
    const mid = type(phone.keeper, 'outcome', 'completed')
    await phone.keeper.flush()
    const [twin] = await phone.keeper.store.twins('open')
    expect(twin?.mid).toBe(mid)
    expect(twin && (await phone.server.open(twin))).toMatchObject({ mid, n: 1, id: VISIT, set: { outcome: 'completed' } })
  })

  it('renews the twin for what is typed later in the same row, and closes it with the row', async () => {
    type(phone.keeper, 'outcome', 'no_answer')
    await phone.keeper.flush()
    type(phone.keeper, 'outcome', 'completed')
    await phone.keeper.flush()
    leave(phone.keeper)
    await phone.keeper.flush()
    expect(await phone.keeper.store.twins('open')).toHaveLength(0)
    const [twin, ...others] = await phone.keeper.store.twins('frozen')
    expect(others).toHaveLength(0)
    expect(twin && (await phone.server.open(twin))).toMatchObject({ set: { outcome: 'completed' } })
  })

  it('survives a kill in the middle of typing, open as it was', async () => {
    type(phone.keeper, 'outcome', 'completed')
    await phone.keeper.flush()
    type(phone.keeper, 'told', true)
    const again = await afterKill(phone)
    expect(again.state.rows).toHaveLength(1)
    expect(again.state.rows[0]).toMatchObject({ state: 'open', n: 1, set: { outcome: 'completed' } })
    expect(again.state.next_n).toBe(2)
  })

  it('never has a row without its twin, or a number without its row, whenever the kill comes', async () => {
    for (let writes = 0; writes < 6; writes++) {
      type(phone.keeper, 'outcome', 'completed', crypto.randomUUID())
      const writing = phone.keeper.flush()
      for (let looks = 0; looks < 4; looks++) {
        const killed = await afterKill(phone)
        expect(killed.state.next_n).toBe(Math.max(0, ...killed.state.rows.map((row) => row.n)) + 1)
        const { rows, sealed } = await keysNow(phone.vault)
        expect(sealed).toEqual(rows)
      }
      await writing
    }
    expect((await keysNow(phone.vault)).rows).toHaveLength(6)
  })

  it('shows nothing readable on the disk but opaque ids, kinds and times', async () => {
    await addVault({ id: phone.vault, user: 'someone', initials: 'KN' })
    const mid = type(phone.keeper, 'outcome', 'completed')
    for (const word of ['Tyttebersyltetoy', 'Kongens gate 12', 'Kari Nordli']) type(phone.keeper, 'summary', word, 'record-' + word.length)
    await phone.keeper.flush()
    const disk = await everything()
    expect(disk).toContain(mid)
    for (const word of ['Tyttebersyltetoy', 'Kongens', 'Nordli', 'summary', 'completed', VISIT]) expect(disk).not.toContain(word)
  })
})

describe('the disk', () => {
  it('refuses a record that was laid in another one’s place', async () => {
    type(phone.keeper, 'outcome', 'completed')
    type(phone.keeper, 'outcome', 'no_answer', '018f2c5e-0000-7000-8000-000000000099')
    await phone.keeper.flush()
    const db = await new Promise<IDBDatabase>((resolve) => {
      const asking = indexedDB.open(`oppgang-${phone.vault}`)
      asking.onsuccess = () => resolve(asking.result)
    })
    await new Promise<void>((resolve) => {
      const tx = db.transaction('rows', 'readwrite')
      const rows = tx.objectStore('rows')
      const all = rows.getAll()
      all.onsuccess = () => {
        const [first, second] = all.result as { data: ArrayBuffer }[]
        if (first && second) rows.put({ ...first, data: second.data })
      }
      tx.oncomplete = () => resolve()
    })
    db.close()
    const { values, damaged } = await phone.keeper.store.load()
    expect(damaged).toHaveLength(1)
    expect(damaged[0]?.store).toBe('rows')
    expect(values.rows.size).toBe(1)
    expect(await phone.keeper.store.twins('open')).toHaveLength(2)
  })

  it('says when the phone is full, keeps what was there, and writes the rest when there is room', async () => {
    type(phone.keeper, 'outcome', 'completed')
    await phone.keeper.flush()
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError')
    })
    type(phone.keeper, 'told', true)
    await expect(phone.keeper.flush()).rejects.toThrow(StorageFull)
    expect(phone.keeper.unwritten).toBe(true)
    put.mockRestore()
    expect((await afterKill(phone)).state.rows[0]?.set).toEqual({ outcome: 'completed' })
    await phone.keeper.flush()
    expect((await afterKill(phone)).state.rows[0]?.set).toEqual({ outcome: 'completed', told: true })
  })

  it('opens its connection anew when the browser has dropped it', async () => {
    const real = IDBDatabase.prototype.transaction
    let dropped = 0
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, names, mode, options) {
      if (dropped++ === 0) throw new DOMException('the connection is closing', 'InvalidStateError')
      return real.call(this as never, names as never, mode as never, options as never) as never
    })
    type(phone.keeper, 'outcome', 'completed')
    await phone.keeper.flush()
    expect((await afterKill(phone)).state.rows).toHaveLength(1)
  })

  it('lets go when another version of the app wants to upgrade', async () => {
    await phone.keeper.flush()
    const upgraded = await new Promise<boolean>((resolve) => {
      const asking = indexedDB.open(`oppgang-${phone.vault}`, 99)
      asking.onsuccess = () => {
        asking.result.close()
        resolve(true)
      }
      asking.onblocked = () => resolve(false)
    })
    expect(upgraded).toBe(true)
  })

  it('can be asked for sealed work without a key, and for nothing else', async () => {
    type(phone.keeper, 'outcome', 'completed')
    leave(phone.keeper)
    await phone.keeper.flush()
    const locked = Store.open(phone.vault, null)
    expect(await locked.countTwins('open', 'frozen')).toBe(1)
    await expect(locked.load()).rejects.toThrow()
  })
})

describe('the picture of the base', () => {
  const record = (seq: number) => ({ kind: 'dwelling', seq, in: ['org'], body: { address: `Gate ${seq}` }, gen: 1 })
  const put = (id: string, seq: number | null) =>
    phone.keeper.store.write([{ store: 'base', id, kind: 'dwelling', value: seq === null ? undefined : record(seq) }])

  it('is what the base was, with all that came and went after it', async () => {
    for (const [id, seq] of [['a', 1], ['b', 2], ['c', 3]] as const) await put(id, seq)
    await put('c', null)
    await phone.keeper.store.picture([['a', record(1)], ['b', record(2)]])
    await put('b', null)
    await put('a', 5)
    await put('d', 6)
    const { values, damaged } = await phone.keeper.store.load()
    expect(damaged).toEqual([])
    expect([...values.base].map(([id, one]) => [id, (one as { seq: number }).seq])).toEqual([['a', 5], ['d', 6]])
    await phone.keeper.store.picture([['a', record(5)], ['d', record(6)]])
    expect([...(await afterKill(phone)).state.base.keys()].sort()).toEqual(['a', 'd'])
  })

  it('that does not open is missed, so that the base is fetched anew', async () => {
    await put('a', 1)
    await phone.keeper.store.picture([['a', record(1)]])
    const db = await new Promise<IDBDatabase>((resolve) => {
      const asking = indexedDB.open(`oppgang-${phone.vault}`)
      asking.onsuccess = () => resolve(asking.result)
    })
    await new Promise<void>((resolve) => {
      const tx = db.transaction('snapshot', 'readwrite')
      const all = tx.objectStore('snapshot').getAll()
      all.onsuccess = () => tx.objectStore('snapshot').put({ ...(all.result[0] as object), data: new ArrayBuffer(64) })
      tx.oncomplete = () => resolve()
    })
    db.close()
    expect((await phone.keeper.store.load()).damaged).toEqual([{ store: 'base', id: 'base' }])
    expect((await afterKill(phone)).state.cursor).toBeNull()
  })
})

describe('what the browser threw out', () => {
  it('is missed when the whole database is gone', async () => {
    const kept = new Map<string, string>()
    vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) })
    await addVault({ id: phone.vault, user: 'someone', initials: 'KN' })
    expect(await listVaults()).toHaveLength(1)
    freshDisk()
    await expect(listVaults()).rejects.toThrow(StorageLost)
  })

  it('is missed when one vault is gone', async () => {
    freshDisk()
    await expect(Store.open(phone.vault, null).envelope()).rejects.toThrow(StorageLost)
  })

  it('is missed when the canary is gone', async () => {
    await phone.keeper.store.write([{ store: 'meta', id: 'canary', kind: 'meta', value: undefined }])
    await expect(afterKill(phone)).rejects.toThrow(StorageLost)
  })

  it('is not missed when the user threw it away', async () => {
    await addVault({ id: phone.vault, user: 'someone', initials: 'KN' })
    await phone.keeper.store.destroy()
    await removeVault(phone.vault)
    expect(await listVaults()).toEqual([])
  })
})

describe('a revoked phone with a dead line', () => {
  it('keeps sealed work and nothing else', async () => {
    type(phone.keeper, 'outcome', 'completed')
    leave(phone.keeper)
    await phone.keeper.flush()
    await phone.keeper.store.keepOnlySealed()
    await expect(phone.keeper.store.envelope()).rejects.toThrow(StorageLost)
    expect(await phone.keeper.store.twins('frozen')).toHaveLength(1)
  })
})
