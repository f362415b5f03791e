/** What is kept while another screen is on top: what was typed in search, which quick note is under the thumb and whose page it came from, how much a forgotten vault delivered. Memory only. */

/** What was agreed, as it was written, in words of the resident's language around it. */
interface Agreed {
  lang: string
  dir: 'ltr' | 'rtl'
  title: string
  note: string
  items: readonly { what: string; about: string }[]
}

class Kept {
  search = $state('')
  note: string | null = null
  place: string | null = null
  delivered = $state(0)
  /** What «Vis til beboer» leaves on the screen of a locked app. */
  agreed = $state.raw<Agreed | null>(null)

  /** Another has opened the phone: nothing of this is theirs. */
  forget(): void {
    this.search = ''
    this.note = this.place = null
    this.delivered = 0
    this.agreed = null
  }
}

export const kept = new Kept()
