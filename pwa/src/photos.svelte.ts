// Photos from the thumb to the office: taken into the vault with their record, sent by their own lane, counted while they wait.
import type { Json, Shown, State } from '../../sync/phone'
import type { Bytes } from './bytes'
import { Courier } from './courier'
import type { Keeper } from './keeper'
import { Hands } from './hands.svelte'
import { uuid7 } from './ids'
import { digest, Lane } from './lane'
import type { redraw, Mark } from './picture'
import { dropPhotos, keepPhoto, markPhotos, photoIds, photoOf } from './shoebox'
import { StorageFull, UnreadablePicture, type PhotoState } from './stored'
import type { Work } from './work'
import type { News } from './desk'
import { text } from './words'

export type Phase = 'before' | 'after' | 'other'

const KIND = 'attachment'
/** So long a photo stays after the feed has said that it is stored: a restored server may ask for it again (I-18). */
const KEPT_MS = 7 * 86_400_000
/** The server redraws a photo within a moment; then the feed can say so. */
const SETTLES_MS = 1_500
const STATES = ['waiting', 'stored'] as const

export interface PhotoHost {
  readonly work: Pick<Work, 'freezeTyped' | 'keeper' | 'mark' | 'record' | 'records' | 'set'>
  /** Asks for a round soon: there may be news of a photo. */
  soon(wait_ms: number): void
  /** A finished sentence, or null when the trouble is over. */
  readonly tell: Tell
  counted(waiting: number): void
}

type Tell = (problem: string) => void

/** A photo that was made of another: what is drawn into it, and what it has from the one it was made of. */
interface Marked {
  mark?: Mark
  drawn_on?: string
  taken_at?: string
  /** Where trouble is told, instead of above the screen. */
  tell?: Tell
}

const jpegOf = (bytes: Bytes): Blob => new Blob([bytes], { type: 'image/jpeg' })

export class Photos {
  /** Whose states these are; only ids are kept when the vault is locked. */
  #vault: string | null = null
  #states = new Map<string, PhotoState>()
  /** Resolves when every photo that was taken is on the disk with its record, or told to be none: no vault closes before. */
  taken: Promise<unknown> = Promise.resolve()
  readonly #lane: Lane

