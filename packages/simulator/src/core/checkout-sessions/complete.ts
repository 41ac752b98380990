import type Stripe from 'stripe'
import { changeCustomer } from '../customers/customers.js'
import type { CheckoutAttempt, CheckoutOrder } from '../private-records.js'
import type { Records } from '../records.js'
import { createSubscription } from '../subscriptions/index.js'
import type { Transaction } from '../transaction.js'
import { customerDetails, type CheckoutSession } from './session.js'

type Customer = Records['customers']

/**
 * The payment or the setup succeeded, on the page or at the bank: the session is complete. Only now does a subscription
 * come to be, paid from its first second; a failed attempt leaves none.
 */
export function completeWaiting(transaction: Transaction, intent: string): void {
  const [order] = transaction.by('checkout_orders', 'intent', intent)
  if (order === undefined || transaction.load('checkout_sessions', order.id).status !== 'open') return
  completeCheckout(transaction, order)
}

export function completeCheckout(transaction: Transaction, order: CheckoutOrder): CheckoutSession {
  const { attempt, id } = order
  const session = transaction.load('checkout_sessions', id)
  if (attempt === null) throw new Error(`Nobody has tried to pay the Checkout session ${id}.`)
  transaction.enterClockOf(attempt.customer)
  const bought = session.mode === 'subscription' ? startSubscription(transaction, order, attempt) : undefined
  if (attempt.customer !== null) updateCustomer(transaction, attempt.customer, { order, attempt })
  transaction.unschedule('checkout_session.expire', id)
  transaction.enterClock(null)
  const complete = transaction.patch('checkout_sessions', id, {
    customer: attempt.customer,
    customer_details: customerDetails(attempt.payer),
    invoice: bought?.latest_invoice ?? null,
    payment_status: attempt.intent?.startsWith('pi_') === true ? 'paid' : 'no_payment_required',
    status: 'complete',
    subscription: bought?.id ?? null,
    url: null,
  })
  transaction.emit('checkout.session.completed', 'checkout_sessions', complete)
  return complete
}

function startSubscription(
  transaction: Transaction,
  { asked, lineItems }: CheckoutOrder,
  { customer, intent, paymentMethod }: CheckoutAttempt,
): Records['subscriptions'] {
  const {
    description,
    metadata,
    billing_mode: mode,
    trial_end: end,
    trial_period_days: days,
    trial_settings: trial,
  } = asked.subscription_data ?? {}
  const sold = lineItems.flatMap(({ price, quantity }) => (price === null ? [] : [{ price, quantity: quantity ?? 1 }]))
  const named = (type: 'one_time' | 'recurring'): { price: string; quantity: number }[] =>
    sold.filter(({ price }) => price.type === type).map(({ price, quantity }) => ({ price: price.id, quantity }))
  const params: Stripe.SubscriptionCreateParams = {
    customer: customer ?? '',
    items: named('recurring'),
    add_invoice_items: named('one_time'),
    ...(description !== undefined && { description }),
    ...(metadata !== undefined && { metadata }),
    ...(mode !== undefined && { billing_mode: mode }),
    ...(end !== undefined && { trial_end: end }),
    ...(days !== undefined && { trial_period_days: days }),
    ...(trial !== undefined && { trial_settings: trial }),
    ...(paymentMethod !== null && { default_payment_method: paymentMethod }),
  }
  return createSubscription(transaction, params, intent?.startsWith('pi_') === true ? { paidBy: intent } : {})
}

/** `customer_update` says whether what was typed on the page goes to a customer who was there before. */
function updateCustomer(
  transaction: Transaction,
  id: string,
  { order, attempt }: { readonly order: CheckoutOrder; readonly attempt: CheckoutAttempt },
): void {
  const { address, name } = order.asked.customer_update ?? {}
  const { payer } = attempt
  const typed: Partial<Customer> = {
    ...(name === 'auto' && payer.name !== null && { name: payer.name }),
    ...(address === 'auto' && payer.country !== null && { address: customerDetails(payer).address }),
  }
  if (Object.keys(typed).length > 0) changeCustomer(transaction, id, typed)
}
