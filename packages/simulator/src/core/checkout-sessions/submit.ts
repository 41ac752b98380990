import type { StripeErrorBody } from '../error.js'
import { createCustomer } from '../customers/customers.js'
import type { Handler } from '../handler.js'
import { confirmPaymentIntent, createPaymentIntent } from '../payments/payment-intents.js'
import { createCard } from '../payments/payment-methods.js'
import type { CheckoutAttempt, CheckoutOrder } from '../private-records.js'
import { confirmSetupIntent, createSetupIntent } from '../payments/setup-intents.js'
import type { Transaction } from '../transaction.js'
import { completeCheckout } from './complete.js'
import { asksForCard, dueNow } from './due.js'
import type { CheckoutSession } from './session.js'

/** A card as it is typed on a page. */
export interface TypedCard {
  readonly number: string
  readonly expMonth: number
  readonly expYear: number
  readonly cvc: string
}

/** What the customer typed on the Checkout page. */
export interface CheckoutForm extends Record<string, unknown> {
  readonly email: string
  readonly name: string | null
  readonly country: string | null
  readonly card: TypedCard | null
}

/** What a page tells after a payment was tried. */
export type PageOutcome =
  | { readonly status: 'succeeded' }
  | { readonly status: 'requires_action'; readonly intent: string }
  | { readonly status: 'failed'; readonly error: StripeErrorBody }
  /** Nothing was tried, since there is nothing to pay any more. */
  | { readonly status: 'closed' }

/** The customer pressed the button on the Checkout page. */
export const submitCheckout: Handler<CheckoutForm> = (transaction, { path, params }): PageOutcome => {
  const session = transaction.require('checkout_sessions', path['id'] ?? '', { kind: 'checkout.session' })
  if (session.status !== 'open') return { status: 'closed' }
  const order = transaction.load('checkout_orders', session.id)
  const payer = { email: params.email, name: params.name, country: params.country }
  transaction.enterClockOf(session.customer)
  const paymentMethod = params.card === null ? null : cardOf(transaction, params.card, payer)
  const customer = session.customer ?? order.attempt?.customer ?? customerFor(transaction, session, payer)
  const attempt: CheckoutAttempt = { intent: order.attempt?.intent ?? null, customer, paymentMethod, payer }
  if (paymentMethod !== null) return pay(transaction, session, { order, attempt, paymentMethod })
  if (asksForCard(transaction, session)) {
    const message = 'Your card number is incomplete.'
    return { status: 'failed', error: { type: 'card_error', code: 'incomplete_number', message } }
  }
  completeCheckout(transaction, transaction.put('checkout_orders', { ...order, attempt: { ...attempt, intent: null } }))
  return { status: 'succeeded' }
}

function cardOf(transaction: Transaction, card: TypedCard, payer: CheckoutAttempt['payer']): string {
  const { email, name, country } = payer
  const billingDetails = {
    email,
    ...(name !== null && { name }),
    ...(country !== null && { address: { country } }),
  }
  return createCard(transaction, { ...card, billingDetails }).id
}

/** A subscription needs a customer, and so do sessions that were told to make one; others leave a guest. */
function customerFor(
  transaction: Transaction,
  session: CheckoutSession,
  { email, name, country }: CheckoutAttempt['payer'],
): string | null {
  if (session.customer_creation !== 'always') return null
  const customer = createCustomer(transaction, {
    email,
    ...(name !== null && { name }),
    ...(country !== null && { address: { country } }),
  })
  return customer.id
}

interface Payment {
  readonly order: CheckoutOrder
  readonly attempt: CheckoutAttempt
  readonly paymentMethod: string
}

/** Tries the card. When it works, the session is completed by whoever listens to the intent; see `completeWaiting`. */
function pay(transaction: Transaction, session: CheckoutSession, payment: Payment): PageOutcome {
  const { order, attempt, paymentMethod } = payment
  const due = dueNow(transaction, session)
  const intent =
    due > 0
      ? paymentIntentFor(transaction, session, { ...payment, due })
      : setupIntentFor(transaction, session, attempt)
  transaction.put('checkout_orders', { ...order, attempt: { ...attempt, intent } })
  const confirmation = { paymentMethod, returnUrl: session.url }
  const { status, error } =
    due > 0
      ? confirmPaymentIntent(transaction, intent, confirmation)
      : confirmSetupIntent(transaction, intent, confirmation)
  if (status === 'succeeded') return { status }
  if (status === 'requires_action') return { status, intent }
  if (error === undefined) throw new Error(`The attempt to pay ${intent} failed without a reason.`)
  return { status, error }
}

function paymentIntentFor(
  transaction: Transaction,
  session: CheckoutSession,
  payment: Payment & { readonly due: number },
): string {
  const { attempt, order, due } = payment
  if (attempt.intent !== null && transaction.get('payment_intents', attempt.intent)?.amount === due)
    return attempt.intent
  const isSubscription = session.mode === 'subscription'
  const { description, metadata, setup_future_usage: usage } = order.asked.payment_intent_data ?? {}
  const intent = createPaymentIntent(transaction, {
    amount: due,
    currency: session.currency ?? '',
    customer: attempt.customer,
    description: isSubscription ? 'Subscription creation' : (description ?? null),
    metadata,
    setupFutureUsage:
      isSubscription || usage === 'off_session' ? 'off_session' : usage === 'on_session' ? 'on_session' : null,
    // What is no invoice is settled a moment later; then `charge.updated` tells.
    fields: isSubscription ? {} : { capture_method: 'automatic_async' },
  })
  if (!isSubscription) transaction.patch('checkout_sessions', session.id, { payment_intent: intent.id })
  return intent.id
}

function setupIntentFor(
  transaction: Transaction,
  session: CheckoutSession,
  { customer, intent }: CheckoutAttempt,
): string {
  const made = session.setup_intent ?? (intent?.startsWith('seti_') === true ? intent : null)
  if (made === null) return createSetupIntent(transaction, { customer, usage: 'off_session' }).id
  if (transaction.load('setup_intents', made).customer !== customer)
    transaction.patch('setup_intents', made, { customer })
  return made
}
