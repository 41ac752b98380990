/**
 * The one script of the hosted pages. Every page works without it; with it, card numbers are grouped, a test card fills
 * the form where it stands, and a button cannot be pressed twice.
 */
export const SCRIPT = `
(() => {
  const brands = [[/^3[47]/, 'American Express'], [/^(5[1-5]|2[2-7])/, 'Mastercard'], [/^(6011|65)/, 'Discover'], [/^3[068]/, 'Diners Club'], [/^35/, 'JCB'], [/^62/, 'UnionPay'], [/^4/, 'Visa']];
  const digits = (text) => text.replace(/\\D/g, '');
  const number = document.querySelector('input[name="number"]');
  const expiry = document.querySelector('input[name="expiry"]');
  const cvc = document.querySelector('input[name="cvc"]');
  const brand = document.querySelector('output[data-brand]');
  const group = (text) => (/^3[47]/.test(text) ? text.replace(/^(.{4})(.{1,6})?(.+)?/, (_, a, b, c) => [a, b, c].filter(Boolean).join(' ')) : text.replace(/(.{4})(?=.)/g, '$1 '));
  const shape = (input, format) => {
    const atEnd = input.selectionStart === input.value.length;
    const shaped = format(input.value);
    if (atEnd && shaped !== input.value) input.value = shaped;
  };
  const showBrand = () => {
    const found = number && brands.find(([pattern]) => pattern.test(digits(number.value)));
    if (brand) brand.textContent = found ? found[1] : '';
  };
  if (number) {
    number.addEventListener('input', () => { shape(number, (text) => group(digits(text).slice(0, 19))); showBrand(); });
    showBrand();
  }
  if (expiry) {
    expiry.addEventListener('input', (event) => {
      if (event.inputType && event.inputType.startsWith('delete')) return;
      shape(expiry, (text) => {
        const all = digits(text).slice(0, 4);
        const full = /^[2-9]/.test(all) ? '0' + all : all;
        return full.length > 1 ? full.slice(0, 2) + ' / ' + full.slice(2, 4) : full;
      });
    });
  }
  for (const link of document.querySelectorAll('a[data-card]')) {
    link.addEventListener('click', (event) => {
      if (!number) return;
      event.preventDefault();
      const other = document.querySelector('input[name="saved_card"][value=""], input[name="method"][value="card"]');
      if (other && other.type === 'radio') other.checked = true;
      number.value = group(link.dataset.card);
      if (expiry && !expiry.value) expiry.value = link.dataset.expiry;
      if (cvc && !cvc.value) cvc.value = link.dataset.cvc;
      showBrand();
      number.focus();
    });
  }
  const typed = document.getElementById('payment');
  for (const form of document.querySelectorAll('form[data-carries]')) {
    form.addEventListener('submit', () => {
      if (!typed) return;
      for (const [name, value] of new FormData(typed)) {
        if (name === 'form_token' || typeof value !== 'string') continue;
        const copy = document.createElement('input');
        copy.type = 'hidden';
        copy.name = name;
        copy.value = value;
        form.append(copy);
      }
    });
  }
  for (const form of document.querySelectorAll('form[data-applies]')) {
    form.addEventListener('change', (event) => {
      if (event.target.name !== 'promotion_code') form.requestSubmit();
    });
  }
  const busy = new Map();
  for (const form of document.querySelectorAll('form')) {
    form.addEventListener('submit', (event) => {
      if (busy.has(form)) { event.preventDefault(); return; }
      const button = event.submitter;
      busy.set(form, button && { button, text: button.textContent });
      if (!button) return;
      button.style.minWidth = button.offsetWidth + 'px';
      button.setAttribute('aria-disabled', 'true');
      if (button.dataset.busy) button.textContent = button.dataset.busy;
    });
  }
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    for (const pressed of busy.values()) {
      if (!pressed) continue;
      pressed.button.removeAttribute('aria-disabled');
      pressed.button.textContent = pressed.text;
    }
    busy.clear();
  });
})();
`
