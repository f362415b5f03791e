// Photos from the thumb to the office: taken into the vault with their record, sent by their own lane, counted while they wait.
import type { Json, Shown, State } from '../../sync/phone'
import { Courier } from './courier'
import type { Keeper } from './keeper'
import { digest, Lane } from './lane'
import { redraw, shownAs, UnreadablePicture } from './picture'
import { Session } from './session.svelte'
import { dropPhotos, keepPhoto, markPhotos, photoIds, photoOf } from './shoebox'
import { StorageFull, type PhotoState } from './stored'
import type { Work } from './work'
import type { News } from './rounds'
import { text } from './words'

export type Phase = 'before' | 'after' | 'other'

const KIND = 'attachment'
/** So long a photo stays after the feed has said that it is stored: a restored server may ask for it again (I-18). */
const KEPT_MS = 7 * 86_400_000
/** The server redraws a photo within a moment; then the feed can say so. */
const SETTLES_MS = 1_500
const STATES = ['waiting', 'sent', 'stored'] as const

export interface PhotoHost {
  readonly work: Pick<Work, 'freezeTyped' | 'keeper' | 'mark' | 'record' | 'records' | 'set'>
  /** Asks for a round soon: there may be news of a photo. */
  soon(wait_ms: number): void
  /** A finished sentence, or null when the trouble is over. */
  tell(problem: string): void
  counted(waiting: number): void
}

export class Photos {
  /** Whose states these are; only ids are kept when the vault is locked. */
  #vault: string | null = null
  #states = new Map<string, PhotoState>()
  readonly #lane: Lane

  constructor(
    private readonly host: PhotoHost,
    private readonly courier: Courier = new Courier(),
    private readonly draw: typeof redraw = redraw,
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
  async add(record: string, path: string | null, file: Blob, phase: Phase): Promise<string | null> {
    const keeper = this.host.work.keeper()
    if (!keeper) return null
    this.#enter(keeper)
    try {
      const { bytes, thumbnail } = await this.draw(file)
      const id = crypto.randomUUID()
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
      }
      this.host.work.freezeTyped() // what the photo shows must not come after it
      await this.host.work.set(id, KIND, values)
      return id
    } catch (error) {
      this.host.tell(text(problemOf(error)))
      return null
    }
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
    const keeper = this.host.work.keeper()
    let all = true
    for (const { id, body } of this.of(from)) {
      const own = keeper ? await photoOf(keeper.store, id) : null
      const bytes = keeper && own ? await keeper.vault.decryptPhoto(own) : null
      const copied = bytes === null ? null : await this.add(to, null, new Blob([bytes], { type: 'image/jpeg' }), body['phase'] as Phase)
      if (copied === null) all = false
    }
    return all
  }

  /** The whole picture for the screen: one's own from the phone, also offline, any other from the office; else null. */
  async whole(id: string): Promise<string | null> {
    const keeper = this.host.work.keeper()
    const own = keeper ? await photoOf(keeper.store, id) : null
    if (keeper && own) return shownAs(await keeper.vault.decryptPhoto(own))
    const theirs = await this.courier.picture(id)
    return theirs ? shownAs(new Uint8Array(await theirs.arrayBuffer())) : null
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
    const found = await Promise.all(STATES.map((state) => photoIds(keeper.store, state)))
    if (this.#vault !== keeper.store.vault) return
    for (const [at, state] of STATES.entries()) for (const id of found[at] ?? []) if (!this.#states.has(id)) this.#states.set(id, state)
    await this.#sweep(keeper)
    this.#settle(keeper)
    this.#count(keeper.state)
  }

  /** What the feed says is stored, is stored; what a restored server does not say any more, waits again. */
  #settle(keeper: Keeper): void {
    const moved = { stored: [] as string[], waiting: [] as string[], gone: [] as string[] }
    for (const [id, state] of this.#states) {
      const base = keeper.state.base.get(id)
      const said = base !== undefined && isObject(base.body['stored'])
      if (said && state !== 'stored') moved.stored.push(id)
      else if (state === 'stored' && base === undefined) moved.gone.push(id)
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

function problemOf(error: unknown): 'wrong.photo' | 'wrong.photo_no_space' | 'wrong.unknown' {
  if (error instanceof UnreadablePicture) return 'wrong.photo'
  return error instanceof StorageFull ? 'wrong.photo_no_space' : 'wrong.unknown'
}

const isObject = (value: Json | undefined): boolean => typeof value === 'object' && value !== null

/** The session, with photos in it. */
export class PhotoSession extends Session {
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

  protected override hear(news: News): void {
    super.hear(news)
    if (news.kind === 'answered') this.photos.send()
  }
}
