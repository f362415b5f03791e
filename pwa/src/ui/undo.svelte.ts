/** The bar at the bottom that says what was done and offers to undo it for a while; the act it holds back is done when the time is out, the app is hidden, or another act follows. */
import { SvelteSet } from 'svelte/reactivity'

const SHOWN_MS = 8_000

interface Offer {
  message: string
  undo?: () => void
  commit?: () => void
  /** Only while the page is on top: its forms are closed when it is left. */
  here?: boolean
}

class UndoBar {
  offer = $state<Offer | null>(null)
  /** Visits that the thumb has finished, while it may still be undone. */
  readonly finishing = new SvelteSet<string>()
  #timer: ReturnType<typeof setTimeout> | undefined

  say(offer: Offer): void {
    this.settle()
    this.offer = offer
    this.resume()
  }

  undo(): void {
    const { offer } = this
    this.#clear()
    offer?.undo?.()
  }

  /** Does what was held back and takes the bar away. */
  settle(): void {
    const { offer } = this
    this.#clear()
    offer?.commit?.()
  }

  leavePage(): void {
    if (this.offer?.here) this.settle()
  }

  pause(): void {
    clearTimeout(this.#timer)
  }

  resume(): void {
    clearTimeout(this.#timer)
    if (this.offer) this.#timer = setTimeout(() => this.settle(), SHOWN_MS)
  }

  #clear(): void {
    clearTimeout(this.#timer)
    this.offer = null
  }
}

export const undoBar = new UndoBar()
