// Which vault is open on this phone, and which others lie here; what may be read of the open one no longer, is shut. It draws nothing.
import { Courier } from './courier'
import { Face } from './face.svelte'
import type { Keeper } from './keeper'
import { end, isOver } from './lease_end'
import { Vaults } from './vaults'

export class Holder extends Face {
  protected keeper: Keeper | null = null
  protected chosen: string | null = null
  protected readonly here = new Vaults()
  protected readonly courier = new Courier()

  protected get isOpen(): boolean {
    return this.phase === 'open'
  }

  protected async written(keeper: Keeper): Promise<boolean> {
    try {
      await keeper.flush()
      return true
    } catch (error) {
      this.trouble(error)
      return false
    }
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
