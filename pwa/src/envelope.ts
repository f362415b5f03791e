// The shapes of what the vault gives out: wrapped keys, labels and parcels. No key is among them.
import type { Bytes } from './bytes'

/** What a stored record is bound to: its bytes open under no other name, write or key. */
export interface Label {
  readonly kind: string
  readonly id: string
  readonly write: number
  readonly epoch: string
}

export interface PassphraseSlot {
  readonly kind: 'passphrase'
  readonly salt: Bytes
  readonly memory_kib: number
  readonly passes: number
  readonly lanes: number
  readonly wrapped: Bytes
}

export interface PasskeySlot {
  readonly kind: 'passkey'
  readonly credential: Bytes
  readonly salt: Bytes
  readonly wrapped: Bytes
}

export type Slot = PassphraseSlot | PasskeySlot

/** All that lies on the disk about a vault's keys: every one wrapped. */
export interface Envelope {
  readonly version: 1
  readonly vault: string
  readonly slots: readonly Slot[]
  /** Gone when the lease has ended. */
  readonly lease: { readonly technical?: Bytes; readonly personal?: Bytes }
  /** The same, sealed to the server, which gives it back to whoever is logged in on a phone that is not closed. */
  readonly deposit?: { readonly technical: Parcel; readonly personal: Parcel }
  readonly data: { readonly technical: Bytes; readonly personal: Bytes }
  readonly own: Bytes
  /** What notes are sealed to at the lock: anybody may write, and the user's own key opens them; the office's too, for a vault that is given up. */
  readonly notes?: { readonly public: Bytes; readonly wrapped: Bytes; readonly deposit?: Parcel }
}

/** Who the vault belongs to and whom it seals for; pinned when the vault is made. */
export interface Identity {
  readonly user: string
  readonly sealing_key: { readonly id: string; readonly public: string }
}

export interface Parcel {
  readonly mid: string
  readonly replica: string
  readonly n: number
  readonly key: string
  readonly enc: Bytes
  readonly ciphertext: Bytes
  readonly signature: Bytes
}

export interface Secret {
  readonly passphrase?: string
  readonly passkey?: boolean
}
