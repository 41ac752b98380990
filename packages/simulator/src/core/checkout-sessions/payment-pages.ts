import { amountInWords } from '../arithmetic/currency.js'
import { invalidRequest, missingParameter, StripeError } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import { resolvePaymentMethod } from '../payments/payment-methods.js'
import type { CheckoutPayer } from '../private-records.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { dueNow } from './due.js'
import { customerOf, makesCustomer } from './payer.js'
import { reprice } from './reprice.js'
import type { CheckoutSession } from './session.js'
import { attemptToPay } from './submit.js'

/**
 * The API behind Stripe's own Checkout page. It is in no documentation; the fixtures of the official CLI use this much of
 * it to complete a session without a browser.
 */
interface ConfirmParams {
  readonly expected_amount?: number
  readonly payment_method?: string
}

function sessionInPath(transaction: Transaction, path: Readonly<Record<string, string>>): CheckoutSession {
  return recordInPath(transaction, 'checkout_sessions', { id: path['id'], kind: 'payment_page', param: 'payment_page' })
}

const retrieve: Handler = (transaction, { path }) => pageOf(transaction, sessionInPath(transaction, path))

function pageOf(transaction: Transaction, session: CheckoutSession): unknown {
  const { amount_total: total, currency, id, mode, status, success_url: success } = session
  return {
    id: id.replace('cs_test_', 'ppage_'),
    object: 'payment_page',
    currency,
    livemode: false,
    mode,
    payment_method_types: session.payment_method_types,
    payment_status: session.payment_status,
    session_id: id,
    state: status === 'open' ? 'active' : status,
    success_url: success,
    total_summary: { due: status === 'open' ? dueNow(transaction, session) : 0, total },
  }
}

/** Pays with a payment method that is there already, as the page does when its button is pressed. */
const confirm: Handler<ConfirmParams> = (transaction, { path, params }) => {
  const before = sessionInPath(transaction, path)
  if (before.status !== 'open') throw invalidRequest(`This Checkout Session is ${before.status}.`)
  const method =
    params.payment_method === undefined
      ? null
      : resolvePaymentMethod(transaction, params.payment_method, 'payment_method')
  const payer = payerOf(before, method)
  const session = before.automatic_tax.enabled ? reprice(transaction, before.id, payer) : before
  transaction.enterClockOf(session.customer)
  requireExpected(transaction, session, params.expected_amount)
  const order = transaction.load('checkout_orders', session.id)
  const made = makesCustomer(session, order.asked) ? (order.attempt?.customer ?? customerOf(transaction, payer)) : null
  const attempt = {
    intent: order.attempt?.intent ?? null,
    customer: session.customer ?? made,
    paymentMethod: method?.id ?? null,
    payer,
    answers: {},
    consent: { terms: session.consent_collection?.terms_of_service === 'required', promotions: false },
    saves: false,
  }
  const outcome = attemptToPay(transaction, session, { order, attempt })
  if (outcome.status === 'failed') throw new StripeError(402, outcome.error, { keepsChanges: true })
  return pageOf(transaction, transaction.load('checkout_sessions', session.id))
}

function requireExpected(transaction: Transaction, session: CheckoutSession, expected: number | undefined): void {
  if (expected === undefined) throw missingParameter('expected_amount')
  const due = dueNow(transaction, session)
  if (due === expected) return
  const message = `The expected amount does not match: ${amountInWords(due, session.currency ?? 'usd')} is due.`
  throw invalidRequest(message, { code: 'checkout_amount_mismatch', param: 'expected_amount' })
}

function payerOf(session: CheckoutSession, method: Records['payment_methods'] | null): CheckoutPayer {
  const { address = null, email = null, name = null, phone = null } = method?.billing_details ?? {}
  return {
    address: address?.country ? address : null,
    businessName: null,
    email: session.customer_details?.email ?? email ?? '',
    individualName: null,
    name,
    phone,
    shipping: null,
    taxId: null,
  }
}

export const paymentPageHandlers: Handlers = {
  'payment_pages.confirm': confirm,
  'payment_pages.retrieve': retrieve,
}
