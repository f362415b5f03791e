// Passkeys: shows what can work in this browser, and lets the browser answer the page's question.
// It neither fetches nor builds markup; the answer leaves as an ordinary form.
(() => {
  'use strict';
  const able =
    typeof PublicKeyCredential === 'function' &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function' &&
    typeof PublicKeyCredential.prototype.toJSON === 'function';
  for (const part of document.querySelectorAll('[data-passkey]')) {
    part.hidden = !able || part.dataset.passkey !== location.origin;
  }

  const form = document.querySelector('form[data-ceremony]');
  if (!form) return;
  const show = (name) => {
    for (const part of form.querySelectorAll('[data-when]')) part.hidden = part.dataset.when !== name;
  };
  const ask = async () => {
    show('asking');
    try {
      const said = JSON.parse(form.dataset.options);
      const made =
        form.dataset.ceremony === 'create'
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(said) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(said) });
      form.elements.namedItem('answer').value = JSON.stringify(made.toJSON());
    } catch (wrong) {
      show(wrong?.name === 'InvalidStateError' ? 'held' : 'stopped');
      return;
    }
    form.submit();
  };
  form.querySelector('[data-again]').addEventListener('click', () => void ask());
  if (!able) show('unable');
  else void ask();
})();
