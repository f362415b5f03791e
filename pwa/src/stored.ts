// What lies in the phone's store: its shapes, and the ways in which a disk fails.
import type { Bytes } from './bytes'
import type { Envelope, Label, Parcel } from './envelope'

export type StoreName = 'base' | 'rows' | 'shelf' | 'meta' | 'snapshot'
export type TwinState = 'open' | 'frozen' | 'custody' | 'covered'

/** One stored value; `value` undefined drops it. `row` and `twin` belong to the store `rows` alone. */
export interface Entry {
  readonly store: StoreName
  readonly id: string
  readonly kind: string
  readonly value: unknown
  readonly row?: { readonly n: number; readonly state: TwinState }
  readonly twin?: Parcel
}

/** What the vault lends the store: keys stay with the vault. */
export interface Guard {
  epoch(store: StoreName, kind: string): string
  /** Was it written under a key that is not here now? It stays where it lies. */
  isShut(epoch: string): boolean
  encrypt(label: Label, plain: Bytes): Promise<ArrayBuffer>
  decrypt(label: Label, data: ArrayBuffer): Promise<Bytes>
}

/** One encrypted value as it lies on the disk: beside it only opaque ids, kinds, times and counts. */
export interface Cell {
  id: string
  kind: string
  updated: number
  write: number
  epoch: string
  data: ArrayBuffer
  mid?: string
  n?: number
  state?: TwinState
}

/** A sealed mutation on its way: readable by the server alone. */
export interface Twin {
  readonly mid: string
  readonly replica: string
  readonly n: number
  readonly state: TwinState
  readonly key: string
  readonly updated: number
  readonly enc: ArrayBuffer
  readonly ciphertext: ArrayBuffer
  readonly signature: ArrayBuffer
}

/** waiting: the server does not have it all · sent: it does · stored: the feed has said so (I-19). */
export type PhotoState = 'waiting' | 'sent' | 'stored'

/**
 * One photo's bytes, under a key of its own. The key lies beside them twice: wrapped for this vault, and sealed to
 * the server, so that bytes of a vault that nobody can open any more can still be delivered.
 */
export interface KeptPhoto {
  readonly id: string
  readonly state: PhotoState
  readonly updated: number
  readonly data: ArrayBuffer
  readonly key: ArrayBuffer
  readonly sealed: SealedKey
}

export interface SealedKey {
  readonly replica: string
  readonly key: string
  readonly enc: ArrayBuffer
  readonly ciphertext: ArrayBuffer
  readonly signature: ArrayBuffer
}

/** Everything readable of a vault as it lay on the disk at one instant, encrypted. */
export interface Lying {
  /** How much this page had written when it was read. */
  readonly at: number
  readonly picture: Cell | undefined
  readonly base: Cell[]
  readonly rows: Cell[]
  readonly shelf: Cell[]
  readonly meta: Cell[]
}

export interface Loaded {
  readonly values: Record<StoreName, Map<string, unknown>>
  readonly damaged: { readonly store: StoreName; readonly id: string }[]
}

export interface ListedVault {
  readonly id: string
  readonly user: string
  readonly initials: string
  /** Nothing readable is left: only sealed work that still has to be carried. */
  readonly closed?: boolean
}

/** The phone is full: nothing of the last write was kept, everything before it was. */
export class StorageFull extends Error {}
/** Another page has opened the vault since: what this one has not written is not its to write any more. */
export class StorageTaken extends Error {}
/** A vault is listed, but what it held is gone: the browser threw it out. */
export class StorageLost extends Error {}
/** What was to be a photo is none that this browser can read, or cannot be made small enough; the message is for the screen. */
export class UnreadablePicture extends Error {}

const nameOf = (error: unknown): string => (error instanceof Error || error instanceof DOMException ? error.name : '')
/** The browser has no more room for us. */
export const isFull = (error: unknown): boolean => nameOf(error) === 'QuotaExceededError'
/** The browser has dropped the connection. */
export const isBroken = (error: unknown): boolean => ['InvalidStateError', 'UnknownError'].includes(nameOf(error))

/** One vault's database. */
export type VaultSchema = {
  base: { key: string; value: Cell; indexes: { write: number } }
  rows: { key: string; value: Cell }
  shelf: { key: string; value: Cell }
  meta: { key: string; value: Cell }
  snapshot: { key: string; value: Cell }
  sealed: { key: string; value: Twin; indexes: { state: TwinState } }
  photos: { key: string; value: KeptPhoto; indexes: { state: PhotoState } }
  /** The wrapped keys, or what is left of them, and which page was the last to open the vault. */
  envelope: { key: string; value: Envelope | Parcel | string }
}

/** The phone's own: which vaults there are. */
export type PhoneSchema = {
  vaults: { key: string; value: ListedVault }
  phone: { key: string; value: string }
}
