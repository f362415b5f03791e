// Which vault is open on this phone, and which others lie here; what may be read of the open one no longer, is shut. It draws nothing.
import { Courier } from './courier'
import type { Secret } from './envelope'
import { Face, type Unlocking } from './face.svelte'
import type { Keeper } from './keeper'
import { end, isOver } from './lease_end'
import { undoBar } from './ui/undo.svelte'
import { Vaults } from './vaults'
import { OPEN, type Patience } from './watch'

const RETRY_MS = 3_000
/** How long the lock waits for the office to open what is shut behind it. */
const ADMITTED_WITHIN_MS = 5_000

export class Holder extends Face {
  #admitted: (() => void) | null = null
  protected keeper: Keeper | null = null
  protected chosen: string | null = null
  protected readonly here = new Vaults()
  protected readonly courier = new Courier()
  /** Also before a login on the office's own page: a log-out that is still under way would end that login too. */
  readonly tellLogout = (): Promise<boolean> => this.tell(() => this.courier.logout())

  protected get isOpen(): boolean {
    return this.phase === 'open'
  }

  protected override get inUse(): boolean {
    return super.inUse || this.#admitted !== null
  }

  protected override follow(keeper: Keeper): void {
    if (keeper.whole) this.#admitted?.()
    super.follow(keeper)
  }

  /**
   * What is shut in a vault is asked for before its screens come, so that they lead back to where their user was. False
   * when the vault was closed meanwhile.
   */
  protected async admitted(keeper: Keeper, ask: () => Promise<void>): Promise<boolean> {
    if (!keeper.whole) {
      await new Promise<void>((passed) => {
        this.#admitted = passed
        setTimeout(passed, ADMITTED_WITHIN_MS)
        void ask().then(passed, passed)
      })
      this.#admitted = null
    }
    return this.keeper === keeper
  }

  /** What the thumb may still undo is done; resolves when it is written. */
  protected heldBack(): Promise<unknown> {
    return undoBar.settle()
  }

  /** How long the phone may be left alone as it is now. */
  protected get patience(): Patience {
    return OPEN
  }

  /** It has been left alone for so long. */
  protected left(): void {}

  /** Nothing waits to be written here when it is true. */
  protected async written(keeper: Keeper): Promise<boolean> {
    try {
      await keeper.flush()
      return true
    } catch (error) {
      this.trouble(error)
      return keeper.lost
    }
  }

  /** Written, however long the phone is too full for it; false when its owner is here again before. */
  protected async kept(keeper: Keeper): Promise<boolean> {
    while (!(await this.written(keeper))) {
      await new Promise((passed) => setTimeout(passed, RETRY_MS))
      if (this.isOpen) return false
    }
    return true
  }

  /** The vault at the lock that is asked for first. */
  get atLock(): string | null {
    void this.phase
    return this.here.usable(this.chosen)[0]?.id ?? null
  }

  /** To the lock without a login: what lies here can be read without the server. */
  toLock(): void {
    if (this.phase === 'shown' || (this.phase === 'login' && this.here.usable(null).length > 0)) this.phase = 'locked'
  }

  /** To the lock of whoever has a vault here, else to the login. */
  protected toGate(): void {
    this.chosen = this.here.usable(null)[0]?.id ?? null
    this.phase = this.chosen ? 'locked' : 'login'
  }

  /** Does what waits for an unlocking and keeps no screen; true when something is to be sent after it. */
  protected async unlocked(keeper: Keeper): Promise<boolean> {
    const hindered = (error: unknown): number => {
      if (this.keeper === keeper) this.trouble(error)
      return 0
    }
    await import('./leasing').then(({ deposit }) => deposit(keeper)).catch(hindered)
    return (await import('./locked_notes').then(({ takeUp }) => takeUp(keeper)).catch(hindered)) > 0
  }

  /** `opened`: from now on the vault opens by this passphrase. Else nothing is changed. */
  async changePassphrase(secret: Secret, passphrase: string): Promise<Unlocking> {
    const { keeper } = this
    try {
      return keeper && (await (await import('./new_passphrase')).renew(keeper, secret, passphrase)) ? 'opened' : 'wrong'
    } catch (error) {
      this.trouble(error)
      return 'hindered'
    }
  }

  /** Something was written at the lock, or is gone from there. */
  noted(): void {
    this.noting = false
    void this.count()
  }

  protected async count(): Promise<void> {
    this.counted(await this.here.counts(this.keeper?.store ?? null))
    this.shut = await this.here.isShut(this.chosen)
    await this.keeper?.countUnread()
  }

  /** Has a lease run out while the vault is open? What the clock says is kept, so that putting it back helps nobody. */
  protected ranOut(keeper: Keeper): boolean {
    const ranOut = isOver(keeper, Date.now())
    void this.written(keeper)
    return ranOut && this.phase !== 'residents'
  }

  /** Ends what has run out; true when something has. */
  protected async ended(keeper: Keeper): Promise<boolean> {
    try {
      return await end(keeper, Date.now())
    } catch (error) {
      this.trouble(error)
      return false
    }
  }
}
