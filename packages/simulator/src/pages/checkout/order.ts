import type { CheckoutView, OrderLine } from '../../core/checkout-sessions/view.js'
import { exponentOf } from '../../core/arithmetic/currency.js'
import { html, type Html, type HtmlValue } from '../html.js'
import { adverb, day, decimalText, isoDay, money, per } from '../words.js'
import { codeBox, type CodeState } from './code.js'

/** What is bought, what it costs today and what it will cost later. What can be changed is one form with what it costs. */
export function orderColumn(view: CheckoutView, code: CodeState): Html {
  const back = view.cancelUrl
  const isChangeable = view.takesCodes || view.shippingChoices.length > 1 || view.lines.some(isAdjustable)
  const body = html`${sums(view)} ${view.takesCodes && codeBox(view.discounts, code)}`
  return html`<section class="order" aria-labelledby="order-title">
    <div class="inner">
      ${back !== null && html`<a class="back" href="${back}">← Back to ${view.businessName}</a>`}
      <h1 id="order-title">${titleOf(view)}</h1>
      ${headline(view)}
      ${
        view.mode !== 'setup' &&
        (isChangeable
          ? html`<form method="post" action="/c/pay/${view.id}/order" data-carries data-applies novalidate>
              <input type="hidden" name="form_token" value="${view.formToken}" />${body}
            </form>`
          : body)
      }
      ${offers(view)}
    </div>
  </section>`
}

