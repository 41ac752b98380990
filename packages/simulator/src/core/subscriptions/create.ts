import type Stripe from 'stripe'
import { minimumCharge } from '../arithmetic/currency.js'
import { invalidRequest, missingParameter, StripeError } from '../error.js'
import { settle } from '../invoices/amounts.js'
import type { Invoice } from '../invoices/create.js'
import { finalizeInvoice } from '../invoices/finalize.js'
import type { Line } from '../invoices/lines.js'
import { noPaymentMethod, payInvoice, payWith, type InvoicePaymentResult } from '../invoices/pay.js'
import { paymentIntentOf } from '../invoices/payments.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { unusedLines } from '../usage/lines.js'
import { elapsedAmount, elapsedBills } from './backdate.js'
import { billPeriods, trialLines, type Bill } from './billing.js'
import { fullAmountOf } from './discounts.js'
import { readDraft, type Draft } from './draft.js'
import { draftInvoice, pendingOf } from './draft-invoice.js'
import { isEnded } from './end.js'
import { periodOfItem, saveSubscription, servicePeriod, type Subscription, type SubscriptionItem } from './items.js'
import { addOneTimeItems } from './one-time.js'
import { refuseForeign } from './params.js'
import { paymentMethodOf } from './payment-method.js'
import { awaitSetup } from './setup.js'
import { paidWith } from './status.js'
import { armTimers } from './timers.js'
import { announceShortTrial } from './trial.js'

type Params = Stripe.SubscriptionCreateParams

export interface CreateOptions {
  /** The payment intent that has paid the first invoice already, as in Checkout. */
  readonly paidBy?: string
  /** The schedule that starts it. Its first invoice is then a draft for an hour, and it is active at once. */
  readonly schedule?: string
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
  refuseForeign(params)
  if (params.payment_behavior === 'pending_if_incomplete') throw onlyForUpdates()
  if (params.customer === undefined) throw missingParameter('customer')
  const customer = transaction.require('customers', params.customer, { kind: 'customer', param: 'customer' })
  transaction.enterClockOf(customer.id)
  refuseTooMany(transaction, customer)
  const draft = readDraft(transaction, params, customer.id)
  const announce = transaction.reserveEvent()
  const [item] = draft.items
  const period = item === undefined ? { start: transaction.now, end: transaction.now } : periodOfItem(item)
  addOneTimeItems(transaction, params.add_invoice_items ?? [], { subscription: draft.subscription, period })
  const invoice = firstInvoice(transaction, { params, draft }, options)
  const result = invoice === undefined ? undefined : collectFirst(transaction, invoice, { params, options, draft })
  if (params.payment_behavior === 'error_if_incomplete') refuseUnpaid(result)
  const started = begun(transaction, draft, invoice?.id)
  const isSetUpLater = params.payment_behavior === 'default_incomplete' && started.status !== 'incomplete'
  const setup = isSetUpLater ? awaitSetup(transaction, started) : null
  const schedule = options.schedule ?? null
  const subscription = saveSubscription(transaction, { ...started, pending_setup_intent: setup, schedule }, draft.items)
  armTimers(transaction, subscription)
  announce('customer.subscription.created', 'subscriptions', subscription)
  announceShortTrial(transaction, subscription)
  return subscription
}

function firstInvoice(transaction: Transaction, { params, draft }: Asked, options: CreateOptions): Invoice | undefined {
  const { subscription } = draft
  const lines = firstLines(transaction, { params, draft })
  const pending = pendingOf(transaction, subscription)
  if (lines.length === 0 && pending.length === 0) return undefined
  const isAutomatic = subscription.collection_method === 'send_invoice' || options.schedule !== undefined
  return draftInvoice(transaction, subscription, { reason: 'subscription_create', lines, pending, isAutomatic })
}

