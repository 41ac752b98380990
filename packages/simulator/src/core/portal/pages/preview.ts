import { StripeError } from '../../error.js'
import type { Money } from '../../page-views.js'
import type { Records } from '../../records.js'
import { updateSubscription } from '../../subscriptions/index.js'
import { periodOf, type Subscription } from '../../subscriptions/items.js'
import type { Transaction } from '../../transaction.js'
import { cancelInPortal } from './cancel.js'
import { scheduleChange, updateFor } from './change.js'
import type { Portal } from './open.js'
import { termsFor, type Wish } from './terms.js'
import { nextCharge, planItem, type PlanItemView, type SubscriptionView } from './view.js'

/** What is billed at once. */
export interface Bill {
  readonly dueNow: Money
  readonly lines: readonly { readonly description: string; readonly amount: Money }[]
  readonly discount: Money | null
  readonly tax: Money | null
  /** What is left over of what was paid goes to the customer's balance. */
  readonly credit: Money | null
}

/** What a change would cost, told before it is made. */
export interface ChangePreview extends Bill {
  readonly from: PlanItemView
  readonly to: PlanItemView
  readonly at: number
  /** When the change comes into force; `null` for at once. */
  readonly startsAt: number | null
  readonly nextCharge: SubscriptionView['nextCharge']
  readonly endsTrial: boolean
}

/** Makes the change in a transaction that is thrown away, and tells what came of it. */
export function previewChange(
  transaction: Transaction,
  portal: Portal,
  request: { readonly subscription: Subscription; readonly wish: Wish },
): ChangePreview {
  const { subscription } = request
  const terms = termsFor(transaction, portal, request)
  const rehearsal = transaction.fork()
  const invoice = terms.isLater
    ? later(rehearsal, subscription, terms)
    : atOnce(rehearsal, portal, { subscription, terms, at: transaction.now })
  const after = rehearsal.load('subscriptions', subscription.id)
  const { item, price, quantity } = terms
  return {
    ...billOf(invoice, subscription.currency),
    from: planItem(transaction, item.price, item.quantity ?? 1),
    to: planItem(transaction, price, quantity ?? 1),
    at: transaction.now,
    startsAt: terms.isLater ? periodOf(subscription).end : null,
    nextCharge: nextCharge(rehearsal, after),
    endsTrial: subscription.status === 'trialing' && after.status !== 'trialing',
  }
}

type Invoice = Records['invoices']

function later(
  rehearsal: Transaction,
  subscription: Subscription,
  terms: Parameters<typeof scheduleChange>[2],
): undefined {
  scheduleChange(rehearsal, subscription, terms)
  return undefined
}

function atOnce(rehearsal: Transaction, portal: Portal, change: Parameters<typeof updateFor>[2]): Invoice | undefined {
  const { subscription } = change
  const params = updateFor(rehearsal, portal, change)
  const after = updateSubscription(rehearsal, subscription.id, { ...params, payment_behavior: 'default_incomplete' })
  return newInvoice(rehearsal, subscription, after)
}

function newInvoice(transaction: Transaction, before: Subscription, after: Subscription): Invoice | undefined {
  if (after.latest_invoice === before.latest_invoice) return undefined
  return transaction.get('invoices', after.latest_invoice ?? '')
}

function billOf(invoice: Invoice | undefined, currency: string): Bill {
  const amount = (value: number): Money => ({ value, currency })
  const unlessNone = (value: number): Money | null => (value === 0 ? null : amount(value))
  const sum = (amounts: readonly { readonly amount: number }[]): number =>
    amounts.reduce((total, entry) => total + entry.amount, 0)
  return {
    dueNow: amount(invoice?.amount_due ?? 0),
    lines: (invoice?.lines.data ?? []).map((line) => ({
      description: line.description ?? '',
      amount: amount(line.amount),
    })),
    discount: unlessNone(sum(invoice?.total_discount_amounts ?? [])),
    tax: unlessNone(sum((invoice?.total_taxes ?? []).filter((tax) => tax.tax_behavior === 'exclusive'))),
    credit: unlessNone(Math.max(0, -(invoice?.total ?? 0))),
  }
}

/** What a cancellation at once bills or gives back; nothing when it only ends the plan. */
export function previewCancellation(transaction: Transaction, portal: Portal, subscription: Subscription): Bill {
  const rehearsal = transaction.fork()
  rehearsal.enterClockOf(subscription.customer)
  try {
    cancelInPortal(rehearsal, portal, { subscription, feedback: null, comment: null })
  } catch (error) {
    if (!(error instanceof StripeError)) throw error
    return billOf(undefined, subscription.currency)
  }
  const after = rehearsal.load('subscriptions', subscription.id)
  return billOf(newInvoice(rehearsal, subscription, after), subscription.currency)
}
