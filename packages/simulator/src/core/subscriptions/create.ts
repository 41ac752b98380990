import type Stripe from 'stripe'
import { settingsOf } from '../account-settings.js'
import { minimumCharge } from '../arithmetic/currency.js'
import { invalidRequest, missingParameter, notSimulated, StripeError } from '../error.js'
import { createInvoiceItem, pendingItems, pricedBy } from '../invoices/invoice-items.js'
import { settle } from '../invoices/amounts.js'
import { createInvoice, type Invoice } from '../invoices/create.js'
import { finalizeInvoice } from '../invoices/finalize.js'
import type { Line } from '../invoices/lines.js'
import { noPaymentMethod, payInvoice, payWith, type InvoicePaymentResult } from '../invoices/pay.js'
import { mergeMetadata } from '../metadata.js'
import type { Transaction } from '../transaction.js'
import { billPeriod, trialLines } from './billing.js'
import { readDraft, type Draft } from './draft.js'
import { dueDaysOf } from './end.js'
import { saveSubscription, type Subscription } from './items.js'
import { refuseUnbuilt } from './params.js'
import { paymentMethodOf } from './payment-method.js'
import { awaitSetup } from './setup.js'
import { paidWith } from './status.js'
import { armTimers } from './timers.js'
import { announceShortTrial } from './trial.js'

type Params = Stripe.SubscriptionCreateParams

export interface CreateOptions {
  /** The payment intent that has paid the first invoice already, as in Checkout. */
  readonly paidBy?: string
}

/**
 * Starts a subscription: writes its first invoice and, unless told otherwise, tries to pay it. The subscription itself is
 * written last, with the status that the payment gave it, and announced first.
 */
export function createSubscription(
  transaction: Transaction,
  params: Params,
  options: CreateOptions = {},
): Subscription {
  refuseUnbuilt(params)
  if (params.customer === undefined) throw missingParameter('customer')
  const customer = transaction.require('customers', params.customer, { kind: 'customer', param: 'customer' })
  transaction.enterClockOf(customer.id)
  const draft = readDraft(transaction, params, customer.id)
  const announce = transaction.reserveEvent()
  addOneTimeItems(transaction, params, draft)
  const invoice = firstInvoice(transaction, params, draft)
  const result = invoice === undefined ? undefined : collectFirst(transaction, invoice, { params, options, draft })
  if (params.payment_behavior === 'error_if_incomplete') refuseUnpaid(result)
  const started = begun(transaction, draft, invoice?.id)
  const isSetUpLater = params.payment_behavior === 'default_incomplete' && started.status !== 'incomplete'
  const setup = isSetUpLater ? awaitSetup(transaction, started) : null
  const subscription = saveSubscription(transaction, { ...started, pending_setup_intent: setup }, draft.items)
  armTimers(transaction, subscription)
  announce('customer.subscription.created', 'subscriptions', subscription)
  announceShortTrial(transaction, subscription)
  return subscription
}

/** One-time prices that the first invoice bills beside the subscription. */
function addOneTimeItems(transaction: Transaction, params: Params, draft: Draft): void {
  for (const [index, item] of (params.add_invoice_items ?? []).entries()) {
    const param = `add_invoice_items[${index}]`
    if (item.price === undefined) throw notSimulated('add_invoice_items without a price', `${param}[price]`)
    const price = transaction.require('prices', item.price, { kind: 'price', param: `${param}[price]` })
    if (price.type === 'recurring') {
      const message =
        'The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.'
      throw invalidRequest(message, { param: `${param}[price]` })
    }
    createInvoiceItem(transaction, {
      ...pricedBy(transaction, price, item.quantity ?? 1),
      customer: draft.subscription.customer,
      metadata: mergeMetadata({}, item.metadata),
      parent: { type: 'subscription_details', subscription_details: { subscription: draft.subscription.id } },
      period: draft.period,
    })
  }
}

