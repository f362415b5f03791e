/** Long pages that are drawn piece by piece, so that no tap waits for what is out of sight. */
import { afterFrame } from '../frames'
import { fieldToReturnTo, heightToReturnTo } from './way.svelte'

/** How much of a long page is drawn: more with each frame, and all of it at once where the thumb is on its way back to a place on it. */
export class Drawn {
  #drawn: { of: string; upTo: number }

  /** `all` is how much there is; from there on, what comes is drawn as it comes. What is `of` something else begins anew. */
  constructor(
    private readonly first: number,
    private readonly step: number,
    private readonly all: () => number,
    private readonly of: () => string = () => '',
  ) {
    const back = heightToReturnTo() > 0 || fieldToReturnTo() !== null
    this.#drawn = $state.raw({ of: of(), upTo: back ? Infinity : first })
    $effect(() => this.#more(this.of()))
  }

  get upTo(): number {
    return this.#drawn.of === this.of() ? this.#drawn.upTo : this.first
  }

  /** Draws the rest at once. */
  whole(): void {
    this.#drawn = { of: this.of(), upTo: Infinity }
  }

  #more(of: string): void {
    afterFrame(() => {
      if (of !== this.of() || this.upTo === Infinity) return
      this.#drawn = { of, upTo: this.upTo < this.all() ? this.upTo + this.step : Infinity }
      this.#more(of)
    })
  }
}
