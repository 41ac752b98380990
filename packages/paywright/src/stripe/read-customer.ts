import type { Stripe } from 'stripe'
import type { CustomerState, Price } from '../domain/mirror.js'
import type { CustomerRead } from '../engine/ports.js'
import { BillingError } from '../errors.js'
import { callOrNull } from './call.js'
import { PAGE_SIZE, readAll } from './read-all.js'
import { toPrice } from './to-catalog.js'
import { toCustomer, toPaymentMethod } from './to-customer.js'
import { toInvoice } from './to-invoice.js'
import { startReading } from './seen.js'
import { toSubscription } from './to-subscription.js'

/** Stripe allows 500 subscriptions that have not ended; the rest leaves room for those that have. */
const MOST_SUBSCRIPTIONS = 1000

/** The newest ones; older invoices stay in the mirror as they were when they were read. */
const MOST_INVOICES = 500

const MOST_PAYMENT_METHODS = 200

const MOST_ITEMS = 500

interface SubscriptionRead {
  readonly subscription: Stripe.Subscription
  readonly items: readonly Stripe.SubscriptionItem[]
}

/** Everything the mirror keeps of a customer, read at once; `null` where Stripe has no such id. */
export async function readCustomer(stripe: Stripe, stripeCustomerId: string): Promise<CustomerRead | null> {
  const reading = startReading()
  const [customer, subscriptions, invoices, methods] = await Promise.all([
    callOrNull('customers.retrieve', () => stripe.customers.retrieve(stripeCustomerId)),
    callOrNull('subscriptions.list', () => listSubscriptions(stripe, stripeCustomerId)),
    callOrNull('invoices.list', () => listInvoices(stripe, stripeCustomerId)),
    callOrNull('customers.listPaymentMethods', () => listPaymentMethods(stripe, stripeCustomerId)),
  ])
  if (customer === null) return null
  if (customer.deleted !== true) assertWhole(stripeCustomerId, [subscriptions, invoices, methods])
  const state: CustomerState = {
    customer: toCustomer(customer),
    subscriptions: (subscriptions ?? []).map(({ subscription, items }) => toSubscription(subscription, items)),
    invoices: (invoices ?? []).map((invoice) => toInvoice(stripeCustomerId, invoice)),
    paymentMethods: (methods ?? []).map((method) => toPaymentMethod(stripeCustomerId, method)),
    access: null,
  }
  return { state, prices: pricesOf(subscriptions ?? []), seen: hasOwnTime(customer) ? null : reading.seen(customer) }
}

function hasOwnTime(customer: Stripe.Customer | Stripe.DeletedCustomer): boolean {
  return customer.deleted !== true && customer.test_clock !== null && customer.test_clock !== undefined
}

/** The customer was deleted between two of the requests: what was read is of no one instant, so the sync starts again. */
function assertWhole(stripeCustomerId: string, lists: readonly unknown[]): void {
  if (!lists.includes(null)) return
  throw new BillingError('stripe_unavailable', {
    detail: `The customer ${stripeCustomerId} went away during the read.`,
  })
}

async function listSubscriptions(stripe: Stripe, customer: string): Promise<readonly SubscriptionRead[]> {
  const pages = stripe.subscriptions.list({ customer, status: 'all', limit: PAGE_SIZE })
  const subscriptions = await readAll(pages, { kind: 'subscriptions', limit: MOST_SUBSCRIPTIONS })
  return Promise.all(
    subscriptions.map(async (subscription) => ({ subscription, items: await itemsOf(stripe, subscription) })),
  )
}

/** Stripe puts the first items into the subscription and says whether there are more. */
async function itemsOf(
  stripe: Stripe,
  { id, items }: Stripe.Subscription,
): Promise<readonly Stripe.SubscriptionItem[]> {
  if (!items.has_more) return items.data
  return readAll(stripe.subscriptionItems.list({ subscription: id, limit: PAGE_SIZE }), {
    kind: 'subscription items',
    limit: MOST_ITEMS,
  })
}

function listInvoices(stripe: Stripe, customer: string): Promise<readonly Stripe.Invoice[]> {
  return stripe.invoices.list({ customer, limit: PAGE_SIZE }).autoPagingToArray({ limit: MOST_INVOICES })
}

function listPaymentMethods(stripe: Stripe, customer: string): Promise<readonly Stripe.PaymentMethod[]> {
  const pages = stripe.customers.listPaymentMethods(customer, { limit: PAGE_SIZE })
  return readAll(pages, { kind: 'payment methods', limit: MOST_PAYMENT_METHODS })
}

function pricesOf(subscriptions: readonly SubscriptionRead[]): readonly Price[] {
  const prices = subscriptions.flatMap(({ items }) => items.map((item) => toPrice(item.price)))
  return [...new Map(prices.map((price) => [price.stripePriceId, price])).values()]
}
