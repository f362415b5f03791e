// Which vault is open on this phone, and which others lie here; what may be read of the open one no longer, is shut. It draws nothing.
import { Courier } from './courier'
import { Face } from './face.svelte'
import type { Keeper } from './keeper'
import { end, isOver } from './lease_end'
import { undoBar } from './ui/undo.svelte'
import { Vaults } from './vaults'

const RETRY_MS = 3_000

export class Holder extends Face {
  protected keeper: Keeper | null = null
  protected chosen: string | null = null
  protected readonly here = new Vaults()
  protected readonly courier = new Courier()

  protected get isOpen(): boolean {
    return this.phase === 'open'
  }

  /** What the thumb may still undo is done; resolves when it is written. */
  protected heldBack(): Promise<unknown> {
    return undoBar.settle()
  }

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

  protected async count(): Promise<void> {
    this.counted(await this.here.counts(this.keeper?.store ?? null))
    await this.keeper?.countUnread()
  }

  /** Has a lease run out while the vault is open? What the clock says is kept, so that putting it back helps nobody. */
  protected ranOut(keeper: Keeper): boolean {
    const ranOut = isOver(keeper, Date.now())
    void this.written(keeper)
    return ranOut && this.isOpen
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
