import type { CheckoutView } from '../../core/checkout-sessions/view.js'
import { cardFields, errorsOf, field, formError, type FieldErrors, type Typed } from '../card-form.js'
import { html, type Html, type HtmlValue } from '../html.js'
import { footer, page, strip } from '../layout.js'
import type { PageResponse } from '../request.js'
import { testCards } from '../test-cards.js'
import { adverb, day, money } from '../words.js'
import { orderColumn, titleOf } from './order.js'

export interface CheckoutFormState {
  readonly typed: Typed
  readonly errors: FieldErrors
  readonly code: string | null
}

export function checkoutPage(view: CheckoutView, state: CheckoutFormState): PageResponse {
  const path = `/c/pay/${view.id}`
  const hasErrors = Object.keys(state.errors).length > 0
  const body = html`${strip(view.asksForCard && testCards(path, view.now))}
    <main class="columns">
      ${orderColumn(view, state.code)}
      <section class="payment" aria-labelledby="payment-title">
        <div class="inner stack">
          <h2 id="payment-title">${view.asksForCard ? 'Pay with card' : 'Your details'}</h2>
          ${waiting(view)}
          <form class="fields" method="post" action="${path}" novalidate>
            <input type="hidden" name="form_token" value="${view.formToken}" />
            ${emailField(view, state)} ${view.asksForCard && cardFields(state.typed, state.errors)}
            ${formError(state.errors)}
            <button class="primary wide" type="submit" data-busy="One moment …">${buttonLabel(view)}</button>
            ${finePrint(view)}
          </form>
        </div>
      </section>
    </main>
    ${footer()}`
  return page({
    title: `${hasErrors ? 'Error: ' : ''}${titleOf(view)}`,
    body,
    status: hasErrors ? 422 : 200,
    formTargets: [view.successUrl],
  })
}

function waiting({ waitingIntent: intent }: CheckoutView): HtmlValue {
  if (intent === null) return null
  return html`<div class="notice amber">
    <p>Your bank waits for you to confirm this payment. Nothing was charged yet.</p>
    <a href="/3ds/${intent}">Go on to your bank</a>
  </div>`
}

function emailField(view: CheckoutView, { typed, errors }: CheckoutFormState): Html {
  if (view.email !== null) {
    return html`<div class="tight">
      <span class="label">E-mail</span><span>${view.email}</span
      ><input type="hidden" name="email" value="${view.email}" />
    </div>`
  }
  const attributes = html`type="email" autocomplete="email" maxlength="200" placeholder="you@example.com"`
  return field({ name: 'email', label: 'E-mail', attributes, typed, errors })
}

const VERBS: Readonly<Record<string, string>> = { book: 'Book', donate: 'Donate' }

function buttonLabel({ mode, submitType, trial, dueNow: due, currency }: CheckoutView): string {
  if (mode === 'setup') return 'Save card'
  if (due > 0) return `${VERBS[submitType ?? ''] ?? 'Pay'} ${money({ value: due, currency })}`
  return trial === null ? 'Subscribe' : 'Start trial'
}

function finePrint({ next, trial, currency, dueNow: due }: CheckoutView): HtmlValue {
  if (next === null) return null
  const price = money({ value: next.value, currency })
  const how = adverb(next.interval, next.count)
  const first = trial === null && due > 0 ? `You pay ${money({ value: due, currency })} today. ` : ''
  return html`<p class="small muted">
    ${first}You will be charged ${price} on ${day(next.at)}, then ${how}, until you cancel.
  </p>`
}

export function lastErrors(view: CheckoutView): FieldErrors {
  return view.lastError === null || view.waitingIntent !== null ? {} : errorsOf(view.lastError)
}
