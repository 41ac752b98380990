import { settingsOf } from '../account-settings.js'
import type { TimerKind } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import { periodOf, type Subscription } from './items.js'

const DAY = 86_400

/** How long a first payment may be outstanding. https://docs.stripe.com/billing/subscriptions/overview */
const PAYMENT_WINDOW = 23 * 3600

/** How long before its end a trial's end is announced. */
export const TRIAL_NOTICE = 3 * DAY

const kinds: readonly TimerKind[] = [
  'subscription.renew',
  'subscription.trial_will_end',
  'subscription.upcoming_invoice',
  'subscription.cancel',
  'subscription.expire_incomplete',
  'subscription.resume_collection',
  'subscription.bill_pending_items',
]

/** Arms what will happen to a subscription by itself, given how it stands now, and disarms the rest. */
export function armTimers(transaction: Transaction, subscription: Subscription): void {
  for (const kind of kinds) transaction.unschedule(kind, subscription.id)
  for (const [kind, at] of plan(transaction, subscription)) {
    if (at !== null) transaction.schedule({ kind, at, subject: subscription.id })
  }
}

function plan(transaction: Transaction, subscription: Subscription): (readonly [TimerKind, number | null])[] {
  switch (subscription.status) {
    case 'incomplete':
      return [['subscription.expire_incomplete', subscription.created + PAYMENT_WINDOW]]
    case 'trialing':
    case 'active':
    case 'past_due':
    case 'unpaid':
      return [
        ['subscription.cancel', subscription.cancel_at],
        ['subscription.renew', periodOf(subscription).end],
        ['subscription.trial_will_end', trialNotice(transaction, subscription)],
        ['subscription.upcoming_invoice', upcomingNotice(transaction, subscription)],
        ['subscription.resume_collection', subscription.pause_collection?.resumes_at ?? null],
        ['subscription.bill_pending_items', subscription.next_pending_invoice_item_invoice],
      ]
    case 'paused':
      return [['subscription.cancel', subscription.cancel_at]]
    default:
      return []
  }
}

function trialNotice(transaction: Transaction, { status, trial_end: end }: Subscription): number | null {
  if (status !== 'trialing' || end === null) return null
  return later(transaction, end - TRIAL_NOTICE)
}

/** Not for invoices that are sent, nor while collection is paused, nor when there will be no further invoice. */
function upcomingNotice(transaction: Transaction, subscription: Subscription): number | null {
  const { end } = periodOf(subscription)
  const ends = subscription.cancel_at !== null && subscription.cancel_at <= end
  if (ends || subscription.pause_collection !== null || subscription.status === 'unpaid') return null
  if (subscription.collection_method !== 'charge_automatically') return null
  return later(transaction, end - settingsOf(transaction).upcomingNotice)
}

function later(transaction: Transaction, at: number): number | null {
  return at > transaction.now ? at : null
}
