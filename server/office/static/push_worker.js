// Shows that the list must be looked at when a push service wakes this browser, and opens it on a tap.
// What comes has no content, and none would be read; it keeps nothing, and stands between no page and the server.
const LIST = '/office/safety';

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('push', (event) => {
  const shown = {
    body: 'Se på lista nå.',
    tag: LIST,
    renotify: true,
    requireInteraction: true,
    lang: 'nb',
    icon: '/icons/oppgang-192.png',
  };
  event.waitUntil(self.registration.showNotification('Oppgang: Trygt besøk', shown));
});

const open = async () => {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const there = windows.find((each) => new URL(each.url).pathname === LIST);
  return there ? there.focus() : self.clients.openWindow(LIST);
};

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open());
});
