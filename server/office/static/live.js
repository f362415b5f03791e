// A list that is had anew by itself and says when that fails: what stands there is then old.
// It builds no markup: what the server answers is taken in as it is, where it says something else.
(() => {
  'use strict';
  const head = document.querySelector('[data-again-s]');
  if (!head) return;
  const EVERY_MS = Number(head.dataset.againS) * 1000;
  const SILENT_MS = 2 * EVERY_MS;
  let heard = Date.now();
  let out = false;
  let sound = null;

  const show = (name) => {
    for (const part of document.querySelectorAll('[data-lost]')) {
      if (part.hidden !== (part.dataset.lost !== name)) part.hidden = part.dataset.lost !== name;
    }
    document.documentElement.classList.toggle('is-lost', name !== '');
  };
  const sayWhen = (page) => {
    const when = page.querySelector('[data-heard]').textContent;
    for (const part of document.querySelectorAll('[data-heard]')) part.textContent = when;
  };
  // The same words may stand on a record that has moved on since: its form must follow.
  const says = (live) =>
    live.textContent + [...live.querySelectorAll('[data-seen]')].map((one) => one.dataset.seen).join();

  const beep = () => {
    if (sound?.state !== 'running' || !document.querySelector('[data-urgent]')) return;
    for (const [at, pitch] of [[0, 880], [0.35, 660], [0.7, 880]]) {
      const tone = new OscillatorNode(sound, { frequency: pitch, type: 'square' });
      tone.connect(new GainNode(sound, { gain: 0.2 })).connect(sound.destination);
      tone.start(sound.currentTime + at);
      tone.stop(sound.currentTime + at + 0.25);
    }
  };

  const take = (page) => {
    const [live, fresh] = [document, page].map((one) => one.querySelector('[data-live]'));
    out = fresh === null;
    if (out) return show('out');
    heard = Date.now();
    show('');
    sayWhen(page);
    document.title = page.title;
    if (says(live) !== says(fresh)) {
      const focus = document.activeElement?.id ?? '';
      live.replaceWith(document.adoptNode(fresh));
      if (focus) document.getElementById(focus)?.focus();
    }
    beep();
  };

  const ask = () => {
    // A form on its way would lose the page that answers it.
    if ([...document.forms].some((form) => form.dataset.sent)) return;
    const request = new XMLHttpRequest();
    request.open('GET', location.href);
    request.responseType = 'document';
    request.timeout = EVERY_MS;
    request.onload = () => (request.status === 200 && request.response ? take(request.response) : show('gone'));
    request.onerror = request.ontimeout = () => show('gone');
    request.send();
  };

  setInterval(ask, EVERY_MS);
  // A tab that slept, or an answer that never comes, says so too.
  setInterval(() => !out && Date.now() - heard > SILENT_MS && show('gone'), 1000);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && ask());

  const fill = document.querySelector('[data-fill]');
  if (fill && document.documentElement.requestFullscreen) {
    fill.hidden = false;
    fill.addEventListener('click', () => {
      document.documentElement.requestFullscreen().catch(() => undefined);
      navigator.wakeLock?.request('screen').catch(() => undefined);
    });
  }
  const loud = document.querySelector('[data-sound]');
  if (loud) {
    loud.hidden = false;
    loud.addEventListener('click', () => {
      sound ??= new AudioContext();
      const on = loud.getAttribute('aria-pressed') !== 'true';
      loud.setAttribute('aria-pressed', String(on));
      void (on ? sound.resume().then(beep) : sound.suspend());
    });
  }
})();
