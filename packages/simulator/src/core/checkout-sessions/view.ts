import { settingsOf } from '../account-settings.js'
import { boundaryAt } from '../arithmetic/periods.js'
import type { StripeErrorBody } from '../error.js'
import { errorBodyOf } from '../page-views.js'
import { amountOf } from '../catalogue/pricing.js'
import { intervalOf } from '../subscriptions/items.js'
import type { Transaction } from '../transaction.js'
import { asksForCard, dueNow } from './due.js'
import type { LineItem } from './line-items.js'
import { successUrlOf } from './session.js'

export interface OrderLine {
  readonly name: string
  readonly description: string | null
  readonly quantity: number
  readonly value: number
  /** How often it is charged again; `null` for once. */
  readonly every: { readonly interval: string; readonly count: number } | null
}

/** What the Checkout page shows. */
export interface CheckoutView {
  readonly id: string
  readonly now: number
  readonly formToken: string
  readonly status: 'open' | 'complete' | 'expired'
  readonly mode: 'payment' | 'setup' | 'subscription'
  readonly businessName: string
  readonly successUrl: string
  readonly cancelUrl: string | null
  readonly currency: string
  readonly lines: readonly OrderLine[]
  readonly dueNow: number
  /** What the customer's own balance takes off. */
  readonly credit: number
  readonly trial: { readonly end: number } | null
  /** The first charge after today, and how often another follows. */
  readonly next: {
    readonly at: number
    readonly value: number
    readonly interval: string
    readonly count: number
  } | null
  readonly asksForCard: boolean
  /** Known already, and not to be changed on the page. */
  readonly email: string | null
  readonly takesCodes: boolean
  readonly submitType: string | null
  readonly lastError: StripeErrorBody | null
  /** A bank that waits for the customer. */
  readonly waitingIntent: string | null
}

const DAY = 86_400

export function checkoutView(transaction: Transaction, id: string): CheckoutView | undefined {
  const session = transaction.get('checkout_sessions', id)
  if (session === undefined) return undefined
  const order = transaction.load('checkout_orders', id)
  const now = transaction.now
  transaction.enterClockOf(session.customer)
  const trialEnd = trialEndOf(order.asked.subscription_data, transaction.now)
  const due = dueNow(transaction, session)
  return {
    id,
    now,
    formToken: order.formToken,
    status: session.status === 'complete' ? 'complete' : session.status === 'expired' ? 'expired' : 'open',
    mode: session.mode === 'setup' ? 'setup' : session.mode === 'payment' ? 'payment' : 'subscription',
    businessName: settingsOf(transaction).businessName,
    successUrl: successUrlOf(session),
    cancelUrl: session.cancel_url,
    currency: session.currency ?? 'usd',
    lines: order.lineItems.map((item) => orderLine(transaction, item)),
    dueNow: due,
    credit: Math.max(0, (session.amount_total ?? 0) - due),
    trial: trialEnd === null ? null : { end: trialEnd },
    next: nextOf(order.lineItems, { now: transaction.now, trialEnd }),
    asksForCard: asksForCard(transaction, session),
    email: session.customer_details?.email ?? null,
    takesCodes: session.allow_promotion_codes === true,
    submitType: session.submit_type,
    ...attemptOf(transaction, order.attempt?.intent ?? null),
  }
}

function trialEndOf(data: { trial_end?: number; trial_period_days?: number } | undefined, now: number): number | null {
  if (data?.trial_end !== undefined) return data.trial_end
  return data?.trial_period_days === undefined ? null : now + data.trial_period_days * DAY
}

function orderLine(transaction: Transaction, item: LineItem): OrderLine {
  const { price, quantity, description } = item
  const product = price === null ? undefined : transaction.get('products', price.product)
  const recurring = price?.recurring ?? null
  return {
    name: description ?? '',
    description: product?.description ?? null,
    quantity: quantity ?? 1,
    value: price === null ? item.amount_total : amountOf(price, quantity ?? 1),
    every: recurring === null ? null : { interval: recurring.interval, count: recurring.interval_count },
  }
}

function nextOf(
  items: readonly LineItem[],
  { now, trialEnd }: { now: number; trialEnd: number | null },
): CheckoutView['next'] {
  const prices = items.flatMap(({ price, quantity }) => (price?.recurring ? [{ price, quantity: quantity ?? 1 }] : []))
  const [first] = prices
  if (first === undefined) return null
  const { unit, count } = intervalOf(first.price)
  const value = prices.reduce((sum, { price, quantity }) => sum + amountOf(price, quantity), 0)
  return { at: trialEnd ?? boundaryAt(now, { unit, count }, 1), value, interval: unit, count }
}

/** How the last attempt stands, for a page that is opened again. */
function attemptOf(transaction: Transaction, id: string | null): Pick<CheckoutView, 'lastError' | 'waitingIntent'> {
  const intent =
    id === null ? undefined : (transaction.get('payment_intents', id) ?? transaction.get('setup_intents', id))
  if (intent === undefined) return { lastError: null, waitingIntent: null }
  const error = intent.object === 'payment_intent' ? intent.last_payment_error : intent.last_setup_error
  const waits = intent.status === 'requires_action'
  return { lastError: errorBodyOf(error), waitingIntent: waits ? intent.id : null }
}
