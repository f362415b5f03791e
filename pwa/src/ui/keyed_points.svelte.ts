/** A record's keyed answers seen as the run of a checklist, so that its points are drawn as any others. */
import type { Json } from '../app.svelte'
import { Draft, type Saving } from './draft.svelte'

const RUN = 'answers/'

export class PointDraft extends Draft {
  readonly #whole: Draft
  readonly #name: string

  constructor(whole: Draft, name: string) {
    super(whole.form)
    this.#whole = whole
    this.#name = name
  }

  override value(path: string): Json {
    const own = this.#own(path)
    return own === null ? null : this.#whole.value(own)
  }

  override touch(path: string, value: Json): void {
    const own = this.#own(path)
    if (own !== null) this.#whole.touch(own, value)
  }

  override refuse(path: string): void {
    const own = this.#own(path)
    if (own !== null) this.#whole.refuse(own)
  }

  override saving(path: string): Saving | null {
    const own = this.#own(path)
    return own === null ? null : this.#whole.saving(own)
  }

  override again(): void {
    this.#whole.again()
  }

  #own(path: string): string | null {
    return path.startsWith(RUN) ? `${this.#name}/${path.slice(RUN.length)}` : null
  }
}
