/** Long pages that are drawn piece by piece, so that no tap waits for what is out of sight. */
import { onMount } from 'svelte'
import { afterFrame } from '../frames'
import { fieldToReturnTo, heightToReturnTo } from './way.svelte'

/** How much of a long page is drawn: more with each frame, and all of it at once where the thumb is on its way back to a place on it. */
export class Drawn {
  upTo = $state(0)
  #callOff = (): void => {}

  /** `all` is how much there is; from there on, what comes is drawn as it comes. */
  constructor(
    private readonly first: number,
    private readonly step: number,
    private readonly all: () => number,
  ) {
    this.upTo = heightToReturnTo() > 0 || fieldToReturnTo() !== null ? Infinity : first
    onMount(() => this.#more())
  }

  /** Something else is on the page: it is drawn from its beginning. */
  anew(): void {
    this.upTo = this.first
    this.#more()
  }

  #more(): void {
    this.#callOff()
    if (this.upTo === Infinity) return
    this.#callOff = afterFrame(() => {
      this.upTo = this.upTo < this.all() ? this.upTo + this.step : Infinity
      this.#more()
    })
  }
}
