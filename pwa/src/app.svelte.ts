// The state the screens draw and the acts they offer: all that a screen may use. It knows no markup.
import { open, type ItemState, type Json, type Shown, type Snapshot } from '../../sync/phone'
import type { Saving } from './form.svelte'
import type { Phase, Unlocking } from './face.svelte'
import { TEXT_SIZES, type TextSize } from './remembered.svelte'
import type { Keeper } from './keeper'
import type { Rules } from './profile'
import { PhotoSession } from './photos.svelte'
import { clearTable } from './listed'
import { placeIn } from './place_codes'
import { kept } from './ui/kept.svelte'
import { undoBar } from './ui/undo.svelte'
import { PRACTICE_PAGE, PRACTISING } from './practice'
import type { Secret } from './envelope'
import { strongEnough } from './passphrases'
import { standBy, standDown } from './stretch'
import type { Vaults } from './vaults'
import type { Check, Gap, OutboxItem, Returned } from './views'

export type { Check, Gap, ItemState, Json, OutboxItem, Phase, Returned, Saving, Secret, Shown, Snapshot, TextSize }
export { TEXT_SIZES }

/** One open record. What is typed is shown at once and durable within 300 ms; news never changes it. */
export interface Form {
  readonly id: string
  readonly kind: string
  readonly value: (path: string) => Json
  touch(path: string, value: Json): void
  readonly saving: Saving
  readonly news: { by: string | null } | null
  readonly comments: Record<string, string>
  leave(): Promise<void>
}

/** How much more seldom a phone that is nearly empty asks for news. */
const SPARED = 4

export interface Route {
  screen: string
  id: string | null
  focus: string | null
}

const HOME: Route = { screen: 'today', id: null, focus: null }

/**
 * Only opaque ids are in the browser's history; the address and the title never change. Where another has been on this
 * phone, nobody is led back to: what was begun there is theirs alone.
 */
function routeOf(state: unknown, user: string | null): Route {
  if (state === null || typeof state !== 'object') return HOME
  const { screen, id, focus, of } = state as Partial<Record<keyof Route | 'of', unknown>>
  if (typeof of === 'string' && of !== user) return HOME
  const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return { screen: textOf(screen) ?? HOME.screen, id: textOf(id), focus: textOf(focus) }
}

class App extends PhotoSession {
  /** Opens the practice table; made anew by each page, and known to nobody. */
  readonly #practice = crypto.randomUUID()
  readonly practising = PRACTISING
  route = $state.raw<Route>(HOME)
  /** Who had this phone open last: what is kept in memory is theirs. */
  #last: string | null = null

