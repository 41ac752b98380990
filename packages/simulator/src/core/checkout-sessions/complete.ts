import { finalizeInvoice } from '../invoices/finalize.js'
import { payWith } from '../invoices/pay.js'
import { refreshEntitlements } from '../entitlements/active-entitlements.js'
import type { CheckoutAttempt, CheckoutOrder } from '../private-records.js'
import type { Records } from '../records.js'
import { createSubscription } from '../subscriptions/index.js'
import type { Transaction } from '../transaction.js'
import { filledIn } from './custom-fields.js'
import { updateCustomer } from './payer.js'
import { draftInvoice, saleOf, subscriptionParams } from './purchase.js'
import { customerDetails, type CheckoutSession } from './session.js'

type Bought = Pick<CheckoutSession, 'invoice' | 'subscription'>

/**
 * The payment or the setup succeeded, on the page or at the bank, or a bank has begun to work at it: the session is
 * complete. Only now does a subscription come to be, from its first second; a failed attempt leaves none.
 */
export function completeCheckout(transaction: Transaction, order: CheckoutOrder): CheckoutSession {
  const { attempt, id } = order
  const session = transaction.load('checkout_sessions', id)
  if (attempt === null) throw new Error(`Nobody has tried to pay the Checkout session ${id}.`)
  transaction.enterClockOf(attempt.customer)
  if (attempt.customer !== null) updateCustomer(transaction, attempt.customer, { order, attempt })
  const bought = buy(transaction, session, { order, attempt })
  transaction.unschedule('checkout_session.expire', id)
  transaction.enterClock(null)
  const complete = transaction.patch('checkout_sessions', id, {
    ...collected(session, attempt),
    ...bought,
    customer: attempt.customer,
    payment_status: paymentStatusOf(transaction, attempt),
    status: 'complete',
    url: null,
  })
  // What was bought is there to be used before the session is reported.
  refreshEntitlements(transaction)
  transaction.emit('checkout.session.completed', 'checkout_sessions', complete)
  if (complete.payment_link !== null) {
    transaction.send({ type: 'checkout_session.completed', session: id, paymentLink: complete.payment_link })
  }
  return complete
}

interface Made {
  readonly order: CheckoutOrder
  readonly attempt: CheckoutAttempt
}

function buy(transaction: Transaction, session: CheckoutSession, { order, attempt }: Made): Bought {
  const { customer, intent, paymentMethod } = attempt
  const paidBy = intent?.startsWith('pi_') === true ? { paidBy: intent } : {}
  if (session.mode === 'subscription') {
    const params = {
      ...subscriptionParams(saleOf(session, order), customer ?? ''),
      ...(paymentMethod !== null && { default_payment_method: paymentMethod }),
    }
    const { id, latest_invoice: invoice } = createSubscription(transaction, params, paidBy)
    return { subscription: id, invoice }
  }
  if (session.invoice_creation?.enabled !== true || customer === null) return { subscription: null, invoice: null }
  const invoice = draftInvoice(transaction, saleOf(session, order), customer)
  const { status } = finalizeInvoice(transaction, invoice, paidBy)
  if (status === 'open' && isPaid(transaction, attempt)) payWith(transaction, invoice)
  return { subscription: null, invoice }
}

function isPaid(transaction: Transaction, attempt: CheckoutAttempt): boolean {
  return paymentStatusOf(transaction, attempt) === 'paid'
}

/** A delayed way to pay, or one that only set the money aside, has not paid yet. */
function paymentStatusOf(transaction: Transaction, { intent }: CheckoutAttempt): CheckoutSession['payment_status'] {
  const payment: Records['payment_intents'] | undefined =
    intent === null ? undefined : transaction.get('payment_intents', intent)
  if (payment === undefined) return 'no_payment_required'
  return payment.status === 'succeeded' ? 'paid' : 'unpaid'
}

type Collected = Pick<CheckoutSession, 'collected_information' | 'consent' | 'custom_fields' | 'customer_details'>

/** What the page has learned of the customer. */
function collected(session: CheckoutSession, { answers, consent, payer }: CheckoutAttempt): Collected {
  const { businessName, individualName, shipping } = payer
  const isSomething = businessName !== null || individualName !== null || shipping !== null
  const { consent_collection: asked } = session
  return {
    collected_information: isSomething
      ? { business_name: businessName, individual_name: individualName, shipping_details: shipping }
      : session.collected_information,
    consent:
      asked === null
        ? null
        : {
            promotions: asked.promotions === 'auto' ? (consent.promotions ? 'opt_in' : 'opt_out') : null,
            terms_of_service: asked.terms_of_service === 'required' && consent.terms ? 'accepted' : null,
          },
    custom_fields: filledIn(session.custom_fields, answers),
    customer_details: customerDetails(payer),
  }
}
