import { shippingOf } from '../customers/shipping.js'
import { confirmPaymentIntent, createPaymentIntent, type PaymentIntent } from '../payments/payment-intents.js'
import { confirmSetupIntent, createSetupIntent } from '../payments/setup-intents.js'
import type { CheckoutAttempt, CheckoutOrder } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import { dueNow } from './due.js'
import { addressParams } from './payer.js'
import type { CheckoutSession } from './session.js'
import type { PageOutcome } from './outcome.js'

interface Payment {
  readonly order: CheckoutOrder
  readonly attempt: CheckoutAttempt
  readonly paymentMethod: string
}

/** Tries the payment method. When it works, the session is completed by whoever listens to the intent. */
export function tryToPay(transaction: Transaction, session: CheckoutSession, payment: Payment): PageOutcome {
  const { order, attempt, paymentMethod } = payment
  const due = dueNow(transaction, session)
  const intent =
    due > 0
      ? paymentIntentFor(transaction, session, { ...payment, due })
      : setupIntentFor(transaction, session, payment)
  transaction.put('checkout_orders', { ...order, attempt: { ...attempt, intent } })
  const confirmation = { paymentMethod, returnUrl: session.url }
  const { status, error } =
    due > 0
      ? confirmPaymentIntent(transaction, intent, confirmation)
      : confirmSetupIntent(transaction, intent, confirmation)
  if (status === 'requires_action') return { status, intent }
  if (status !== 'failed') return { status: 'succeeded' }
  if (error === undefined) throw new Error(`The attempt to pay ${intent} failed without a reason.`)
  return { status, error }
}

type Due = Payment & { readonly due: number }

function paymentIntentFor(transaction: Transaction, session: CheckoutSession, payment: Due): string {
  const { attempt, order, due } = payment
  const before = attempt.intent === null ? undefined : transaction.get('payment_intents', attempt.intent)
  if (before?.amount === due && before.status !== 'canceled') return before.id
  const isSubscription = session.mode === 'subscription'
  const { description, metadata } = order.asked.payment_intent_data ?? {}
  const intent = createPaymentIntent(transaction, {
    amount: due,
    currency: session.currency ?? '',
    customer: attempt.customer,
    description: isSubscription ? 'Subscription creation' : (description ?? null),
    metadata,
    setupFutureUsage: isSubscription ? 'off_session' : usageOf(payment),
    fields: {
      ...requested(order),
      payment_method_types: session.payment_method_types,
      ...(!isSubscription && oneTimeFields(payment)),
    },
  })
  if (!isSubscription) transaction.patch('checkout_sessions', session.id, { payment_intent: intent.id })
  return intent.id
}

function usageOf({ attempt, order }: Payment): 'off_session' | 'on_session' | null {
  const usage: string | undefined = order.asked.payment_intent_data?.setup_future_usage
  if (usage === 'off_session' || usage === 'on_session') return usage
  return attempt.saves && attempt.customer !== null ? 'on_session' : null
}

function requested({ asked }: CheckoutOrder): Partial<PaymentIntent> {
  const { request_three_d_secure: request } = asked.payment_method_options?.card ?? {}
  if (request === undefined) return {}
  const card = { installments: null, mandate_options: null, network: null, request_three_d_secure: request }
  return { payment_method_options: { card } }
}

/** What only a one-time payment says. What is no invoice is settled a moment later; then `charge.updated` tells. */
function oneTimeFields({ attempt, order }: Payment): Partial<PaymentIntent> {
  const data = order.asked.payment_intent_data ?? {}
  const { shipping } = attempt.payer
  const typed = shipping === null ? undefined : { name: shipping.name, address: addressParams(shipping.address) }
  return {
    capture_method: data.capture_method ?? 'automatic_async',
    ...(data.receipt_email !== undefined && { receipt_email: data.receipt_email }),
    ...(data.statement_descriptor !== undefined && { statement_descriptor: data.statement_descriptor }),
    ...(data.statement_descriptor_suffix !== undefined && {
      statement_descriptor_suffix: data.statement_descriptor_suffix,
    }),
    shipping: shippingOf(typed ?? data.shipping),
  }
}

function setupIntentFor(transaction: Transaction, session: CheckoutSession, { order, attempt }: Payment): string {
  const { customer, intent } = attempt
  const made = session.setup_intent ?? (intent?.startsWith('seti_') === true ? intent : null)
  if (made !== null && transaction.load('setup_intents', made).status !== 'canceled') {
    if (transaction.load('setup_intents', made).customer !== customer) {
      transaction.patch('setup_intents', made, { customer })
    }
    return made
  }
  const { request_three_d_secure: request } = order.asked.payment_method_options?.card ?? {}
  const card = { mandate_options: null, network: null, request_three_d_secure: request ?? 'automatic' }
  const fields = request === undefined ? {} : { payment_method_options: { card } }
  return createSetupIntent(transaction, { customer, usage: 'off_session', fields }).id
}
