// The photos' own way to the server, part by part, beside the data and never before it. A photo is there when the server says so.
import { toBase64url, utf8, type Bytes } from './bytes'
import type { Announced, Answer, Arrived, Courier } from './courier'
import type { Keeper } from './keeper'
import { pauseAfter } from './retry'
import { markPhotos, photoIds, photoOf } from './shoebox'
import type { Store } from './store'
import type { KeptPhoto } from './stored'

export interface LaneDesk {
  /** The open vault, if one is open. Photos of a locked vault wait: their sealed keys are for the day it is given up. */
  keeper(): Keeper | null
  /** Photos whose record has been taken away; they stay on the phone until that is settled. */
  unwanted(id: string): boolean
  /** The server has all of a photo. */
  arrived(id: string): void
  random(): number
}

const PART_BYTES = 256 * 1024
const TURNS_MAX = 400

export class Lane {
  #running: Promise<void> | null = null
  #again = false
  #stop: AbortController | null = null
  #denied = new Set<string>()
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly courier: Courier,
    private readonly desk: LaneDesk,
  ) {}

  /** Sends what waits, now that the data has been answered for. Called again and again; one run at a time. */
  run(): Promise<void> {
    if (this.#running) {
      this.#again = true
      return this.#running
    }
    if (this.#timer !== undefined) return Promise.resolve() // by no clock that may be put right meanwhile
    this.#running = this.#sendAll()
      .catch(() => this.#backOff())
      .then(() => {
        this.#running = null
        const again = this.#again
        this.#again = false
        return again ? this.run() : undefined
      })
    return this.#running
  }

  /** Data wants to go: the part under way is broken off, and what of it has arrived need not be sent again (I-14). */
  standAside(): void {
    this.#callOff()
    this.#stop?.abort()
  }

  async #sendAll(): Promise<void> {
    const stop = (this.#stop = new AbortController())
    const keeper = this.desk.keeper()
    if (!keeper) return
    for (const id of await photoIds(keeper.store, 'waiting')) {
      if (this.desk.keeper() !== keeper || stop.signal.aborted) return
      if (this.#denied.has(id) || this.desk.unwanted(id)) continue
      const photo = await photoOf(keeper.store, id)
      if (!photo) continue
      const outcome = await this.#send(keeper, photo, stop)
      if (outcome === 'broken') return stop.signal.aborted ? undefined : this.#backOff()
      if (outcome === 'denied') {
        this.#denied.add(id) // it stays here, stops no other, and is tried again at the next start
        continue
      }
      this.#failures = 0
      await markPhotos(keeper.store, [id], 'sent')
      if (this.desk.keeper()?.store.vault === keeper.store.vault) this.desk.arrived(id)
    }
  }

  async #send(keeper: Keeper, photo: KeptPhoto, stop: AbortController): Promise<'there' | 'denied' | 'broken'> {
    const head = await this.courier.arrived(photo.id)
    if (head.kind !== 'ok' && head.kind !== 'denied') return 'broken'
    const bytes = await keeper.vault.decryptPhoto(photo)
    const said = { length: bytes.length, sha256: await digest(bytes), replica: keeper.state.replica }
    return sendParts(this.courier, photo.id, said, bytes, head.kind === 'ok' ? head.body : { offset: 0, complete: false }, stop)
  }

  #backOff(): void {
    this.#callOff()
    this.#timer = setTimeout(() => {
      this.#callOff()
      void this.run()
    }, pauseAfter(this.#failures++, this.desk.random()))
  }

  #callOff(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

/** Photos of a vault that is to be given up, sealed as they lie there; gives how many are left. */
export async function deliverSealed(courier: Courier, store: Store): Promise<number> {
  let left = 0
  for (const id of await photoIds(store, 'waiting')) {
    const photo = await photoOf(store, id)
    if (!photo) continue
    const bytes = new Uint8Array(photo.data)
    const said = { length: bytes.length, sha256: await digest(bytes), sealed: sealedKey(photo) }
    const outcome = await sendParts(courier, id, said, bytes, { offset: 0, complete: false }, new AbortController())
    if (outcome === 'there') await markPhotos(store, [id], 'sent')
    else left++
  }
  return left
}

async function sendParts(
  courier: Courier,
  id: string,
  said: Announced,
  bytes: Bytes,
  from: Arrived,
  stop: AbortController,
): Promise<'there' | 'denied' | 'broken'> {
  let here = from
  for (let turn = 0; !here.complete; turn++) {
    if (turn >= TURNS_MAX || stop.signal.aborted) return 'broken'
    const part = bytes.slice(here.offset, here.offset + PART_BYTES)
    const answer: Answer<Arrived> = await courier.part(id, said, here.offset, part, stop)
    if (answer.kind === 'denied' || answer.kind === 'unreadable') return 'denied'
    if (answer.kind !== 'ok') return 'broken'
    const stands = answer.body.offset === here.offset && part.length > 0 && !answer.body.complete
    if (stands) return 'broken'
    here = answer.body
  }
  return 'there'
}

export async function digest(bytes: Bytes): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Said of a photo as it lies there: whose it is, and its key sealed to the office. */
export function sealedKey({ sealed }: KeptPhoto): string {
  const written = (part: ArrayBuffer): string => toBase64url(new Uint8Array(part))
  const { replica, key } = sealed
  const parts = { enc: written(sealed.enc), ciphertext: written(sealed.ciphertext), signature: written(sealed.signature) }
  return toBase64url(utf8(JSON.stringify({ replica, n: 1, key, ...parts })))
}
