// As much of a browser as the app asks for before it draws anything.
import { vi } from 'vitest'

/** Stands in for it until `vi.unstubAllGlobals`; gives the window, and the way the thumb has taken. */
export function browser(): { page: EventTarget; way: unknown[] } {
  const page = new EventTarget()
  const way: unknown[] = [null]
  vi.stubGlobal('window', page)
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false, referrer: '' }))
  vi.stubGlobal('navigator', { onLine: true })
  vi.stubGlobal('location', { search: '', origin: 'https://kontor', pathname: '/' })
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('requestAnimationFrame', () => 0)
  vi.stubGlobal('history', {
    get state() {
      return way[way.length - 1]
    },
    pushState: (state: unknown) => void way.push(state),
    replaceState: (state: unknown) => void way.splice(-1, 1, state),
  })
  return { page, way }
}
