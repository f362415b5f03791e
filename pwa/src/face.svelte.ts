// What every screen can see at a glance: where the app is, who has it, what waits, what went wrong. It acts on nothing.
import { counts } from '../../sync/phone'
import type { Answer } from './courier'
import type { Keeper } from './keeper'
import { standing, type Standing } from './leases'
import { Remembered } from './remembered.svelte'
import type { News } from './desk'
import { PRACTISING } from './practice'
import { StorageFull, StorageLost } from './stored'
import type { VaultCount } from './vaults'
import { clockOf, text } from './words'

export type Phase =
  'starting' | 'login' | 'create_vault' | 'locked' | 'covered' | 'shown' | 'residents' | 'open' | 'storage_lost' | 'hindered' | 'revoked' | 'elsewhere'

/** How a try at the lock went; `wrong` when the secret opens none of the vaults here. */
export type Unlocking = 'opened' | 'wrong' | 'hindered'

const CLOCK_OFF_MS = 5 * 60_000

export class Face extends Remembered {
  phase = $state<Phase>('starting')
  online = $state(true)
  user = $state.raw<{ id: string; name: string; roles: string[] } | null>(null)
  version = $state(0)
  unsent = $state(0)
  /** How much of that is on the disk for certain: what is being written is counted when it is. */
  onDisk = $state(0)
  /** Is something that somebody wrote on its way to the disk? */
  writing = $state(false)
  /** Is anything at all? */
  busy = $state(false)
  /** How much of that cannot be read here before the next contact. */
  unread = $state(0)
  /** Photos of this vault that the office has not said it has. */
  photosWaiting = $state(0)
  /** The camera is open: the app is out of sight, and in use. */
  aiming = false
  /** A note is being written at the lock. */
  noting = false
  lastReceivedAt = $state<string | null>(null)
  /** When the phone last had all that is its to have; null while the first of it is on its way, and where it may be read no longer. */
  fetchedAt = $state<string | null>(null)
  /** The day on which its user has seen that the phone is ready. */
  readyOn = $state<string | null>(null)
  /** How long this phone may be read without contact; null when the office has not said. */
  lease = $state.raw<Standing | null>(null)
  clockOff = $state.raw<{ shown: string; right: string } | null>(null)
  tooOld = $state(false)
  vaults = $state.raw<VaultCount[]>([])
  /** The vault at the lock shows nothing before the phone has contact. */
  shut = $state(false)
  updateReady = $state(false)
  problem = $state<string | null>(null)
  /** The session has ended while the vault is open: everything works, but nothing new comes before a login. */
  needsLogin = $state(false)
  /** Why, as a finished sentence. */
  whyLogin = $state('')
  passkeyAvailable = $state(false)

  /** By its user, by residents at a meeting, or by nobody for a while: the vault is open, and may write and send. */
  protected get inUse(): boolean {
    return this.phase === 'open' || this.phase === 'residents' || this.phase === 'covered'
  }

  /** The vault is open: what it knows is shown. */
  protected show(keeper: Keeper): void {
    this.phase = 'open'
    const { name, roles, demo } = keeper.profile
    this.user = { id: keeper.state.user, name, roles }
    this.isDemo(demo)
    this.follow(keeper)
  }

  /** Something in the open vault has changed; screens read it anew. */
  protected follow(keeper: Keeper): void {
    this.version++
    this.writing = keeper.writing
    this.busy = keeper.unwritten
    if (!keeper.unwritten && this.problem === text('wrong.no_space')) this.problem = null
    if (this.phase !== 'open') return
    this.unread = keeper.unread
    this.unsent = counts(keeper.state).unsent + keeper.unread
    if (!this.writing) this.onDisk = this.unsent
    this.lease = standing(keeper.profile.leases, keeper.vault.shut)
    this.lastReceivedAt = keeper.profile.last_received_at
    this.fetchedAt = this.lease?.over ? null : keeper.profile.fetched_at
    this.readyOn = keeper.profile.ready_on
  }

  protected counted(vaults: VaultCount[]): void {
    this.vaults = vaults
    if (this.phase !== 'open') this.unsent = vaults.reduce((sum, vault) => sum + vault.unsent, 0)
  }

  /** How the last word with the server went. */
  protected hear(news: News): void {
    if (news.kind === 'unreachable') {
      if (navigator.onLine && !PRACTISING) this.problem ??= text('wrong.unreachable') // it says that all is saved: no word over one that says otherwise
      return
    }
    if (this.problem === text('wrong.unreachable')) this.problem = null
    if (news.kind === 'answered') this.#answered(news)
    else if (news.kind !== 'carried') this.#ended(news.kind)
  }

  /** `back` is called whenever the phone has a line again. */
  protected watchLine(back: () => void): void {
    const look = (): void => {
      this.online = navigator.onLine
      if (this.online) back()
      else if (this.problem === text('wrong.unreachable')) this.problem = null
    }
    this.online = navigator.onLine
    addEventListener('offline', look)
    addEventListener('online', look)
  }

  /** The phone's disk is closed to the app: what was there is lost, or something else hinders it, which may soon be over. */
  protected lost(error: unknown): void {
    this.phase = error instanceof StorageLost ? 'storage_lost' : 'hindered'
    this.problem = null
  }

  protected trouble(error: unknown): void {
    this.problem = text(error instanceof StorageFull ? 'wrong.no_space' : 'wrong.unknown')
  }

  #ended(how: 'session_over' | 'wrong_user'): void {
    this.needsLogin = true
    if (how === 'wrong_user') this.whyLogin = text('wrong.other_user')
    else this.whyLogin = text(this.loggedOut ? 'wrong.logged_out' : 'wrong.session_over')
  }

  #answered(news: News & { kind: 'answered' }): void {
    this.needsLogin = false
    this.tooOld = news.policy?.['too_old'] === true
    const now = Date.now()
    const off = Math.abs(news.offset_ms) > CLOCK_OFF_MS
    this.clockOff = off ? { shown: clockOf(new Date(now)), right: clockOf(new Date(now + news.offset_ms)) } : null
  }
}

/** What to say when a login did not succeed. */
export function loginProblem(answer: Exclude<Answer<unknown>, { kind: 'ok' }>): string {
  if (answer.kind === 'denied') return text('login.code_wanted')
  if (answer.kind === 'login' || answer.kind === 'unreadable') return text('login.wrong')
  if (answer.kind === 'later' && !answer.busy) return text('login.throttled', { klokkeslett: clockOf(new Date(Date.now() + answer.wait_ms)) })
  return text('wrong.unreachable')
}
