import type { Handler } from '../handler.js'
import type { CheckoutAttempt, CheckoutOrder } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import { amountInWords } from '../arithmetic/currency.js'
import { completeCheckout } from './complete.js'
import { asksForPayment, dueNow } from './due.js'
import { payerOf, type CheckoutForm } from './form.js'
import type { PageOutcome } from './outcome.js'
import { customerOf, makesCustomer } from './payer.js'
import { paymentMethodOf } from './payment-method.js'
import { tryToPay } from './pay.js'
import { reprice } from './reprice.js'
import type { CheckoutSession } from './session.js'

/** The customer pressed the button on the Checkout page. */
export const submitCheckout: Handler<CheckoutForm> = (transaction, { path, params: form }): PageOutcome => {
  const id = path['id'] ?? ''
  const before = transaction.require('checkout_sessions', id, { kind: 'checkout.session' })
  if (before.status !== 'open') return { status: 'closed' }
  const payer = payerOf(form)
  const session = before.automatic_tax.enabled ? reprice(transaction, id, payer) : before
  transaction.enterClockOf(session.customer)
  const due = dueNow(transaction, session)
  if (form.expectedAmount !== undefined && form.expectedAmount !== due) return refusedAmount(session, due)
  const order = transaction.load('checkout_orders', id)
  const paymentMethod = paymentMethodOf(transaction, session, { form, payer })
  const made = makesCustomer(session, order.asked) ? (order.attempt?.customer ?? customerOf(transaction, payer)) : null
  return attemptToPay(transaction, session, {
    order,
    attempt: {
      intent: order.attempt?.intent ?? null,
      customer: session.customer ?? made,
      paymentMethod,
      payer,
      answers: form.answers ?? {},
      consent: form.consent ?? { terms: false, promotions: false },
      saves: form.saves ?? false,
    },
  })
}

/** What the customer was shown is not what they would pay: they have to look again. */
function refusedAmount({ currency }: CheckoutSession, due: number): PageOutcome {
  const message = `The amount due is now ${amountInWords(due, currency ?? 'usd')}.`
  return { status: 'failed', error: { type: 'invalid_request_error', code: 'checkout_amount_mismatch', message } }
}

/** Pays with what was given, or, where nothing is to be paid, completes the order. */
export function attemptToPay(
  transaction: Transaction,
  session: CheckoutSession,
  { order, attempt }: { readonly order: CheckoutOrder; readonly attempt: CheckoutAttempt },
): PageOutcome {
  if (attempt.paymentMethod !== null) {
    return tryToPay(transaction, session, { order, attempt, paymentMethod: attempt.paymentMethod })
  }
  if (asksForPayment(transaction, session)) {
    const message = 'Your card number is incomplete.'
    return { status: 'failed', error: { type: 'card_error', code: 'incomplete_number', message } }
  }
  completeCheckout(transaction, transaction.put('checkout_orders', { ...order, attempt: { ...attempt, intent: null } }))
  return { status: 'succeeded' }
}
