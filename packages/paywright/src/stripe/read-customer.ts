import type { Stripe } from 'stripe'
import type { CustomerState, Price } from '../domain/mirror.js'
import type { RawObjects, WholeList } from '../domain/records.js'
import type { Seen } from '../domain/seen.js'
import type { CustomerRead, ReadDepth } from '../engine/ports.js'
import { BillingError } from '../errors.js'
import { callOrNull } from './call.js'
import { discountsOf, withDiscountIds } from './discounts.js'
import { linesOf } from './list-lines.js'
import { rawsOf, toRecords } from './raw.js'
import { PAGE_SIZE, readAll } from './read-all.js'
import { type DeepLists, readDeepLists } from './read-records.js'
import { ANY_TIME, startReading } from './seen.js'
import { toPrice } from './to-catalog.js'
import { toCustomer, toPaymentMethod } from './to-customer.js'
import { toInvoice } from './to-invoice.js'
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
  /** Known where the read is a deep one. */
  readonly discounts: readonly Stripe.Discount[]
}

interface InvoiceRead {
  readonly invoice: Stripe.Invoice
  /** `null` where it has more than it shows, and they were not asked for. */
  readonly lines: readonly Stripe.InvoiceLineItem[] | null
}

/** All that was answered of a customer. */
interface Answers {
  readonly customer: Stripe.Customer | Stripe.DeletedCustomer
  readonly subscriptions: readonly SubscriptionRead[]
  readonly invoices: readonly InvoiceRead[]
  readonly methods: readonly Stripe.PaymentMethod[]
  readonly deep: DeepLists | null
}

/** Everything the mirror keeps of a customer, read at once; `null` where Stripe has no such id. */
export async function readCustomer(
  stripe: Stripe,
  stripeCustomerId: string,
  depth: ReadDepth = {},
): Promise<CustomerRead | null> {
  const reading = startReading()
  const [customer, subscriptions, invoices, methods, deep] = await Promise.all([
    callOrNull('customers.retrieve', () => stripe.customers.retrieve(stripeCustomerId)),
    callOrNull('subscriptions.list', () => listSubscriptions(stripe, stripeCustomerId, depth)),
    callOrNull('invoices.list', () => listInvoices(stripe, stripeCustomerId, depth)),
    callOrNull('customers.listPaymentMethods', () => listPaymentMethods(stripe, stripeCustomerId)),
    depth.isDeep === true ? readDeepLists(stripe, stripeCustomerId) : null,
  ])
  if (customer === null) return null
  if (customer.deleted !== true) assertWhole(stripeCustomerId, [subscriptions, invoices, methods])
  const seen = hasOwnTime(customer) ? null : reading.seen(customer)
  const parts = { subscriptions: subscriptions ?? [], invoices: invoices ?? [], methods: methods ?? [] }
  return toRead({ customer, ...parts, deep }, seen)
}

function toRead(answers: Answers, seen: Seen | null): CustomerRead {
  const { customer, subscriptions, invoices, methods, deep } = answers
  const state: CustomerState = {
    customer: toCustomer(customer),
    subscriptions: subscriptions.map(({ subscription, items }) => toSubscription(subscription, items)),
    invoices: invoices.map(({ invoice }) => toInvoice(customer.id, invoice)),
    paymentMethods: methods.map((method) => toPaymentMethod(customer.id, method)),
    access: null,
  }
  const instant = seen ?? ANY_TIME
  const own = deep?.lists ?? []
  const partly = own.filter(({ isWhole }) => !isWhole)
  return {
    state,
    prices: pricesOf(subscriptions),
    seen,
    objects: objectsOf(answers),
    lists: [
      ...invoices.flatMap((read) => lineList(read, instant)),
      ...own.filter(({ isWhole }) => isWhole).map(({ kind, members }) => ({ kind, of: null, members, seen: instant })),
      ...(deep === null ? [] : [discountList(answers, instant)]),
    ],
    records: partly.flatMap(({ kind, members }) => members.map((member) => ({ ...member, kind, seen: instant }))),
    isDeep: deep !== null,
    disputedChargeIds: deep?.disputedChargeIds ?? [],
  }
}

function objectsOf({ customer, subscriptions, invoices, methods }: Answers): RawObjects {
  return rawsOf([
    customer,
    ...methods,
    ...invoices.map(({ invoice }) => invoice),
    ...subscriptions.flatMap(({ subscription, items }) => [subscription, ...items, ...items.map(({ price }) => price)]),
  ])
}

function lineList({ invoice, lines }: InvoiceRead, seen: Seen): readonly WholeList[] {
  return lines === null ? [] : [{ kind: 'invoiceLine', of: invoice.id, members: toRecords(lines), seen }]
}

function discountList({ customer, subscriptions }: Answers, seen: Seen): WholeList {
  const discounts = [...discountsOf(customer), ...subscriptions.flatMap((read) => read.discounts)]
  return { kind: 'discount', of: null, members: toRecords(discounts), seen }
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

async function listSubscriptions(
  stripe: Stripe,
  customer: string,
  { isDeep = false }: ReadDepth,
): Promise<readonly SubscriptionRead[]> {
  const expand = isDeep ? { expand: ['data.discounts', 'data.items.data.discounts'] } : {}
  const pages = stripe.subscriptions.list({ customer, status: 'all', limit: PAGE_SIZE, ...expand })
  const subscriptions = await readAll(pages, { kind: 'subscriptions', limit: MOST_SUBSCRIPTIONS })
  return Promise.all(
    subscriptions.map(async (read) => {
      const subscription = withDiscountIds(read)
      return { subscription, items: await itemsOf(stripe, subscription), discounts: discountsOf(read) }
    }),
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

async function listInvoices(stripe: Stripe, customer: string, depth: ReadDepth): Promise<readonly InvoiceRead[]> {
  const pages = stripe.invoices.list({ customer, limit: PAGE_SIZE })
  const invoices = await pages.autoPagingToArray({ limit: MOST_INVOICES })
  const reads: InvoiceRead[] = []
  for (const invoice of invoices) reads.push({ invoice, lines: await allLines(stripe, invoice, depth) })
  return reads
}

/** Lines of a finalized invoice change no more, so that only a deep read asks for all of them without a reason. */
async function allLines(
  stripe: Stripe,
  invoice: Stripe.Invoice,
  { isDeep = false, invoicesWithLines = [] }: ReadDepth,
): Promise<InvoiceRead['lines']> {
  const { id, status, lines } = invoice
  const isWanted = !lines.has_more || isDeep || status === 'draft' || invoicesWithLines.includes(id)
  return isWanted ? linesOf(stripe, invoice) : null
}

function listPaymentMethods(stripe: Stripe, customer: string): Promise<readonly Stripe.PaymentMethod[]> {
  const pages = stripe.customers.listPaymentMethods(customer, { limit: PAGE_SIZE })
  return readAll(pages, { kind: 'payment methods', limit: MOST_PAYMENT_METHODS })
}

function pricesOf(subscriptions: readonly SubscriptionRead[]): readonly Price[] {
  const prices = subscriptions.flatMap(({ items }) => items.map((item) => toPrice(item.price)))
  return [...new Map(prices.map((price) => [price.stripePriceId, price])).values()]
}
