// Notes that are written at the lock: sealed to a key that unlocking gives, and taken up then; of a vault that is given up, the office opens them. Nothing here reads one before.
import { freeze, open, touch } from '../../sync/phone'
import { fromBase64url, text, toBase64url, utf8, type Bytes } from './bytes'
import { PREFIX } from './ciphers'
import type { Courier } from './courier'
import type { Envelope, Parcel } from './envelope'
import { uuid7 } from './ids'
import type { Keeper } from './keeper'
import { notesAtLock } from './listed'
import { DEPOSIT, onPhone, Store } from './store'
import { isFull, StorageFull } from './stored'
import { suite } from './vault'
import { dayOf } from './written'

const KIND = 'conversation'
const AT_ONCE = 50
const aboutKey = (vault: string): string => `note key|${vault}`
const aboutNote = (vault: string, id: string): Bytes => utf8(`${PREFIX}|note|${vault}|${id}`)

/** As it lies on the disk; beside it only the vault's id and its own. */
export interface Sealed {
  readonly enc: string
  readonly ciphertext: string
}

interface Note {
  readonly words: string
  readonly written_at: string
}

/** What to seal notes to; null for a vault that has not been unlocked since there were any, and for one that is lost. */
export const noteKey = (vault: string): Promise<Bytes | null> => asked(vault, async (store) => (await store.envelope()).notes?.public)

/** Of a vault that was given up it lies alone. */
const depositOf = (vault: string): Promise<Parcel | null> =>
  asked(vault, async (store) => {
    const kept = (await (await store.connection()).get('envelope', DEPOSIT)) as Parcel | undefined
    return kept ?? (await store.envelope()).notes?.deposit
  })

async function asked<T>(vault: string, what: (store: Store) => Promise<T | undefined>): Promise<T | null> {
  const store = Store.open(vault, null)
  try {
    return (await what(store)) ?? null
  } catch {
    return null
  } finally {
    store.close()
  }
}

export const newNote = (): string => uuid7(Date.now())

/** On the disk when it resolves, in place of what was there of this note before. Throws StorageFull. */
export async function keepNote(vault: string, key: Bytes, id: string, words: string): Promise<void> {
  const note: Note = { words, written_at: new Date().toISOString() }
  const recipientPublicKey = await suite.kem.deserializePublicKey(key)
  const sender = await suite.createSenderContext({ recipientPublicKey, info: aboutNote(vault, id) })
  const ciphertext = await sender.seal(utf8(JSON.stringify(note)))
  const sealed: Sealed = { enc: toBase64url(new Uint8Array(sender.enc)), ciphertext: toBase64url(new Uint8Array(ciphertext)) }
  await change(vault, id, JSON.stringify(sealed))
}

/** What was written is taken away again while it is still being written, or has been taken up. */
export const dropNote = (vault: string, id: string): Promise<void> => change(vault, id, null)

/**
 * What lies at the lock of a vault that is given up, as it lies there, beside the key to it, which is sealed to the
 * office. What is in custody leaves the phone; gives how many did, and how many are left on a bad line.
 */
export async function deliverNotes(courier: Courier, { vault }: Store): Promise<{ taken: number; left: number }> {
  const ids = await notesAtLock(vault)
  const deposit = ids.length === 0 ? null : await depositOf(vault)
  if (!deposit) return { taken: 0, left: 0 } // nothing, or nothing that anybody could ever open
  let taken = 0
  for (let first = 0; first < ids.length; first += AT_ONCE) {
    const notes = await Promise.all(ids.slice(first, first + AT_ONCE).map(async (id) => ({ id, ...(await asItLies(vault, id)) })))
    const answer = await courier.lockedNotes(vault, deposit, notes)
    if (answer.kind !== 'ok') break
    for (const { mid } of answer.body.results) await dropNote(vault, mid)
    taken += answer.body.results.length
  }
  return { taken, left: ids.length - taken }
}

/**
 * The vault is unlocked: what was written at the lock is its user's to sort, and goes the way of all that is written.
 * Gives how many there were. A note leaves the lock's keeping only when it is on the disk here.
 */
export async function takeUp(keeper: Keeper): Promise<number> {
  const { vault } = keeper.store
  await keeper.rekey((envelope) => withNoteKey(keeper, envelope))
  const ids = await notesAtLock(vault)
  if (ids.length === 0) return 0
  const opening = await opener(keeper, await keeper.store.envelope())
  let taken = 0
  for (const id of ids) {
    const note = await opening(id).catch(() => null)
    if (!note) continue // it stays where it lies
    begin(keeper, id, note)
    await keeper.flush()
    await dropNote(vault, id)
    taken++
  }
  return taken
}

/** One that was taken up before a kill is here already, under the same id. */
function begin(keeper: Keeper, id: string, note: Note): void {
  const looked = open(keeper.state, id, KIND)
  if (looked.exists) return
  const values = { talked_on: dayOf(new Date(note.written_at)), [`notes/${keeper.state.user}`]: note.words }
  for (const [path, value] of Object.entries(values)) {
    const stamp = { mid: uuid7(Date.now()), now: note.written_at, offset_ms: keeper.profile.offset_ms }
    keeper.apply(touch(keeper.state, looked, path, value, stamp))
  }
  keeper.apply(freeze(keeper.state, id))
}

async function withNoteKey(keeper: Keeper, envelope: Envelope): Promise<Envelope> {
  if (envelope.notes?.deposit) return envelope
  const pair = await suite.kem.generateKeyPair()
  const [made, secret] = await Promise.all([suite.kem.serializePublicKey(pair.publicKey), suite.kem.serializePrivateKey(pair.privateKey)])
  const plain = new Uint8Array(secret)
  const wrapped = await keeper.vault.wrapped(plain, aboutKey(envelope.vault))
  const laidDown = utf8(JSON.stringify({ vault: envelope.vault, key: toBase64url(plain) }))
  plain.fill(0)
  const deposit = await keeper.vault.seal({ mid: crypto.randomUUID(), replica: keeper.state.replica, n: 1 }, laidDown)
  laidDown.fill(0)
  return { ...envelope, notes: { public: new Uint8Array(made), wrapped, deposit } }
}

async function opener(keeper: Keeper, envelope: Envelope): Promise<(id: string) => Promise<Note>> {
  if (!envelope.notes) throw new Error('the vault has no key for notes')
  const plain = await keeper.vault.unwrapped(envelope.notes.wrapped, aboutKey(envelope.vault))
  const recipientKey = await suite.kem.deserializePrivateKey(plain)
  plain.fill(0)
  return async (id) => {
    const { enc, ciphertext } = await asItLies(envelope.vault, id)
    const recipient = await suite.createRecipientContext({ recipientKey, enc: fromBase64url(enc), info: aboutNote(envelope.vault, id) })
    return JSON.parse(text(new Uint8Array(await recipient.open(fromBase64url(ciphertext))))) as Note
  }
}

async function asItLies(vault: string, id: string): Promise<Sealed> {
  return JSON.parse((await onPhone((db) => db.get('phone', keyOf(vault, id)))) ?? '') as Sealed
}

const keyOf = (vault: string, id: string): string => `note|${vault}|${id}`

function change(vault: string, id: string, value: string | null): Promise<void> {
  return onPhone(async (db) => {
    const tx = db.transaction('phone', 'readwrite', { durability: 'strict' })
    void (value === null ? tx.store.delete(keyOf(vault, id)) : tx.store.put(value, keyOf(vault, id)))
    await tx.done.catch((why: unknown) => {
      throw isFull(why) ? new StorageFull('the phone is full', { cause: why }) : why
    })
  })
}
