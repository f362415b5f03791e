// Whose hands the phone is in: given to residents, locked to one meeting, and back to whoever can unlock it. It draws nothing.
import type { Keeper } from './keeper'
import type { Meeting } from './meeting'
import { Session } from './session.svelte'

export class Hands extends Session {
  #meeting: Meeting | null = null

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

  /** To whoever has the secret: what residents held is taken back. */
  protected override show(keeper: Keeper): void {
    this.#meeting = null
    super.show(keeper)
    void this.keepHanded(false).catch((error: unknown) => this.trouble(error))
  }
}
