// Whose hands the phone is in: given to residents, left for a while under a cover, and back to whoever can open it. It draws nothing.
import type { News } from './desk'
import type { Unlocking } from './face.svelte'
import type { Keeper } from './keeper'
import type { Meeting } from './meeting'
import { Session } from './session.svelte'
import { COVERED, HANDED, OPEN, WITH_FORM, type Patience } from './watch'

const TRIES_MAX = 5

/** What lifts the cover of an open vault. It is in memory alone, and goes with the keys. */
interface ShortCode {
  readonly digits: string
  wrong: number
}

export class Hands extends Session {
  #meeting: Meeting | null = null
  readonly #codes = new WeakMap<Keeper, ShortCode>()

  /** The meeting that the phone is locked to, while it is. */
  get meeting(): Meeting | null {
    void this.version
    return this.phase === 'residents' ? this.#meeting : null
  }

  /** The vault stays open beneath, to write and to send; only unlocking leads back, after a kill too. */
  async handOver(event: string): Promise<void> {
    if (this.phase !== 'open') return
    let meeting: Meeting
    try {
      meeting = new (await import('./meeting')).Meeting(this.work, event)
      await this.work.write()
      await this.keepHanded(true)
    } catch (error) {
      return this.trouble(error)
    }
    await this.work.freezeAll()
    if (!this.isOpen) return // locked meanwhile: there is nothing to give
    this.#meeting = meeting
    this.user = null
    this.phase = 'residents'
  }

  /** May the keys of this vault stay in memory under a cover? Not where they may lie nowhere without a network. */
  get mayCover(): boolean {
    void this.version
    return this.keeper !== null && !this.keeper.profile.leases?.network_only
  }

  /** What was chosen counts for nothing once the office has said that no keys may lie under a cover. */
  get #code(): ShortCode | undefined {
    return this.keeper && this.mayCover ? this.#codes.get(this.keeper) : undefined
  }

  /** How many tries a short code still has; null when none lifts a cover since the vault was unlocked. */
  get codeTries(): number | null {
    const code = this.#code
    return code ? TRIES_MAX - code.wrong : null
  }

  /** From now on the app covers itself where it would lock, and these digits lift the cover; null: no more. */
  chooseCode(digits: string | null): void {
    if (!this.keeper || this.phase !== 'open') return
    if (digits === null) this.#codes.delete(this.keeper)
    else this.#codes.set(this.keeper, { digits, wrong: 0 })
    this.version++
  }

  /** Back to where it was left. After too many wrong tries the keys go, `spent` is said, and only the vault's secret opens it. */
  uncover(digits: string, spent: string): Unlocking {
    const { keeper } = this
    const code = this.#code
    if (this.phase !== 'covered' || !keeper || !code) return 'hindered'
    this.version++
    if (code.digits !== digits) {
      if (++code.wrong < TRIES_MAX) return 'wrong'
      this.#codes.delete(keeper)
      this.lock()
      this.problem = spent
      return 'wrong'
    }
    code.wrong = 0
    this.show(keeper)
    void this.unlocked(keeper).then((more) => more && this.rounds.soon())
    return 'opened'
  }

  /** A cover that the office has taken away meanwhile is a lock. */
  protected override hear(news: News): void {
    super.hear(news)
    if (this.phase === 'covered' && !this.mayCover) this.lock()
  }

  protected override get patience(): Patience {
    if (this.phase === 'covered') return COVERED
    if (this.phase === 'residents') return HANDED
    return this.aiming || this.work.formOpen ? WITH_FORM : OPEN
  }

  protected override left(): void {
    if (this.phase === 'open' && this.codeTries !== null) void this.#cover()
    else this.lock()
  }

  /** Nothing is drawn of what is read; what was written is finished, and goes on its way. */
  async #cover(): Promise<void> {
    const { keeper } = this
    const frozen = this.work.freezeAll()
    this.phase = 'covered'
    this.user = null
    await frozen
    if (keeper) await this.written(keeper)
    await this.count()
    this.rounds.soon(0)
  }

  /** To whoever has the secret: what residents held is taken back. */
  protected override show(keeper: Keeper): void {
    this.#meeting = null
    super.show(keeper)
    void this.keepHanded(false).catch((error: unknown) => this.trouble(error))
  }
}
