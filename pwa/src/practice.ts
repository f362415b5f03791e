/** Øvingsmodus, decided once, when the page is loaded: every name on the disk is another, and the line out is cut. It knows nothing of the real app. */
const SEARCH = '?ovelse'

export const PRACTICE_PAGE = `/${SEARCH}`
export const PRACTISING = (globalThis as { location?: { search: string } }).location?.search === SEARCH
/** What the names of databases, locks and marks begin with. */
export const ROOM = PRACTISING ? 'oppgang-ovelse' : 'oppgang'