/** What the first invoice bills: time gone by, and then the trial or the first periods ahead. */
function firstLines(transaction: Transaction, { params, draft }: Asked): Line[] {
  const { subscription } = draft
  const items = draft.items.toReversed()
  const elapsed = billPeriods(
    transaction,
    subscription,
    items.flatMap((item) => billsGoneBy(transaction, item, { params, draft })),
  )
  if (draft.isTrial) return [...elapsed, ...trialLines(transaction, subscription, items)]
  const bills = items.flatMap((item) => billsAhead(transaction, item, { params, draft }))
  return [
    ...elapsed,
    ...billPeriods(transaction, subscription, bills),
    ...unusedLines(transaction, subscription, items),
  ]
}

interface Asked {
  readonly params: Params
  readonly draft: Draft
}

function billsGoneBy(transaction: Transaction, item: SubscriptionItem, { params, draft }: Asked): Bill[] {
  const { now } = transaction
  const { startsAt, subscription, isTrial } = draft
  if (startsAt >= now || params.proration_behavior === 'none') return []
  const { billing_cycle_anchor: anchor, billing_mode: mode } = subscription
  if (mode.type !== 'classic') {
    const end = isTrial ? now : item.current_period_start
    return elapsedBills(item, anchor, { start: startsAt, end })
  }
  const used = { start: startsAt, end: isTrial ? now : Math.max(now, anchor) }
  const amount = elapsedAmount(fullAmountOf(subscription, item), item.price, used)
  return [{ item, natural: used, used, amount }]
}

/** The first period, which is only part of a whole one when the anchor is on a later day. */
function billsAhead(transaction: Transaction, item: SubscriptionItem, { params, draft }: Asked): Bill[] {
  const { billing_cycle_anchor: anchor, billing_mode: mode } = draft.subscription
  const natural = servicePeriod(anchor, item.price, transaction.now)
  const used = periodOfItem(item)
  const isFree = params.proration_behavior === 'none'
  if (used.start > natural.start && isFree) return []
  const isBackdated = mode.type === 'classic' && draft.startsAt < transaction.now && anchor > transaction.now
  if (isBackdated && !isFree) return []
  const isWhole = isFree && mode.type !== 'classic'
  return [{ item, natural, used, ...(isWhole && { amount: fullAmountOf(draft.subscription, item) }) }]
}

/** The most subscriptions of a customer that have not ended. https://docs.stripe.com/api/subscriptions/create */
const MOST_SUBSCRIPTIONS = 500
/** On a test clock the limit is lower; it is not published, and seen widely. */
const MOST_ON_TEST_CLOCK = 3

function refuseTooMany(transaction: Transaction, { id, test_clock: clock }: Records['customers']): void {
  const most = clock === null || clock === undefined ? MOST_SUBSCRIPTIONS : MOST_ON_TEST_CLOCK
  const current = transaction.by('subscriptions', 'customer', id).filter((subscription) => !isEnded(subscription))
  if (current.length < most) return
  const message = `Customer ${id} already has the maximum ${most} current subscriptions.`
  throw invalidRequest(message, { code: 'customer_max_subscriptions', param: 'customer' })
}

function onlyForUpdates(): StripeError {
  const message = '`payment_behavior=pending_if_incomplete` can only be used to update a subscription.'
  return invalidRequest(message, { param: 'payment_behavior' })
}

function collectFirst(
  transaction: Transaction,
  invoice: Invoice,
  request: { params: Params; options: CreateOptions; draft: Draft },
): InvoicePaymentResult | undefined {
  const { params, options, draft } = request
  if (invoice.collection_method === 'send_invoice' || options.schedule !== undefined) return undefined
  if (options.paidBy !== undefined) {
    const { status } = finalizeInvoice(transaction, invoice.id, { paidBy: options.paidBy })
    const isPaid = transaction.load('payment_intents', options.paidBy).status === 'succeeded'
    if (status === 'open' && isPaid) payWith(transaction, invoice.id)
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
  if (result === undefined || result.status === 'succeeded' || result.status === 'processing') return
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
    status: isUnpaid(transaction, invoice) ? 'incomplete' : draft.isTrial ? 'trialing' : 'active',
  }
}

/** A bank debit that is under way counts as paid until it fails. https://docs.stripe.com/billing/subscriptions/overview */
function isUnpaid(transaction: Transaction, invoice: Invoice): boolean {
  return invoice.status === 'open' && paymentIntentOf(transaction, invoice.id)?.status !== 'processing'
}
