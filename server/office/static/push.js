// Being woken in this browser: asks the browser where, and lets its answer leave as an ordinary form.
// It neither fetches nor builds markup.
(() => {
  'use strict';
  const card = document.querySelector('[data-push]');
  if (!card) return;
  const form = card.querySelector('form');
  const { push: key, woken, worker } = card.dataset;
  const show = (name) => {
    for (const part of card.querySelectorAll('[data-when]')) part.hidden = part.dataset.when !== name;
  };
  if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window)) return;

  const named = (address) =>
    window.trustedTypes
      ? trustedTypes.createPolicy('oppgang-push', { createScriptURL: () => address }).createScriptURL(address)
      : address;
  const keyOf = (subscription) =>
    btoa(String.fromCharCode(...new Uint8Array(subscription.options.applicationServerKey ?? [])))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '');

  const active = (registration) =>
    new Promise((done, stopped) => {
      const coming = registration.installing ?? registration.waiting;
      if (registration.active || !coming) return done();
      coming.addEventListener('statechange', () => {
        if (coming.state === 'activated') done();
        if (coming.state === 'redundant') stopped(new Error(coming.state));
      });
    });

  const subscribed = async () => {
    const registration = await navigator.serviceWorker.getRegistration(worker);
    return registration?.pushManager.getSubscription();
  };

  const wake = async () => {
    if ((await Notification.requestPermission()) !== 'granted') return show('refused');
    const registration = await navigator.serviceWorker.register(named(worker));
    await active(registration);
    const before = await registration.pushManager.getSubscription();
    if (before && keyOf(before) !== key) await before.unsubscribe();
    const wanted = { userVisibleOnly: true, applicationServerKey: key };
    form.elements.namedItem('endpoint').value = (await registration.pushManager.subscribe(wanted)).endpoint;
    form.submit();
  };

  const letBe = async () => {
    const before = await subscribed();
    await before?.unsubscribe();
  };

  const look = async () => {
    if (Notification.permission === 'denied') return show('refused');
    const now = await subscribed();
    show(now && woken === now.endpoint && keyOf(now) === key ? 'on' : 'off');
  };

  for (const button of card.querySelectorAll('[data-wake]')) {
    button.addEventListener('click', () => void wake().catch(() => show('failed')));
  }
  card.querySelector('[data-let-be]').addEventListener('click', () => {
    letBe()
      .catch(() => undefined)
      .finally(() => form.submit());
  });
  look().catch(() => show('failed'));
})();