function isAdjustable({ adjustable, chosen }: OrderLine): boolean {
  return adjustable !== null || chosen !== null
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
  const price = money({ value: trial === null && view.discount > 0 ? view.dueNow : next.value, currency })
  if (trial === null && view.discount > 0) {
    return html`<p class="price number">${price} <small>today</small></p>
      <p class="muted">Then ${money({ value: next.value, currency })} ${per(next.interval, next.count)}.</p>`
  }
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
    ${reductions(view)}
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

/** What is taken off and put on. */
function reductions({
  currency,
  discount,
  discounts,
  shipping,
  shippingChoices,
  tax,
  taxStatus,
}: CheckoutView): HtmlValue {
  const row = (name: HtmlValue, value: HtmlValue): Html => html`<div>
    <dt>${name}</dt>
    <dd class="number">${value}</dd>
  </div>`
  const amount = (value: number): string => money({ value, currency })
  return [
    discounts.length > 0 && row(discounts.map(({ name }) => name).join(', '), amount(-discount)),
    shippingChoices.length === 1 && row(html`Shipping<span>${shippingChoices[0]?.name}</span>`, amount(shipping)),
    shippingChoices.length > 1 && shippingRow(shippingChoices, currency),
    taxStatus === 'requires_location_inputs' && row('Tax', html`<span class="muted">Once your address is known</span>`),
    (tax > 0 || taxStatus === 'complete') && row('Tax', amount(tax)),
  ]
}

function shippingRow(choices: CheckoutView['shippingChoices'], currency: string): Html {
  return html`<div>
    <dt class="grow">
      <fieldset class="block">
        <legend>Shipping</legend>
        ${choices.map(
          ({ rate, name, value, isChosen }) =>
            html`<label class="choice"
              ><input type="radio" name="shipping_rate" value="${rate}" ${isChosen && html` checked`} />
              <span>${name}</span><span class="end number">${money({ value, currency })}</span></label
            >`,
        )}
        <div><button type="submit" data-busy="One moment …">Update shipping</button></div>
      </fieldset>
    </dt>
  </div>`
}

function recurring({ lines }: CheckoutView): number {
  return lines.filter((line) => line.every !== null).reduce((sum, line) => sum + line.value, 0)
}

function lineRow(line: OrderLine, currency: string): Html {
  const billed = line.every === null ? null : `Billed ${adverb(line.every.interval, line.every.count)}`
  const count =
    line.quantity === 1 || line.quantity === null || line.adjustable !== null ? null : `Quantity ${line.quantity}`
  const measured = line.isMetered ? 'Charged afterwards, for what you use' : null
  const details = [line.description, count, billed, measured].filter((text) => text !== null && text !== '')
  return html`<div>
    <dt>${line.name}${details.map((text) => html`<span>${text}</span>`)}${quantityBox(line)}${amountBox(line, currency)}${dropButton(line)}</dt>
    <dd class="number">${line.isMetered ? '' : money({ value: line.value, currency })}</dd>
  </div>`
}

/** What else may be bought with it. */
function offers({ id, currency, formToken, lines, offers: items }: CheckoutView): HtmlValue {
  if (items.length === 0 && !lines.some(({ isOptional }) => isOptional)) return null
  // A form of its own: the key Enter presses the first button of a form, and is to add nothing.
  return html`<form id="extras" method="post" action="/c/pay/${id}/order" data-carries novalidate>
      <input type="hidden" name="form_token" value="${formToken}" />
    </form>
    ${
      items.length > 0 &&
      html`<section class="block" aria-labelledby="offers-title">
        <h2 id="offers-title" class="small">Add to your order</h2>
        <dl class="sums">
          ${items.map((item) => offerRow(item, currency))}
        </dl>
      </section>`
    }`
}

function offerRow({ id, name, description, every, isMetered, value }: OrderLine, currency: string): Html {
  const price = money({ value, currency })
  const cost = every === null ? price : `${price} ${per(every.interval, every.count)}`
  return html`<div>
    <dt>${name}${description !== null && html`<span>${description}</span>`}<span>${isMetered ? 'Charged afterwards, for what you use' : cost}</span></dt>
    <dd><button type="submit" form="extras" name="add_item" value="${id}" data-busy="One moment …">Add<span class="hidden"> ${name}</span></button></dd>
  </div>`
}

function dropButton({ id, name, isOptional }: OrderLine): HtmlValue {
  if (!isOptional) return null
  return html`<div class="actions">
    <button type="submit" form="extras" name="drop_item" value="${id}" data-busy="One moment …">Remove<span class="hidden"> ${name}</span></button>
  </div>`
}

function quantityBox({ id, name, adjustable, quantity }: OrderLine): HtmlValue {
  if (adjustable === null) return null
  return html`<div class="actions">
    <label class="small" for="quantity-${id}">Quantity<span class="hidden"> of ${name}</span></label>
    <input
      class="short number"
      id="quantity-${id}"
      name="quantity_${id}"
      type="number"
      inputmode="numeric"
      min="${adjustable.minimum}"
      max="${adjustable.maximum}"
      value="${quantity ?? 1}"
    />
    <button type="submit" data-busy="One moment …">Update<span class="hidden"> ${name}</span></button>
  </div>`
}

function amountBox({ id, name, chosen, value }: OrderLine, currency: string): HtmlValue {
  if (chosen === null) return null
  const places = exponentOf(currency)
  const step = places === 0 ? '1' : `0.${'1'.padStart(places, '0')}`
  return html`<div class="actions">
    <label class="small" for="amount-${id}">Your amount<span class="hidden"> for ${name}</span></label>
    <input
      class="short number"
      id="amount-${id}"
      name="amount_${id}"
      type="number"
      inputmode="decimal"
      step="${step}"
      value="${decimalText({ value, currency })}"
    />
    <button type="submit" data-busy="One moment …">Update<span class="hidden"> ${name}</span></button>
    <span class="muted">${boundsOf(chosen, currency)}</span>
  </div>`
}

function boundsOf({ minimum, maximum }: NonNullable<OrderLine['chosen']>, currency: string): string | null {
  const least = minimum === null ? null : money({ value: minimum, currency })
  const most = maximum === null ? null : money({ value: maximum, currency })
  if (least !== null && most !== null) return `${least} to ${most}`
  if (least !== null) return `At least ${least}`
  return most === null ? null : `At most ${most}`
}
