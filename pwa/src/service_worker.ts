// Makes the app start without a network: keeps the app's own files, and nothing that anybody wrote or read.
/// <reference lib="webworker" />

const worker = self as unknown as ServiceWorkerGlobalScope
const FILES = '__PRECACHE__' as unknown as readonly string[]
const CACHE = 'oppgang-__VERSION__'
const PAGE = '/'
/** The server's own pages and answers: never kept, never answered from here. */
const NOT_OURS = ['/api/', '/office', '/health', '/metrics', '/static/']

/** A rule that the browser itself follows; TypeScript does not know it yet, nor does every browser. */
interface Routed {
  addRoutes?(rules: { condition: { urlPattern: { pathname: string } }; source: 'network' }[]): Promise<void>
}

/**
 * Lets what is not ours pass without waking this worker. Chromium ends the old version to let the new one in; a request
 * that reaches the old one in that instant starts it again, and the new one is then kept waiting for minutes.
 */
async function letPass(event: Routed): Promise<void> {
  const rules = NOT_OURS.map((start) => ({ condition: { urlPattern: { pathname: `${start}*` } }, source: 'network' as const }))
  await event.addRoutes?.(rules).catch(() => undefined)
}

worker.addEventListener('install', (event) => {
  event.waitUntil(letPass(event as Routed))
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: 'reload' })))),
  )
})

/** The version before this one stays: a page that it started may still fetch its parts. */
worker.addEventListener('activate', (event) => {
  const tidy = async (): Promise<void> => {
    const ours = (await caches.keys()).filter((name) => name.startsWith('oppgang-') && name !== CACHE)
    await Promise.all(ours.slice(0, -1).map((name) => caches.delete(name)))
    await worker.clients.claim()
  }
  event.waitUntil(tidy())
})

worker.addEventListener('message', (event) => {
  if (event.data === 'apply') void worker.skipWaiting()
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return
  if (NOT_OURS.some((start) => url.pathname.startsWith(start))) return
  if (request.mode === 'navigate') {
    event.respondWith(caches.match(PAGE, { cacheName: CACHE }).then((page) => page ?? fetch(request)))
    return
  }
  event.respondWith(
    caches
      .match(request, { cacheName: CACHE })
      .then((file) => file ?? caches.match(request))
      .then((file) => file ?? fetch(request)),
  )
})