function firstInvoice(transaction: Transaction, params: Params, draft: Draft): Invoice | undefined {
  const { subscription } = draft
  const { customer, currency, id } = subscription
  const lines = firstLines(transaction, params, draft)
  const pending = pendingItems(transaction, { customer, currency, subscription: id })
  if (lines.length === 0 && pending.length === 0) return undefined
  const isSent = subscription.collection_method === 'send_invoice'
  return createInvoice(transaction, {
    customer,
    currency,
    reason: 'subscription_create',
    lines,
    pending,
    period: { start: transaction.now, end: transaction.now },
    subscription,
    collectionMethod: subscription.collection_method,
    ...dueDaysOf(subscription),
    autoAdvance: isSent,
    finalizesAt: isSent ? transaction.now + settingsOf(transaction).finalizationDelay : null,
  })
}

function firstLines(transaction: Transaction, params: Params, draft: Draft): Line[] {
  const { subscription, items, period, natural } = draft
  if (draft.isTrial) return trialLines(transaction, subscription, { items, period })
  const isPartial = natural.start !== period.start
  if (isPartial && params.proration_behavior === 'none') return []
  return billPeriod(transaction, subscription, { items, natural, used: period })
}

function collectFirst(
  transaction: Transaction,
  invoice: Invoice,
  request: { params: Params; options: CreateOptions; draft: Draft },
): InvoicePaymentResult | undefined {
  const { params, options, draft } = request
  if (invoice.collection_method === 'send_invoice') return undefined
  if (options.paidBy !== undefined) {
    const { status } = finalizeInvoice(transaction, invoice.id, { paidBy: options.paidBy })
    if (status === 'open') payWith(transaction, invoice.id)
    return undefined
  }
  const paymentMethod = paymentMethodOf(transaction, draft.subscription)
  const isTried = params.payment_behavior !== 'default_incomplete'
  if (isTried && paymentMethod === null && isPaymentDue(transaction, invoice)) throw noPaymentMethod()
  const { status } = finalizeInvoice(transaction, invoice.id)
  if (!isTried || status !== 'open' || paymentMethod === null) return undefined
  const offSession = params.off_session ?? false
  return payInvoice(transaction, invoice.id, { paymentMethod, offSession, isAutomatic: true })
}

function isPaymentDue(transaction: Transaction, invoice: Invoice): boolean {
  const { balance } = transaction.load('customers', invoice.customer ?? '')
  return settle(invoice.total, balance, minimumCharge(invoice.currency)).amountDue > 0
}

/** With `error_if_incomplete` an unpaid first invoice refuses the request and leaves nothing behind. */
export function refuseUnpaid(result: InvoicePaymentResult | undefined): void {
  if (result === undefined || result.status === 'succeeded') return
  if (result.status === 'failed' && result.error !== undefined) throw new StripeError(402, result.error)
  throw new StripeError(402, {
    type: 'card_error',
    code: 'subscription_payment_intent_requires_action',
    message:
      'Payment for this subscription requires additional user action before it can be completed successfully. ' +
      'Payment can be completed using the PaymentIntent associated with `subscription.latest_invoice`.',
  })
}

function begun(transaction: Transaction, draft: Draft, invoiceId: string | undefined): Draft['subscription'] {
  const { subscription } = draft
  if (invoiceId === undefined) return { ...subscription, status: draft.isTrial ? 'trialing' : 'active' }
  const invoice = transaction.load('invoices', invoiceId)
  const keeps = subscription.payment_settings?.save_default_payment_method === 'on_subscription'
  const paymentMethod = keeps ? paidWith(transaction, invoiceId) : null
  return {
    ...subscription,
    default_payment_method: paymentMethod ?? subscription.default_payment_method,
    latest_invoice: invoiceId,
    status: invoice.status === 'open' ? 'incomplete' : draft.isTrial ? 'trialing' : 'active',
  }
}
