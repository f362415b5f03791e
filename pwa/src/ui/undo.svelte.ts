/** The bars at the bottom: a notice, and an offer to undo what was done; what an offer holds back is done when its time is out, the app is hidden, another offer follows, or the vault is about to close. */
import { SvelteSet } from 'svelte/reactivity'

export const SHOWN_MS = 8_000

/** An offer where there is something to undo, else a plain notice. What it does resolves when all of it is written. */
interface Said {
  message: string
  undo?: () => unknown
  commit?: () => unknown
  /** Only while the page is on top: its forms are closed when it is left. */
  here?: boolean
}

const isOffer = (said: Said): boolean => said.undo !== undefined

class UndoBar {
  /** What is shown: a notice, and beneath it an offer, which stays where the thumb found it. */
  shown = $state.raw<readonly Said[]>([])
  /** What is true just now; a page on its way out would read of `shown` what was true before. */
  #current: readonly Said[] = []
  /** Visits that the thumb has finished, while it may still be undone. */
  readonly finishing = new SvelteSet<string>()
  /** Is something being done that was held back, or taken back? */
  acting = $state(false)
  #timer: ReturnType<typeof setTimeout> | undefined
  #acts: Promise<unknown> = Promise.resolve()

  /** A notice takes the place of a notice, an offer that of an offer: neither ends the other. */
  say(said: Said): void {
    void this.settle((one) => isOffer(one) === isOffer(said))
    this.#show(isOffer(said) ? [...this.#current, said] : [said, ...this.#current])
  }

  undo(said: Said): void {
    this.#show(this.#current.filter((one) => one !== said))
    this.#act(said.undo)
  }

  /** Does what was held back and takes the bars away; resolves when that, and all that was done here before, is written. */
  settle(which: (said: Said) => boolean = () => true): Promise<unknown> {
    const over = this.#current.filter(which)
    if (over.length > 0) this.#show(this.#current.filter((one) => !over.includes(one)))
    for (const { commit } of over) this.#act(commit)
    return this.#acts
  }

  /** What another said here, too late for their own vault, is done in nobody else's. */
  forget(): void {
    this.#show([])
  }

  leavePage(): void {
    void this.settle((one) => one.here === true)
  }

  pause(): void {
    clearTimeout(this.#timer)
  }

  resume(): void {
    clearTimeout(this.#timer)
    if (this.#current.length > 0) this.#timer = setTimeout(() => void this.settle(), SHOWN_MS)
  }

  #show(said: readonly Said[]): void {
    this.#current = said
    this.shown = said
    this.resume()
  }

  #act(act: (() => unknown) | undefined): void {
    const done = (async () => act?.())()
    const acts = Promise.allSettled([this.#acts, done])
    this.#acts = acts
    this.acting = true
    void acts.then(() => (this.acting = this.#acts !== acts))
  }
}

export const undoBar = new UndoBar()
