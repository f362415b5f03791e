/** One open form as its fields see it: which field the thumb wrote in last, and the one place a field's id is made. */
import type { Form, Json } from '../app.svelte'

export type Saving = 'saving' | 'saved' | 'failed'

export class Draft {
  #last = $state<string | null>(null)
  readonly form: Form
  readonly #before: (path: string) => void

  /** `before` runs ahead of every touch, so that a part never exists without the whole it belongs to. */
  constructor(form: Form, before: (path: string) => void = () => {}) {
    this.form = form
    this.#before = before
  }

  value(path: string): Json {
    return this.form.value(path)
  }

  words(path: string): string {
    const value = this.value(path)
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
  }

  touch(path: string, value: Json): void {
    this.#before(path)
    this.#last = path
    this.form.touch(path, value)
  }

  /** What the thumb wrote there is not taken: nothing beside it may say that it is saved. */
  refuse(path: string): void {
    if (this.#last === path) this.#last = null
  }

  /** What to say beside a field about its last writing: nothing until the thumb has been there. */
  saving(path: string): Saving | null {
    const here = this.#last === path || this.#last?.startsWith(`${path}/`)
    return here && this.form.saving !== 'idle' ? this.form.saving : null
  }

  /** Who asked for something to be put right, by user; null when nobody has. */
  asker(): string | null {
    const status = this.value('status')
    const user = status && typeof status === 'object' && !Array.isArray(status) ? status['by'] : null
    return typeof user === 'string' ? user : null
  }

  /** Writes the last value once more, after the phone was full. */
  again(): void {
    if (this.#last !== null) this.form.touch(this.#last, this.form.value(this.#last))
  }
}

/** The id of a field on the page, by which labels, missing fields and returned comments find it. */
export function fieldId(record: string, path: string): string {
  return `field-${record}-${path.replace('/', '-')}`
}

/** Where a field is on the page; null when the page does not draw it. */
export function placeOnPage(record: string, path: string): HTMLElement | null {
  const whole = path.split('/')[0] ?? path
  return document.getElementById(fieldId(record, path)) ?? document.getElementById(fieldId(record, whole))
}

/** Brings a field under the eye and puts the caret in it; false when it is not on the page. */
export function jumpTo(record: string, path: string): boolean {
  const place = placeOnPage(record, path)
  if (!place) return false
  place.closest('details')?.setAttribute('open', '')
  const control = place.matches('input, textarea, select')
    ? place
    : (place.querySelector<HTMLElement>('input:checked') ??
      place.querySelector<HTMLElement>('input, textarea, select, button') ??
      place)
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  place.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' })
  control.focus({ preventScroll: true })
  return true
}
