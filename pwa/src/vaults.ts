// Which vaults lie on this phone, open or locked, and how one of them ends; it opens none with a key.
import type { Copy } from './copy'
import { acceptLoss, addVault, closeVault, listVaults, notesAtLock, removeVault } from './listed'
import { photoIds } from './shoebox'
import { Store } from './store'
import type { ListedVault, Lying, Twin } from './stored'
import type { Envelope } from './envelope'

export interface VaultCount {
  readonly id: string
  readonly initials: string
  readonly unsent: number
  /** Of these, what was written at the lock: it waits for the vault to be unlocked. */
  readonly noted: number
  /** Can it still be unlocked? */
  readonly usable: boolean
}

export class Vaults {
  #listed: ListedVault[] = []
  #locked = new Map<string, Store>()
  #ending = new Set<string>()
  #lost: string | null = null

  /** Throws StorageLost when the browser has thrown the list out. */
  async read(): Promise<void> {
    this.#listed = (await listVaults()).filter((vault) => !this.#ending.has(vault.id))
  }

  /** Vaults that can still be unlocked, the one asked for first. */
  usable(first: string | null): ListedVault[] {
    return this.#listed.filter((vault) => !vault.closed).sort((a, b) => Number(b.id === first) - Number(a.id === first))
  }

  of(user: string): ListedVault | null {
    return this.usable(null).find((vault) => vault.user === user) ?? null
  }

  /**
   * A vault at rest: its wrapped keys, and what lies there, which is read while the secret is on its way. Throws
   * StorageLost when it is empty, and remembers which it was.
   */
  async atRest(id: string): Promise<{ envelope: Envelope; lying: Promise<Lying | undefined> }> {
    const store = Store.open(id, null)
    try {
      const envelope = await store.envelope()
      await store.claim()
      const lying = store.lying().catch(() => undefined)
      void lying.then(() => store.close())
      return { envelope, lying }
    } catch (error) {
      store.close()
      this.#lost = id
      throw error
    }
  }

  async add(id: string, user: string, name: string): Promise<void> {
    await addVault({ id, user, initials: initialsOf(name) })
    await this.read()
  }

  /** Every vault but the open one, for carrying what is sealed in it. */
  locked(open: string | null): Store[] {
    const here = new Set(this.#listed.map((vault) => vault.id).filter((id) => id !== open))
    for (const [id, store] of this.#locked) {
      if (here.has(id)) continue
      store.retire()
      this.#locked.delete(id)
    }
    for (const id of here) if (!this.#locked.has(id)) this.#locked.set(id, Store.open(id, null))
    return [...this.#locked.values()]
  }

  /** Sealed work of every vault that is not in custody. */
  async unsent(open: Store | null): Promise<Twin[]> {
    const stores = [...this.locked(open?.vault ?? null), ...(open ? [open] : [])]
    return (await Promise.all(stores.map((store) => store.twins('open', 'frozen')))).flat()
  }

  /** Sealed copies of what is not sent, photos too; only the office can read them. */
  async exported(open: Store | null): Promise<Copy> {
    const stores = [...this.locked(open?.vault ?? null), ...(open ? [open] : [])]
    return (await import('./copy')).copyOf(await this.unsent(open), stores)
  }

  async counts(open: Store | null): Promise<VaultCount[]> {
    const stores = [...this.locked(open?.vault ?? null), ...(open ? [open] : [])]
    const counted = this.#listed.map(async ({ id, initials, closed }) => {
      const store = stores.find((one) => one.vault === id)
      const noted = await notesAtLock(id).then((ids) => ids.length, () => 0)
      return { id, initials, usable: !closed, noted, unsent: noted + (store ? await unsentIn(store).catch(() => 0) : 0) }
    })
    return Promise.all(counted)
  }

  /** Has the vault that is asked for first no key of a lease left here? Of one that is open, nothing is said. */
  async isShut(first: string | null): Promise<boolean> {
    const [asked] = this.usable(first)
    const envelope = await this.#locked.get(asked?.id ?? '')?.envelope().catch(() => null)
    return envelope ? Object.keys(envelope.lease).length === 0 : false
  }

  /** The vault goes: off the list first, so that nothing opens what is being thrown away. */
  async end(store: Store): Promise<void> {
    await this.#leave(store)
    await store.destroy()
    await removeVault(store.vault)
    this.#ending.delete(store.vault)
  }

  /** Everything readable goes; what is sealed and not yet delivered stays to be carried. */
  async closeFor(store: Store): Promise<void> {
    await store.keepOnlySealed()
    await closeVault(store.vault)
    store.close()
    await this.read()
  }

  /** The loss has been shown: what is gone is taken off the list. */
  async acceptLoss(): Promise<void> {
    if (this.#lost) await removeVault(this.#lost)
    this.#lost = null
    await acceptLoss()
    await this.read()
  }

  async #leave(store: Store): Promise<void> {
    this.#ending.add(store.vault)
    await this.read()
    this.locked(null)
  }
}

/** What would be missed if the phone were: words, and photos, each of which has words of its own until those are sent. */
async function unsentIn(store: Store): Promise<number> {
  return Math.max(await store.countTwins('open', 'frozen'), (await photoIds(store, 'waiting')).length)
}

/** Two letters, enough to find one's own vault on a shared phone and not enough to be a name. */
function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '')
  const ends = [words[0], words.length > 1 ? words[words.length - 1] : '']
  return ends.map((word) => word?.charAt(0) ?? '').join('').toUpperCase()
}
