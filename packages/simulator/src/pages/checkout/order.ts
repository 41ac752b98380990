import type { CheckoutView, OrderLine } from '../../core/checkout-sessions/view.js'
import { html, type Html, type HtmlValue } from '../html.js'
import { adverb, day, isoDay, money, per } from '../words.js'

/** What is bought, what it costs today and what it will cost later. */
export function orderColumn(view: CheckoutView, code: string | null): Html {
  const back = view.cancelUrl
  return html`<section class="order" aria-labelledby="order-title">
    <div class="inner">
      ${back !== null && html`<a class="back" href="${back}">← Back to ${view.businessName}</a>`}
      <h1 id="order-title">${titleOf(view)}</h1>
      ${headline(view)} ${view.mode !== 'setup' && sums(view)} ${view.takesCodes && codeBox(code)}
    </div>
  </section>`
}

export function titleOf({ mode, trial, lines, businessName }: CheckoutView): string {
  const name = lines.find((line) => line.every !== null)?.name ?? ''
  if (mode === 'setup') return `Save a card for ${businessName}`
  if (mode === 'payment') return `Pay ${businessName}`
  return trial === null ? `Subscribe to ${name}` : `Try ${name}`
}

function headline(view: CheckoutView): HtmlValue {
  const { currency, next, trial } = view
  if (view.mode === 'setup') return html`<p class="muted">Nothing is charged now.</p>`
  if (next === null) return html`<p class="price number">${money({ value: view.dueNow, currency })}</p>`
  const price = money({ value: next.value, currency })
  if (trial === null) return html`<p class="price number">${price} <small>${per(next.interval, next.count)}</small></p>`
  const days = Math.round((trial.end - view.now) / 86_400)
  return html`<p class="price number">${days} ${days === 1 ? 'day' : 'days'} free</p>
    <p class="muted">
      Then ${price} ${per(next.interval, next.count)}, first on
      <time datetime="${isoDay(next.at)}">${day(next.at)}</time>.
    </p>`
}

function sums(view: CheckoutView): Html {
  const { credit, currency, dueNow: due, next, trial } = view
  return html`<dl class="sums">
    ${view.lines.map((line) => lineRow(line, currency))}
    ${
      trial !== null &&
      html`<div>
        <dt>Free trial until ${day(trial.end)}</dt>
        <dd class="number">${money({ value: -recurring(view), currency })}</dd>
      </div>`
    }
    ${
      credit > 0 &&
      html`<div>
        <dt>Your credit</dt>
        <dd class="number">${money({ value: -credit, currency })}</dd>
      </div>`
    }
    <div class="total">
      <dt>Total due today</dt>
      <dd class="number">${money({ value: due, currency })}</dd>
    </div>
    ${
      next !== null &&
      html`<div class="muted">
        <dt>Due on ${day(next.at)}</dt>
        <dd class="number">${money({ value: next.value, currency })}</dd>
      </div>`
    }
  </dl>`
}

function recurring({ lines }: CheckoutView): number {
  return lines.filter((line) => line.every !== null).reduce((sum, line) => sum + line.value, 0)
}

function lineRow(line: OrderLine, currency: string): Html {
  const billed = line.every === null ? null : `Billed ${adverb(line.every.interval, line.every.count)}`
  const count = line.quantity === 1 ? null : `Quantity ${line.quantity}`
  const details = [line.description, count, billed].filter((text) => text !== null && text !== '')
  return html`<div>
    <dt>${line.name}${details.map((text) => html`<span>${text}</span>`)}</dt>
    <dd class="number">${money({ value: line.value, currency })}</dd>
  </div>`
}

/** Codes can be typed, but this account has none. */
function codeBox(code: string | null): Html {
  const wrong = code !== null && code !== ''
  return html`<form class="block" method="get">
    <div class="field">
      <label for="promotion-code">Promotion code</label>
      <div class="actions">
        <input
          class="code"
          id="promotion-code"
          name="promotion_code"
          value="${code ?? ''}"
          autocomplete="off"
          maxlength="100"
          ${wrong && html` aria-invalid="true" aria-describedby="promotion-code-error"`}
        />
        <button type="submit">Apply</button>
      </div>
      ${wrong && html`<p class="error" id="promotion-code-error" role="alert">The code “${code}” is not known. Your total stays as it is.</p>`}
    </div>
  </form>`
}
