/* script: what makes a person's day a little better. Every page does its work without it, and nothing here asks the server for data: the
   content security policy allows that to nobody. Words come from the page, in its language, in data- attributes. */
(() => {
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

  // A password can be looked at while it is typed; it is sent, and remembered by the browser, as a password.
  each('[data-hide]', (button) => {
    const field = button.previousElementSibling;
    const turn = () => {
      const { label, hide } = button.dataset;
      button.dataset.label = button.getAttribute('aria-label');
      button.dataset.hide = button.textContent;
      button.setAttribute('aria-label', label);
      button.textContent = hide;
      field.type = field.type === 'text' ? 'password' : 'text';
    };
    button.hidden = false;
    button.addEventListener('click', turn);
    field.form.addEventListener('submit', () => field.type === 'text' && turn());
  });

  // The field that is named goes to the clipboard; the status beside the button says so.
  each('[data-copy]', (button) => {
    const field = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener('click', async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        if (!document.execCommand('copy')) return;
      }
      button.nextElementSibling.textContent = button.dataset.done;
    });
  });

  // A pause in typing that leaves something other than an address is told; what the server said stays.
  each('[data-check]', (field) => {
    if (document.getElementById(`${field.id}-error`)) return;
    const words = document.createElement('p');
    let pause;
    const look = () => {
      const text = field.value.trim();
      const good = !text || /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text);
      words.textContent = good ? '' : field.dataset.check;
      if (good) field.removeAttribute('aria-invalid');
      else field.setAttribute('aria-invalid', 'true');
    };
    words.id = `${field.id}-typed`;
    words.className = 'error';
    words.setAttribute('aria-live', 'polite');
    field.before(words);
    field.setAttribute('aria-describedby', [field.getAttribute('aria-describedby'), words.id].filter(Boolean).join(' '));
    field.addEventListener('input', () => {
      clearTimeout(pause);
      if (words.textContent) look();
      else pause = setTimeout(look, 900);
    });
    field.form.addEventListener('submit', () => clearTimeout(pause));
  });

  // Long work: a file on its way, which the page goes on waiting for; an export that begins, whose way the browser shows.
  each('[data-wait]', (status) => {
    const begin = () => {
      status.textContent = status.dataset.wait;
      if (status.nextElementSibling) status.nextElementSibling.hidden = false;
    };
    const end = () => {
      status.textContent = '';
      if (status.nextElementSibling) status.nextElementSibling.hidden = true;
    };
    if (status.closest('form')) status.closest('form').addEventListener('submit', begin);
    else status.previousElementSibling.addEventListener('click', begin);
    addEventListener('pageshow', end);
  });

  // A mail that waits: the page looks again by itself, ever more seldom, while nobody uses it.
  if (document.querySelector('[data-again]') && !document.querySelector('.note')) {
    const times = history.state?.times ?? 0;
    const again = () => {
      if (document.hidden || ![document.body, null].includes(document.activeElement)) return setTimeout(again, 2000);
      history.replaceState({ times: times + 1 }, '');
      return location.reload();
    };
    if (times < 7) setTimeout(again, 2000 * 2 ** times);
  }
})();
