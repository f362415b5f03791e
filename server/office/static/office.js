// Keyboard shortcuts for the office; only an enhancement: every page works without this file,
// and it may neither fetch nor build markup.
(() => {
  'use strict';
  const STORED = 'office-shortcuts';
  const help = document.getElementById('keys');
  const toggle = document.getElementById('keys-on');
  const on = () => localStorage.getItem(STORED) !== 'off';

  const typing = (target) =>
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    !/^(checkbox|radio|submit|button)$/.test(target.type ?? '');

  // Follows the list: the neighbour of the chosen line, or the first.
  const step = (by) => {
    const links = [...document.querySelectorAll('[data-list] a[data-line]')];
    if (links.length === 0) return;
    const focused = links.indexOf(document.activeElement);
    const chosen = links.findIndex((link) => link.getAttribute('aria-current') === 'true');
    const from = focused >= 0 ? focused : chosen;
    const next = links[from < 0 ? 0 : Math.min(Math.max(from + by, 0), links.length - 1)];
    next.focus();
    if (next.hasAttribute('data-open')) next.click();
  };

  const press = (selector) => {
    const target = document.querySelector(selector);
    if (target) target.click();
  };

  // Opens the comment box of the field that has focus, or the general one.
  const ask = () => {
    const row = document.activeElement?.closest('[data-field]');
    const box = (row ?? document).querySelector('[data-comment]');
    if (!box) return;
    const holder = box.closest('details');
    if (holder) holder.open = true;
    box.focus();
  };

  const commands = {
    j: () => step(1),
    k: () => step(-1),
    a: () => press('[data-approve]'),
    r: ask,
    '?': () => help?.showModal(),
  };

  document.addEventListener('keydown', (event) => {
    if (!on() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (help?.open) return;
    const command = commands[event.key.length === 1 ? event.key.toLowerCase() : ''];
    if (!command) return;
    event.preventDefault();
    command();
  });

  // An opened part of the menu closes by Escape, or when one goes on elsewhere.
  const closeMenu = (but) => {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (menu !== but) menu.open = false;
    }
  };
  document.addEventListener('click', (event) => closeMenu(event.target.closest('details.menu')));
  document.addEventListener('focusin', (event) => closeMenu(event.target.closest('details.menu')));
  document.addEventListener('keydown', (event) => {
    const menu = event.key === 'Escape' && document.querySelector('details.menu[open]');
    if (!menu) return;
    menu.open = false;
    menu.querySelector('summary').focus();
  });

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
  });
  // A page taken out of the browser's own cache must be able to send its form again.
  window.addEventListener('pageshow', () => {
    for (const form of document.forms) delete form.dataset.sent;
  });

  if (help && toggle) {
    document.querySelector('[data-keys]')?.removeAttribute('hidden');
    document.querySelector('[data-keys]')?.addEventListener('click', () => help.showModal());
    toggle.checked = on();
    toggle.addEventListener('change', () => {
      localStorage.setItem(STORED, toggle.checked ? 'on' : 'off');
    });
  }

  const all = document.querySelector('[data-choose-all]');
  if (all) {
    all.closest('[hidden]')?.removeAttribute('hidden');
    all.addEventListener('change', () => {
      for (const box of document.querySelectorAll('[data-choose]')) box.checked = all.checked;
    });
  }
})();
