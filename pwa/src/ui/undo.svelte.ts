/** The bar at the bottom that says what was done and offers to undo it for a while; the act it holds back is done when the time is out, the app is hidden, or another act follows. */
import { SvelteSet } from 'svelte/reactivity'

export const SHOWN_MS = 8_000

interface Offer {
  message: string
  undo?: () => void
  commit?: () => void
  /** Only while the page is on top: its forms are closed when it is left. */
  here?: boolean
}

class UndoBar {
  /** What the bar shows. */
  offer = $state.raw<Offer | null>(null)
  /** What is true just now; a page on its way out would read of `offer` what was true before. */
  #current: Offer | null = null
  /** Visits that the thumb has finished, while it may still be undone. */
  readonly finishing = new SvelteSet<string>()
  #timer: ReturnType<typeof setTimeout> | undefined

  say(offer: Offer): void {
    this.settle()
    this.#current = offer
    this.offer = offer
    this.resume()
  }

  undo(): void {
    const offer = this.#current
    this.#clear()
    offer?.undo?.()
  }

  /** Does what was held back and takes the bar away. */
  settle(): void {
    const offer = this.#current
    this.#clear()
    offer?.commit?.()
  }

  leavePage(): void {
    if (this.#current?.here) this.settle()
  }

  pause(): void {
    clearTimeout(this.#timer)
  }

  resume(): void {
    clearTimeout(this.#timer)
    if (this.#current) this.#timer = setTimeout(() => this.settle(), SHOWN_MS)
  }

  #clear(): void {
    clearTimeout(this.#timer)
    this.#current = null
    this.offer = null
  }
}

export const undoBar = new UndoBar()
