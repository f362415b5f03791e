// The state the screens draw and the acts they offer: all that a screen may use. It knows no markup.
import type { ItemState, Json, Shown } from '../../sync/phone'
import type { Saving } from './form.svelte'
import type { Phase } from './face.svelte'
import { TEXT_SIZES, type TextSize } from './remembered.svelte'
import { PhotoSession } from './photos.svelte'
import { placeIn } from './place_codes'
import type { Secret } from './envelope'
import { strongEnough } from './vault'
import type { Check, OutboxItem, Returned } from './views'

export type { Check, ItemState, Json, OutboxItem, Phase, Returned, Saving, Secret, Shown, TextSize }
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

export interface Route {
  screen: string
  id: string | null
  focus: string | null
}

const HOME: Route = { screen: 'today', id: null, focus: null }

/** Only opaque ids are in the browser's history; the address and the title never change. */
function routeOf(state: unknown): Route {
  if (state === null || typeof state !== 'object') return HOME
  const { screen, id, focus } = state as Partial<Record<keyof Route, unknown>>
  const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return { screen: textOf(screen) ?? HOME.screen, id: textOf(id), focus: textOf(focus) }
}

class App extends PhotoSession {
  route = $state.raw<Route>(HOME)

  override async start(): Promise<void> {
    const place = placeIn(location.search)
    if (place !== null) history.replaceState({ screen: 'place', id: place, focus: null }, '', location.pathname)
    this.route = routeOf(history.state)
    window.addEventListener('popstate', (event) => (this.route = routeOf(event.state)))
    await super.start()
  }

  go(screen: string, id: string | null = null, focus: string | null = null): void {
    this.route = { screen, id, focus }
    history.pushState({ screen, id, focus }, '')
  }

  /** As `go`, with no way back to the screen that was. */
  replace(screen: string, id: string | null = null, focus: string | null = null): void {
    this.route = { screen, id, focus }
    history.replaceState({ screen, id, focus }, '')
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

  name(userId: string): string {
    void this.version
    return this.work.name(userId)
  }

  begin(kind: string, values: Record<string, Json>): string {
    return this.work.begin(kind, values)
  }

  form(id: string, kind: string): Form {
    return this.work.form(id, kind)
  }

  set(id: string, kind: string, values: Record<string, Json>): Promise<void> {
    return this.work.set(id, kind, values)
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
    return this.work.keeper()?.profile.telephone ?? null
  }

  leftBehind(visitId: string): boolean {
    void this.version
    return this.work.leftBehind(visitId)
  }

  /** What a visit and its parts still lack. */
  lacking(visitId: string): { id: string; path: string }[] {
    return this.work.lacking(visitId)
  }

  finish(visitId: string): Promise<{ missing: { id: string; path: string }[] }> {
    return this.work.finish(visitId)
  }

  outbox(): OutboxItem[] {
    void this.version
    return this.work.outbox()
  }

  checks(): Check[] {
    void this.version
    return this.work.checks()
  }

  decide(reviewId: string, choice: 'author' | 'standing' | 'office'): Promise<void> {
    return this.work.decide(reviewId, choice)
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

  async sync(): Promise<void> {
    await this.work.write()
    await this.rounds.sync()
  }
}

export const app = new App()
