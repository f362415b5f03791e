// Ends what this phone may read, and opens it again when the office has given its key back. No key passes through here unwrapped.
import { freeze, inCustody, loadVault } from '../../sync/phone'
import { parcelOf } from './courier'
import type { Envelope } from './envelope'
import type { Keeper } from './keeper'
import { granted, LEASED, over, type Leased } from './leases'
import { GONE } from './store'
import type { OpenVault } from './vault'

/** Lays the leases' keys down sealed to the server, once, so that they can be ended and given back. */
export async function deposit(keeper: Keeper): Promise<void> {
  if (keeper.vault.shut.length > 0) return
  const { replica } = keeper.state
  await keeper.rekey((envelope) => (envelope.deposit ? envelope : keeper.vault.deposited(envelope, replica)))
}

/**
 * Ends the leases that have run out: their keys leave the disk, then memory. What is half written is finished first, so
 * that its sealed twin is sent. What is in the keeper is then to be read anew.
 */
export async function end(keeper: Keeper): Promise<void> {
  keeper.apply(freeze(keeper.state, null))
  await layOut(keeper)
  keeper.vault.end(over(keeper.profile.leases, true))
}

/** Lays on the disk the keys of those leases that last when the vault is closed, and takes the others from it. */
export async function layOut(keeper: Keeper): Promise<void> {
  const ended = over(keeper.profile.leases, true)
  const { lease } = await keeper.store.envelope()
  if (ended.some((which) => lease[which])) await putRight(keeper)
  await keeper.flush()
  await deposit(keeper)
  await keeper.rekey((envelope) => laidOut(envelope, keeper.vault, ended))
}

/** The envelope with the keys of all leases that are open here, but for these; the same when it is so already. */
export function laidOut(envelope: Envelope, { lease }: OpenVault, without: readonly Leased[]): Envelope {
  const kept = LEASED.filter((which) => lease[which] && !without.includes(which))
  if (LEASED.every((which) => kept.includes(which) === Boolean(envelope.lease[which]))) return envelope
  return { ...envelope, lease: Object.fromEntries(kept.map((which) => [which, lease[which]])) }
}

/** What the office is asked to give back: by part, as it was sealed. */
export async function deposits(keeper: Keeper): Promise<Record<string, ReturnType<typeof parcelOf>>> {
  const { deposit: sealed } = await keeper.store.envelope()
  if (!sealed) return {}
  return Object.fromEntries(keeper.vault.shut.map((which) => [which, parcelOf(sealed[which])]))
}

/**
 * The office has given keys back: what they open is read in beside what is here, and what was written meanwhile stands.
 * Throws when they open nothing here.
 */
export async function readmit(keeper: Keeper, back: Readonly<Record<string, unknown>>): Promise<void> {
  const { shut } = keeper.vault
  keeper.reading = true
  try {
    const reopened = async (envelope: Envelope): Promise<Envelope> => {
      const whole = await keeper.vault.reopened(envelope, back)
      return keeper.profile.leases?.network_only ? envelope : whole
    }
    await keeper.rekey(reopened).catch((error: unknown) => {
      if (keeper.vault.shut.length > 0) throw new OpensNothing('no key of this vault', { cause: error })
    })
    await keeper.flush().catch(() => undefined) // what finds no room is in memory, and stands over what is read
    await readIn(keeper)
  } catch (error) {
    keeper.vault.end(shut)
    throw error
  } finally {
    keeper.reading = false
  }
}

/** What the office gave back opens nothing here. */
export class OpensNothing extends Error {}

async function readIn(keeper: Keeper): Promise<void> {
  const { values } = await keeper.store.load()
  const carried = (await keeper.store.twins('custody')).map((twin) => twin.mid)
  const { base, rows, shelf, ...meta } = keeper.state
  const all = <T>(read: ReadonlyMap<string, unknown>, here: Iterable<readonly [string, T]>): Map<string, T> =>
    new Map([...(read as ReadonlyMap<string, T>), ...here])
  const written = new Set([...rows, ...shelf].map(({ mid }) => mid))
  const state = loadVault(
    meta,
    all(values.base, base),
    all(values.rows, rows.map((row) => [row.mid, row] as const)).values(),
    all(values.shelf, shelf.map((item) => [item.mid, item] as const)).values(),
    meta.contract,
  )
  keeper.unread = 0
  keeper.reading = false
  renew(keeper)
  keeper.apply(inCustody(state, carried))
  underLease(keeper, written)
  keeper.conceal()
}

/** What was written under the user's own key while the rest was shut lies under the lease again. */
function underLease(keeper: Keeper, written: ReadonlySet<string>): void {
  const { state } = keeper
  const mine = <T extends { mid: string }>(all: readonly T[]): T[] => all.filter(({ mid }) => written.has(mid))
  const rows = mine(state.rows).map((value) => ({ act: 'put', store: 'rows', key: value.mid, value }) as const)
  const shelf = mine(state.shelf).map((value) => ({ act: 'put', store: 'shelf', key: value.mid, value }) as const)
  keeper.apply({ state, changes: [...rows, ...shelf] })
}

/** Contact is what a lease is given for: it lasts from now, by the clock as it is known, until the next answer says more. */
function renew(keeper: Keeper): void {
  const { leases, policy } = keeper.profile
  const given = leases && granted(policy?.lease, new Date(leases.reached).toISOString())
  if (given) keeper.know({ leases: { ...given, behind: leases.behind } })
}

/** An older app took less for personal: what lies under another key than its kind is written under now is written anew. */
async function putRight(keeper: Keeper): Promise<void> {
  const { store, state } = keeper
  const { base } = await store.lying(false)
  const changes = base.flatMap(({ id, kind, epoch }) => {
    const value = kind === GONE || epoch === store.guard?.epoch('base', kind) ? undefined : state.base.get(id)
    return value ? [{ act: 'put', store: 'base', key: id, value } as const] : []
  })
  keeper.apply({ state, changes })
}
