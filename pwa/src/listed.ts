// What this phone knows without any key: which vaults lie on it, its own id, and settings that are no secret. No content.
import { MARK, onPhone, Store } from './store'
import { StorageLost, type ListedVault } from './stored'

/** A number outside the databases, so that a database that the browser threw out is missed. */
const marked = (): number => Number(globalThis.localStorage?.getItem(MARK) ?? 0)
const mark = (vaults: number): void => globalThis.localStorage?.setItem(MARK, String(vaults))

/** The vaults on this phone: an id, a user's id and initials. Throws StorageLost when there used to be more. */
export function listVaults(): Promise<ListedVault[]> {
  return onPhone(async (db) => {
    const vaults = await db.getAll('vaults')
    if (vaults.length < marked()) throw new StorageLost('the list of vaults is gone')
    return vaults
  })
}

export function addVault(vault: ListedVault): Promise<void> {
  return onPhone(async (db) => {
    const tx = db.transaction('vaults', 'readwrite', { durability: 'strict' })
    void tx.store.put(vault)
    await tx.done
    mark(await db.count('vaults'))
  })
}

export function removeVault(id: string): Promise<void> {
  return onPhone(async (db) => {
    mark((await db.count('vaults')) - (await db.count('vaults', id))) // first: a kill in between is no loss
    await db.delete('vaults', id)
    for (const kind of ['note', 'look'] as const) await db.delete('phone', rangeOf(kind, id))
  })
}

export function closeVault(id: string): Promise<void> {
  return onPhone(async (db) => {
    const vault = await db.get('vaults', id)
    if (vault) await db.put('vaults', { ...vault, closed: true })
  })
}

/** The loss has been shown: count from what is left. */
export function acceptLoss(): Promise<void> {
  return onPhone(async (db) => mark(await db.count('vaults')))
}

/** Every vault of this room goes: what was practised is nobody's to keep. */
export async function clearTable(): Promise<void> {
  const vaults = await onPhone((db) => db.getAll('vaults'))
  for (const { id } of vaults) {
    await Store.open(id, null).destroy()
    await removeVault(id)
  }
}

/** This browser's own id, made once. */
export function installation(): Promise<string> {
  return onPhone(async (db) => {
    const known = await db.get('phone', 'installation')
    if (known) return known
    const made = crypto.randomUUID()
    await db.put('phone', made, 'installation')
    return made
  })
}

/** The notes that were written at a vault's lock, in the order they were begun: their ids, and no word of them. */
export const notesAtLock = (vault: string): Promise<string[]> => lyingOf('note', vault)

/** What lies sealed beside a vault: notes from its lock, and what was opened in it; their ids. */
export async function lyingOf(kind: 'note' | 'look', vault: string): Promise<string[]> {
  const keys = await onPhone((db) => db.getAllKeys('phone', rangeOf(kind, vault)))
  return keys.map((key) => key.slice(key.lastIndexOf('|') + 1))
}

const rangeOf = (kind: 'note' | 'look', vault: string): IDBKeyRange => IDBKeyRange.bound(`${kind}|${vault}|`, `${kind}|${vault}|~`)

/** How large the letters are; whether this is a demo; whether a log-out still has to be told to the server; whether residents hold the phone. */
export type Setting = 'text_size' | 'demo' | 'logged_out' | 'handed'

/** In the order they are asked for; all in one opening of the database, for the first screen waits for them. */
export function settings(names: readonly Setting[]): Promise<(string | null)[]> {
  return onPhone((db) => Promise.all(names.map(async (name) => (await db.get('phone', name)) ?? null)))
}

/** Null takes the setting away. */
export function keepSetting(name: Setting, value: string | null): Promise<void> {
  return onPhone(async (db) => {
    if (value === null) await db.delete('phone', name)
    else await db.put('phone', value, name)
  })
}