  constructor(
    private readonly host: PhotoHost,
    private readonly courier: Courier = new Courier(),
    private readonly draw: typeof redraw = async (...given) => (await import('./picture')).redraw(...given),
  ) {
    this.#lane = new Lane(courier, {
      keeper: () => this.host.work.keeper(),
      unwanted: (id) => this.#isRemoved(id),
      arrived: (id) => {
        this.#states.set(id, 'sent')
        this.host.soon(SETTLES_MS)
      },
      random: Math.random,
    })
  }

  /** The photos of a record that are on the phone, or of one of its fields. */
  of(record: string, path?: string | null): Shown[] {
    return this.host.work
      .records(KIND)
      .filter(({ body }) => body['record'] === record && (path === undefined || (body['path'] ?? null) === path))
      .sort((a, b) => String(a.body['taken_at']).localeCompare(String(b.body['taken_at'])))
  }

  /**
   * Takes a photo in: redrawn before anything is kept, the bytes durable before their record, so that no kill leaves a
   * record without them. Gives the record's id; null when there was a problem, which has then been told.
   */
  add(record: string, path: string | null, file: Blob, phase: Phase, marked: Marked = {}): Promise<string | null> {
    const added = this.#add(record, path, file, phase, marked)
    this.taken = Promise.all([this.taken, added])
    return added
  }

  async #add(record: string, path: string | null, file: Blob, phase: Phase, { mark, tell = this.host.tell, ...standing }: Marked): Promise<string | null> {
    const keeper = this.host.work.keeper()
    if (!keeper) return null
    this.#enter(keeper)
    try {
      const { bytes, thumbnail } = await this.draw(file, mark)
      const id = uuid7(Date.now())
      const sealed = await keeper.vault.encryptPhoto(id, keeper.state.replica, bytes)
      await keepPhoto(keeper.store, { id, state: 'waiting', updated: Date.now(), ...sealed })
      this.#states.set(id, 'waiting')
      const values: Record<string, Json> = {
        record,
        ...(path !== null && { path }),
        phase,
        taken_at: new Date(Date.now() + keeper.profile.offset_ms).toISOString(),
        sha_sent: await digest(bytes),
        size_bytes: bytes.length,
        mime: 'image/jpeg',
        thumbnail,
        ...standing,
      }
      this.host.work.freezeTyped() // what the photo shows must not come after it
      await this.host.work.set(id, KIND, values)
      return id
    } catch (error) {
      tell(problemOf(error))
      return null
    }
  }

  /** What the thumb pointed at, drawn into a photo of its own: the one that was taken stays as it is. Null as for `add`; undefined where the whole photo cannot be had now. */
  async mark(id: string, mark: Mark, tell?: Tell): Promise<string | null | undefined> {
    const taken = this.host.work.record(id)
    const keeper = this.host.work.keeper()
    const bytes = taken && (await this.#bytes(id))
    if (keeper !== this.host.work.keeper()) return null // the office took its time, and what it sent is not for whoever has the phone now
    if (!taken || !bytes) return undefined
    const { record, path, phase, taken_at } = taken.body
    const at = Date.parse(String(taken_at)) + 1 // stands after the one it was drawn on
    const beside = at ? { taken_at: new Date(at).toISOString() } : {}
    return this.add(String(record), typeof path === 'string' ? path : null, jpegOf(bytes), phase as Phase, { mark, drawn_on: id, ...beside, ...(tell && { tell }) })
  }

  /** The record goes first: until it has, nothing of the photo may. */
  async remove(id: string): Promise<void> {
    const keeper = this.host.work.keeper()
    if (!keeper) return
    await this.host.work.mark(id, KIND, 'delete')
    await dropPhotos(keeper.store, [id])
    this.#states.delete(id)
    this.#count(keeper.state)
  }

  /** The photos of one record stand with another too, anew from the phone's own bytes; false when one could not. */
  async copy(from: string, to: string): Promise<boolean> {
    const made = new Map<Json | undefined, string>()
    let all = true
    for (const { id, body } of this.of(from)) {
      const bytes = await this.#own(id)
      const drawn_on = made.get(body['drawn_on'])
      const copied = bytes === null ? null : await this.add(to, null, jpegOf(bytes), body['phase'] as Phase, drawn_on === undefined ? {} : { drawn_on })
      if (copied === null) all = false
      else made.set(id, copied)
    }
    return all
  }

  /** The whole picture for the screen: one's own from the phone, also offline, any other from the office; else null. */
  async whole(id: string): Promise<string | null> {
    const bytes = await this.#bytes(id)
    return bytes && (await import('./picture')).shownAs(bytes)
  }

  async #bytes(id: string): Promise<Bytes | null> {
    const own = await this.#own(id)
    if (own) return own
    const theirs = await this.courier.picture(id)
    return theirs && new Uint8Array(await theirs.arrayBuffer())
  }

  async #own(id: string): Promise<Bytes | null> {
    const keeper = this.host.work.keeper()
    const own = keeper ? await photoOf(keeper.store, id) : null
    return keeper && own ? keeper.vault.decryptPhoto(own) : null
  }

  /** The data has been answered for: now the photos. */
  send(): void {
    void this.#lane.run()
  }

  /** Something in the open vault has changed. */
  follow(keeper: Keeper): void {
    if (keeper.state.rows.some((row) => row.state === 'frozen' && !row.custody && !row.aside)) this.#lane.standAside()
    this.#enter(keeper)
    this.#settle(keeper)
    this.#count(keeper.state)
  }

  #enter(keeper: Keeper): void {
    if (this.#vault === keeper.store.vault) return
    this.#vault = keeper.store.vault
    this.#states.clear()
    void this.#load(keeper).catch(() => undefined)
  }

  async #load(keeper: Keeper): Promise<void> {
    await markPhotos(keeper.store, await photoIds(keeper.store, 'sent'), 'waiting') // a restored server may lack them: it is asked again
    const found = await Promise.all(STATES.map((state) => photoIds(keeper.store, state)))
    if (this.#vault !== keeper.store.vault) return
    for (const [at, state] of STATES.entries()) for (const id of found[at] ?? []) if (!this.#states.has(id)) this.#states.set(id, state)
    await this.#sweep(keeper)
    this.#settle(keeper)
    this.#count(keeper.state)
  }

  /** What the feed says is stored, is stored; what a restored server does not say any more, waits again. A record that it has still to be told of is not gone. */
  #settle(keeper: Keeper): void {
    if (!keeper.whole) return // what the feed has said cannot be read now
    const toTell = (id: string): boolean => keeper.state.rows.some((row) => row.id === id && (row.state !== 'covered' || row.again))
    const moved = { stored: [] as string[], waiting: [] as string[], gone: [] as string[] }
    for (const [id, state] of this.#states) {
      const base = keeper.state.base.get(id)
      const said = base !== undefined && isObject(base.body['stored'])
      if (said && state !== 'stored') moved.stored.push(id)
      else if (state === 'stored' && base === undefined && !toTell(id)) moved.gone.push(id)
      else if (state === 'stored' && !said) moved.waiting.push(id)
    }
    for (const state of ['stored', 'waiting'] as const) {
      const ids = moved[state]
      for (const id of ids) this.#states.set(id, state)
      if (ids.length > 0) void markPhotos(keeper.store, ids, state).catch(() => undefined)
    }
    for (const id of moved.gone) this.#states.delete(id)
    if (moved.gone.length > 0) void dropPhotos(keeper.store, moved.gone).catch(() => undefined)
  }

  async #sweep(keeper: Keeper): Promise<void> {
    const stored = [...this.#states].filter(([, state]) => state === 'stored').map(([id]) => id)
    const old: string[] = []
    for (const id of stored) {
      const photo = await photoOf(keeper.store, id)
      if (photo && photo.updated < Date.now() - KEPT_MS) old.push(id)
    }
    if (old.length === 0) return
    await dropPhotos(keeper.store, old)
    for (const id of old) this.#states.delete(id)
  }

  #count(state: State): void {
    let waiting = 0
    for (const [id, has] of this.#states) {
      const refused = isObject(state.base.get(id)?.body['refused'])
      if (has !== 'stored' && !refused && !this.#isRemoved(id)) waiting++
    }
    this.host.counted(waiting)
  }

  /** Was its record taken away? Bytes that have lost their record any other way are sent all the same. */
  #isRemoved(id: string): boolean {
    const rows = this.host.work.keeper()?.state.rows ?? []
    return rows.some((row) => row.id === id && row.op === 'delete') && this.host.work.record(id) === null
  }
}

function problemOf(error: unknown): string {
  if (error instanceof UnreadablePicture) return error.message
  return text(error instanceof StorageFull ? 'wrong.photo_no_space' : 'wrong.unknown')
}

const isObject = (value: Json | undefined): boolean => typeof value === 'object' && value !== null

/** The session, with photos in it. */
export class PhotoSession extends Hands {
  readonly photos = new Photos({
    work: this.work,
    soon: (wait_ms) => this.rounds.soon(wait_ms),
    tell: (problem) => (this.problem = problem),
    counted: (waiting) => (this.photosWaiting = waiting),
  })

  protected override follow(keeper: Keeper): void {
    super.follow(keeper)
    if (this.phase === 'open') this.photos.follow(keeper)
  }

  protected override async heldBack(): Promise<void> {
    await super.heldBack()
    await this.photos.taken
  }

  protected override hear(news: News): void {
    super.hear(news)
    if (news.kind === 'answered') this.photos.send()
  }
}
