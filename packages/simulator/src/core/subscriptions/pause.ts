import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import type { Transaction } from '../transaction.js'
import { markUsage } from '../usage/billing.js'
import { settleUsage } from '../usage/lines.js'
import { creditItem } from './billing.js'
import { draftInvoice, pendingOf } from './draft-invoice.js'
import { collect } from './end.js'
import { isMetered, type Subscription } from './items.js'
import { pauseSubscription } from './paused.js'

type Params = Stripe.SubscriptionPauseParams

/** Pauses a subscription at once. https://docs.stripe.com/billing/subscriptions/pause */
export function pauseNow(transaction: Transaction, id: string, params: Params): Subscription {
  const before = transaction.require('subscriptions', id, { kind: 'subscription' })
  transaction.enterClockOf(before.customer)
  if (before.schedule !== null) {
    throw invalidRequest('You cannot pause a subscription that is managed by a subscription schedule.')
  }
  return pauseBySchedule(transaction, id, params)
}

/** Pauses a subscription as its schedule says, or as a request does when it has none. */
export function pauseBySchedule(transaction: Transaction, id: string, params: Params): Subscription {
  const before = transaction.load('subscriptions', id)
  requirePausable(before)
  billUntilPause(transaction, before, params.bill_for ?? {})
  const invoice = params.invoicing_behavior === 'invoice' ? invoicePause(transaction, before) : null
  const latest = invoice === null ? {} : { latest_invoice: invoice }
  const after = pauseSubscription(transaction, before, { reason: 'pause_requested', ...latest })
  if (invoice !== null) collect(transaction, invoice)
  return transaction.load('subscriptions', after.id)
}

function requirePausable({ billing_mode: mode, collection_method: method, status }: Subscription): void {
  if (status !== 'active' && status !== 'past_due') {
    throw invalidRequest(`You cannot pause a subscription with the status \`${status}\`.`)
  }
  if (mode.type !== 'flexible') {
    throw invalidRequest('You can only pause subscriptions with `billing_mode[type]=flexible`.')
  }
  if (method !== 'charge_automatically') {
    throw invalidRequest('You can only pause subscriptions with `collection_method=charge_automatically`.')
  }
}

/** Credits licensed time that will not be used, and bills usage, as the request says; both from now on by default. */
function billUntilPause(transaction: Transaction, before: Subscription, bill: NonNullable<Params['bill_for']>): void {
  const { now } = transaction
  const unused = bill.unused_time_from?.type ?? 'now'
  const usage = bill.outstanding_usage_through?.type ?? 'now'
  for (const item of before.items.data) {
    if (isMetered(item)) {
      if (usage !== 'none') settleUsage(transaction, before, { item, at: now })
      markUsage(transaction, item, { customer: before.customer })
      continue
    }
    if (unused === 'none') continue
    creditItem(transaction, before, { item, at: unused === 'now' ? now : item.current_period_start })
  }
}

function invoicePause(transaction: Transaction, subscription: Subscription): string | null {
  const pending = pendingOf(transaction, subscription)
  if (pending.length === 0) return null
  return draftInvoice(transaction, subscription, {
    reason: 'subscription_update',
    lines: [],
    pending,
    isAutomatic: false,
  }).id
}