  override async start(): Promise<void> {
    const place = placeIn(location.search)
    if (place !== null) history.replaceState({ screen: 'place', id: place, focus: null }, '', location.pathname)
    window.addEventListener('popstate', (event) => (this.route = routeOf(event.state, this.#last)))
    if (!PRACTISING) return super.start()
    await clearTable().catch(() => undefined)
    await super.start()
    await this.login('', this.#practice)
  }

  /** To the table where one practises, or back from it: another page, so that nothing of the one is in the other. */
  practise(on: boolean): void {
    location.assign(on ? PRACTICE_PAGE : '/')
  }

  /** On the practice table every lock opens. */
  override unlock(secret: Secret): Promise<Unlocking> {
    return super.unlock(PRACTISING ? { passphrase: this.#practice } : secret)
  }

  /** A passphrase is about to be given, or no more: what it takes to try one is started beforehand. */
  expectPassphrase(soon: boolean): void {
    if (soon) standBy()
    else standDown()
  }

  /**
   * Back to where its user was. Where something is shut, that screen may stand on what is not here: its words are sealed
   * and on their way.
   */
  protected override show(keeper: Keeper): void {
    const { user } = keeper.state
    if (this.#last !== user) {
      this.work.forget(true)
      kept.forget()
      undoBar.forget()
    }
    this.#last = user
    this.route = routeOf(history.state, user)
    super.show(keeper)
    if (keeper.whole) return
    this.work.forget(true)
    this.replace('today')
  }

  override async logout(): Promise<void> {
    if (PRACTISING) return this.practise(false)
    await super.logout()
  }

  go(screen: string, id: string | null = null, focus: string | null = null): void {
    this.route = { screen, id, focus }
    history.pushState({ screen, id, focus, of: this.#last }, '')
  }

  /** As `go`, with no way back to the screen that was. */
  replace(screen: string, id: string | null = null, focus: string | null = null): void {
    this.route = { screen, id, focus }
    history.replaceState({ screen, id, focus, of: this.#last }, '')
  }

  /** Four words or sixteen characters. */
  strongEnough(passphrase: string): boolean {
    return strongEnough(passphrase)
  }

  records(kind: string): Shown[] {
    void this.version
    return this.phase === 'open' ? this.work.records(kind) : []
  }

  record(id: string): Shown | null {
    void this.version
    return this.phase === 'open' ? this.work.record(id) : null
  }

  /** What the office itself has said of a record: what it has not heard is not among it. */
  known(id: string): Shown['body'] | null {
    void this.version
    return this.phase === 'open' ? this.work.known(id) : null
  }

  /** Something of somebody's was opened: the office is told so with the next word. */
  opened(ids: readonly string[]): void {
    const { keeper } = this
    if (keeper && !PRACTISING && ids.length > 0) void import('./looked').then(({ noteLook }) => noteLook(keeper, ids, Date.now())).catch(() => undefined)
  }

  name(userId: string): string {
    void this.version
    return this.work.name(userId)
  }

  /** Whose lines this phone counts on. */
  get counter(): string {
    void this.version
    return this.work.counter
  }

  /** The fields of a record whose words this phone shows no longer: the office has them. */
  concealed(id: string, kind: string): readonly string[] {
    void this.version
    return this.phase === 'open' ? this.work.concealed(id, kind) : []
  }

  begin(kind: string, values: Record<string, Json>): string {
    return this.work.begin(kind, values)
  }

  /** True when a record has been begun here, though nothing may be written yet. */
  isBegun(id: string): boolean {
    return this.work.isBegun(id)
  }

  form(id: string, kind: string): Form {
    return this.work.form(id, kind)
  }

  /** What is before the eyes now; a later `set` with it is judged by this, and by nothing that has come since. */
  look(id: string, kind: string): Snapshot | null {
    const keeper = this.work.keeper()
    return keeper && open(keeper.state, id, kind)
  }

  set(id: string, kind: string, values: Record<string, Json>, looked?: Snapshot | null): Promise<Gap[]> {
    return this.work.set(id, kind, values, looked)
  }

  remove(id: string, kind: string): Promise<void> {
    return this.work.mark(id, kind, 'delete')
  }

  restore(id: string, kind: string): Promise<void> {
    return this.work.mark(id, kind, 'restore')
  }

  /** Whom the office says to call first when life or health is at stake; null before it has said so. */
  get telephone(): string | null {
    void this.version
    return this.work.keeper()?.profile.policy?.telephone ?? null
  }

  /** A phone that is nearly empty asks for news more seldom; what it has to send goes as before. */
  spare(nearlyEmpty: boolean): void {
    this.rounds.patience = nearlyEmpty ? SPARED : 1
  }

  /** The municipality's own rules, as the office last told them. */
  get rules(): Rules {
    void this.version
    return this.work.keeper()?.profile.policy?.rules ?? {}
  }

  leftBehind(visitId: string): boolean {
    void this.version
    return this.work.leftBehind(visitId)
  }

  /** What a record and its parts still lack before they can be handed in. */
  lacking(id: string, kind: string): Gap[] {
    return this.work.lacking(id, kind)
  }

  finish(id: string): Promise<Gap[]> {
    return this.work.finish(id)
  }

  outbox(): OutboxItem[] {
    void this.version
    return this.work.outbox()
  }

  checks(): Check[] {
    void this.version
    return this.work.checks()
  }

  deciding(reviewId: string, choice: 'author' | 'standing' | 'office'): () => Promise<unknown> {
    return this.work.deciding(reviewId, choice)
  }

  returned(): Returned[] {
    void this.version
    return this.work.returned()
  }

  /** The user has seen today that the phone is ready; it is not said again before tomorrow. */
  seenReady(today: string): void {
    const keeper = this.work.keeper()
    keeper?.know({ ready_on: today })
    void keeper?.flush().catch((error: unknown) => this.trouble(error))
  }

  /** Sealed copies of what is not sent, for the day when sending does not work. Only the office can read them. */
  exportParcels(): ReturnType<Vaults['exported']> {
    return this.work.write().then(() => this.here.exported(this.keeper?.store ?? null))
  }

  async sync(): Promise<void> {
    await this.work.write()
    await this.rounds.sync()
  }
}

export const app = new App()
