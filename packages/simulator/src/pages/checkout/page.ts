import type { CheckoutView } from '../../core/checkout-sessions/view.js'
import { errorsOf } from '../card-form.js'
import { formError, type FieldErrors, type Typed } from '../fields.js'
import { html, type HtmlValue } from '../html.js'
import { footer, page, strip } from '../layout.js'
import type { PageResponse } from '../request.js'
import { testCards } from '../test-cards.js'
import { adverb, day, methodName, money } from '../words.js'
import { contactFields, moreFields } from './contact.js'
import { noCode, type CodeState } from './code.js'
import { firstMethod, methodFields } from './methods.js'
import { orderColumn, titleOf } from './order.js'

export interface CheckoutFormState {
  readonly typed: Typed
  readonly errors: FieldErrors
  readonly code?: CodeState
  /** How the customer wants to pay: a kind, or `saved:` and a card's id. */
  readonly method?: string
}

export function checkoutPage(view: CheckoutView, state: CheckoutFormState): PageResponse {
  const path = `/c/pay/${view.id}`
  const { typed, errors, code = noCode } = state
  const hasErrors = Object.keys(errors).length > 0 || code.fault !== null
  const body = html`${strip(view.asksForPayment && view.methods.includes('card') && testCards(path, view.now))}
    <main class="columns">
      ${orderColumn(view, code)}
      <section class="payment" aria-labelledby="payment-title">
        <div class="inner stack">
          <h2 id="payment-title">${headingOf(view)}</h2>
          ${waiting(view)}
          <form class="fields" id="payment" method="post" action="${path}" novalidate>
            <input type="hidden" name="form_token" value="${view.formToken}" />
            <input type="hidden" name="expected_amount" value="${view.dueNow}" />
            ${contactFields(view, { typed, errors })}
            ${view.asksForPayment && methodFields(view, { typed, errors, method: state.method ?? firstMethod(view) })}
            ${moreFields(view, { typed, errors })} ${formError(errors)}
            <button class="primary wide" type="submit" data-busy="One moment …">${buttonLabel(view)}</button>
            ${view.wants.texts.submit !== null && html`<p class="small muted">${view.wants.texts.submit}</p>`}
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
    formTargets: view.successUrl === null ? [] : [view.successUrl],
  })
}

function headingOf({ asksForPayment, methods, savedCards }: CheckoutView): string {
  if (!asksForPayment) return 'Your details'
  return methods.length === 1 && methods[0] === 'card' && savedCards.length === 0 ? 'Pay with card' : 'Payment'
}

function waiting({ waitingIntent: intent }: CheckoutView): HtmlValue {
  if (intent === null) return null
  return html`<div class="notice amber">
    <p>Your bank waits for you to confirm this payment. Nothing was charged yet.</p>
    <a href="/3ds/${intent}">Go on to your bank</a>
  </div>`
}

const VERBS: Readonly<Record<string, string>> = { book: 'Book', donate: 'Donate', subscribe: 'Subscribe for' }

function buttonLabel({ mode, submitType, trial, dueNow: due, currency }: CheckoutView): string {
  if (mode === 'setup') return 'Save card'
  if (due > 0) return `${VERBS[submitType ?? ''] ?? 'Pay'} ${money({ value: due, currency })}`
  if (mode === 'payment') return 'Complete order'
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

/** What became of the last attempt, for whoever comes back from their bank or wallet. */
export function lastErrors({ lastError, lastMethod, waitingIntent }: CheckoutView): FieldErrors {
  if (lastError === null || waitingIntent !== null) return {}
  if (lastMethod === null || lastMethod === 'card') return errorsOf(lastError)
  const name = methodName(lastMethod)
  return { form: `${name} did not go through. Try again or choose another way to pay; nothing was charged.` }
}
