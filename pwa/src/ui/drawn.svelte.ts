/** Long pages that are drawn piece by piece, so that no tap waits for what is out of sight. */
import { onMount } from 'svelte'
import { afterFrame } from '../frames'
import { fieldToReturnTo, heightToReturnTo } from './way.svelte'

/** How much of a long page is drawn: more with each frame, and all of it at once where the thumb is on its way back to a place on it. */
export class Drawn {
  upTo = $state(0)

  /** `all` is how much there is; from there on, what comes is drawn as it comes. */
  constructor(
    first: number,
    private readonly step: number,
    private readonly all: () => number,
  ) {
    this.upTo = heightToReturnTo() > 0 || fieldToReturnTo() !== null ? Infinity : first
    onMount(() => this.#more())
  }

  #more(): void {
    if (this.upTo === Infinity) return
    afterFrame(() => {
      this.upTo = this.upTo < this.all() ? this.upTo + this.step : Infinity
      this.#more()
    })
  }
}
