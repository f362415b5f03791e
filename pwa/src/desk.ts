// What the rounds tell the app, and ask of it: shapes alone.
import type { Reply } from '../../sync/phone'
import type { Keeper } from './keeper'
import type { Store } from './store'

/** What the rounds tell the app, and ask of it. */
export interface Desk {
  readonly app: string
  /** The open vault, if one is open. */
  keeper(): Keeper | null
  /** Vaults that are not open: their sealed work can be carried without a key. */
  lockedStores(): Promise<Store[]>
  installation(): Promise<string>
  /** False while the server has still to be told of a log-out: until then nobody speaks with its session. */
  maySpeak(): Promise<boolean>
  inFlight(mids: ReadonlySet<string>): void
  heard(news: News): void
  /** The office has closed this phone; its last words are delivered. */
  revoked(): Promise<void>
  /** What a lease had shut here can be opened by nobody any more: it is fetched anew by another vault. */
  unopenable(): Promise<void>
  trouble(error: unknown): void
  /** One tab and one worker at a time. */
  alone<T>(work: () => Promise<T>): Promise<T>
  random(): number
  newId(): string
}

/** How the last word with the server went. */
export type News =
  | { readonly kind: 'answered'; readonly policy: Reply['policy']; readonly offset_ms: number }
  | { readonly kind: 'carried' }
  | { readonly kind: 'unreachable' | 'session_over' | 'wrong_user' }
