import { settingsOf } from '../account-settings.js'
import { voidInvoice } from '../invoices/close.js'
import type { Timer } from '../private-records.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { endSubscription } from './end.js'
import type { Subscription } from './items.js'
import { applyUpdate, dropUpdate, updateAwaiting } from './pending-update.js'
import { armTimers } from './timers.js'

type Status = Subscription['status']

/** What can happen to the invoices of a subscription that decides its status. */
type Happening =
  | 'latest_invoice_paid'
  | 'latest_invoice_failed'
  | 'latest_invoice_given_up'
  | 'first_invoice_voided'
  | 'payment_window_closed'

/**
 * The state machine of a subscription as far as its invoices drive it; a status that is not named stays.
 * https://docs.stripe.com/billing/subscriptions/overview
 */
const transitions: Readonly<Record<Happening, Partial<Record<Status, Status>>>> = {
  latest_invoice_paid: { incomplete: 'active', past_due: 'active', unpaid: 'active' },
  latest_invoice_failed: { active: 'past_due' },
  latest_invoice_given_up: { past_due: 'active' },
  first_invoice_voided: { incomplete: 'incomplete_expired', past_due: 'active' },
  payment_window_closed: { incomplete: 'incomplete_expired' },
}

/** Moves a subscription as the table says and announces it. */
export function happen(transaction: Transaction, id: string, happening: Happening): void {
  const before = transaction.load('subscriptions', id)
  const next = transitions[happening][before.status]
  if (next === undefined) return
  const status = next === 'active' && isInTrial(transaction, before) ? 'trialing' : next
  const ended = status === 'incomplete_expired' ? { ended_at: transaction.now } : {}
  const after = transaction.patch('subscriptions', id, { status, ...ended })
  armTimers(transaction, after)
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
}

function isInTrial(transaction: Transaction, subscription: Subscription): boolean {
  return subscription.trial_end !== null && subscription.trial_end > transaction.now
}

interface InvoiceSignal {
  readonly invoice: string
}

export function onInvoicePaid(transaction: Transaction, { invoice }: InvoiceSignal): void {
  const subscription = subscriptionWhoseLatestIs(transaction, invoice)
  if (subscription === undefined) return
  const update = updateAwaiting(transaction, subscription, invoice)
  if (update !== undefined) applyUpdate(transaction, update)
  keepPaymentMethod(transaction, subscription, invoice)
  happen(transaction, subscription.id, 'latest_invoice_paid')
}

export function onInvoiceFailed(transaction: Transaction, { invoice }: InvoiceSignal): void {
  const subscription = subscriptionWhoseLatestIs(transaction, invoice)
  if (subscription === undefined || updateAwaiting(transaction, subscription, invoice) !== undefined) return
  happen(transaction, subscription.id, 'latest_invoice_failed')
}

export function onInvoiceUncollectible(transaction: Transaction, { invoice }: InvoiceSignal): void {
  const subscription = subscriptionWhoseLatestIs(transaction, invoice)
  if (subscription !== undefined) happen(transaction, subscription.id, 'latest_invoice_given_up')
}

/** The account's own setting says what becomes of a subscription whose invoice could not be collected. */
export function onRetriesExhausted(transaction: Transaction, { invoice }: InvoiceSignal): void {
  const subscription = subscriptionOf(transaction, invoice)
  if (subscription === undefined || subscription.status !== 'past_due') return
  const { afterRetries } = settingsOf(transaction)
  switch (afterRetries) {
    case 'cancel':
      endSubscription(transaction, subscription.id, { reason: 'payment_failed' })
      return
    case 'mark_unpaid': {
      const after = transaction.patch('subscriptions', subscription.id, { status: 'unpaid' })
      armTimers(transaction, after)
      transaction.emitChange('customer.subscription.updated', 'subscriptions', { before: subscription, after })
      return
    }
    case 'leave_past_due':
      return
    default:
      afterRetries satisfies never
  }
}

/** Voiding the first invoice ends its claim; voiding a later one lets the newest earlier one decide. */
export function onInvoiceVoided(transaction: Transaction, { invoice }: InvoiceSignal): void {
  const subscription = subscriptionWhoseLatestIs(transaction, invoice)
  if (subscription === undefined) return
  const update = updateAwaiting(transaction, subscription, invoice)
  if (update !== undefined) {
    dropUpdate(transaction, update)
    return
  }
  const invoices = transaction.by('invoices', 'subscription', subscription.id)
  if (invoices[0]?.id === invoice) {
    happen(transaction, subscription.id, 'first_invoice_voided')
    return
  }
  const decisive = invoices.findLast((earlier) => earlier.status !== 'void' && earlier.status !== 'draft')
  if (decisive === undefined || decisive.status !== 'open')
    happen(transaction, subscription.id, 'latest_invoice_given_up')
}

export function onCustomerDeleted(transaction: Transaction, { customer }: { readonly customer: string }): void {
  for (const subscription of transaction.by('subscriptions', 'customer', customer)) {
    endSubscription(transaction, subscription.id, { reason: 'cancellation_requested' })
  }
}

/** `save_default_payment_method: on_subscription` keeps the card that paid. */
function keepPaymentMethod(transaction: Transaction, subscription: Subscription, invoice: string): void {
  if (subscription.payment_settings?.save_default_payment_method !== 'on_subscription') return
  const paymentMethod = paidWith(transaction, invoice)
  if (paymentMethod === null || paymentMethod === subscription.default_payment_method) return
  const after = transaction.patch('subscriptions', subscription.id, { default_payment_method: paymentMethod })
  if (subscription.status !== 'incomplete') {
    transaction.emitChange('customer.subscription.updated', 'subscriptions', { before: subscription, after })
  }
}

/** The payment method of the payment that paid an invoice. */
export function paidWith(transaction: Transaction, invoice: string): string | null {
  const payments = transaction.by('invoice_payments', 'invoice', invoice)
  const intent = payments.find((payment) => payment.status === 'paid')?.payment.payment_intent
  return intent === undefined ? null : transaction.load('payment_intents', intent).payment_method
}

function subscriptionOf(transaction: Transaction, invoice: string): Subscription | undefined {
  const id = transaction.load('invoices', invoice).parent?.subscription_details?.subscription
  return id === undefined ? undefined : transaction.get('subscriptions', id)
}

function subscriptionWhoseLatestIs(transaction: Transaction, invoice: string): Subscription | undefined {
  const subscription = subscriptionOf(transaction, invoice)
  if (subscription === undefined || subscription.latest_invoice === invoice) return subscription
  return isNewestFinal(transaction, subscription, invoice) ? subscription : undefined
}

/** While the newest invoice is a draft, the one before it still decides. */
function isNewestFinal(transaction: Transaction, subscription: Subscription, invoice: string): boolean {
  const final = (candidate: Records['invoices']): boolean => candidate.status !== 'draft' && candidate.status !== 'void'
  return transaction.by('invoices', 'subscription', subscription.id).findLast(final)?.id === invoice
}

/** The first invoice was not paid in time: it is voided, and with it the subscription expires. */
export function expireWhenDue(transaction: Transaction, timer: Timer): void {
  const subscription = transaction.get('subscriptions', timer.subject)
  if (subscription?.status !== 'incomplete') return
  const invoice = subscription.latest_invoice
  if (invoice !== null && transaction.load('invoices', invoice).status === 'open') voidInvoice(transaction, invoice)
  happen(transaction, subscription.id, 'payment_window_closed')
}
