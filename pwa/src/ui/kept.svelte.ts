/** What is kept while another screen is on top: what was typed in search, which quick note is under the thumb and whose page it came from, how much a forgotten vault delivered. Memory only. */

class Kept {
  search = $state('')
  note: string | null = null
  place: string | null = null
  delivered = $state(0)
  /** What «Vis til beboer» leaves on the screen of a locked app. */
  agreed = $state.raw<readonly { what: string; about: string }[]>([])

  /** Another has opened the phone: nothing of this is theirs. */
  forget(): void {
    this.search = ''
    this.note = this.place = null
    this.delivered = 0
    this.agreed = []
  }
}

export const kept = new Kept()
