/** What is kept while another screen is on top: what was typed in search, how much a forgotten vault delivered. Memory only. */

class Kept {
  search = $state('')
  delivered = $state(0)
}

export const kept = new Kept()
