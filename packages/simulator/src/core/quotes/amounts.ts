import { couponOf } from '../catalogue/coupons.js'
import { shownPrice } from '../catalogue/shown-price.js'
import { breakdownOf, summedBreakdown } from '../invoices/breakdown.js'
import { createCustomer } from '../customers/customers.js'
import type { AskedReduction, ItemBreakdown, QuoteDetails, QuoteItem } from '../private-records.js'
import type { Records } from '../records.js'
import { createSubscription } from '../subscriptions/index.js'
import type { Transaction } from '../transaction.js'
import { draftInvoice, isRecurring, subscriptionParams, type Terms } from './terms.js'

type Quote = Records['quotes']
type LineItem = QuoteDetails['lineItems'][number]
type Line = Records['invoice_line_items']
type TotalDetails = Quote['total_details']

interface Amounts {
  readonly fields: Pick<Quote, 'amount_subtotal' | 'amount_total' | 'computed' | 'total_details'>
  readonly lineItems: readonly LineItem[]
  readonly upfront: readonly LineItem[]
  readonly breakdowns: QuoteDetails['breakdowns']
  /** What is taken off and put on each item in a full period. */
  readonly ofItems: readonly ItemBreakdown[]
}

/**
 * What a quote comes to. The subscription or the invoice is really made, in a transaction that is thrown away, so that the
 * amounts are those of the invoices that come of it.
 */
export function amountsOf(transaction: Transaction, terms: Terms, customer: string | null): Amounts {
  const rehearsal = transaction.fork()
  const payer = customer ?? createCustomer(rehearsal, {}).id
  rehearsal.enterClockOf(payer)
  const upfront = shownItems(rehearsal.fork(), terms, payer)
  const isTrial = terms.quote.subscription_data.trial_period_days !== null
  const full = isTrial ? shownItems(rehearsal.fork(), untried(terms), payer) : upfront
  const recurring = recurringOf(rehearsal.fork(), terms, payer)
  const totals = totalsOf(upfront.items)
  return {
    fields: { ...totals, computed: { recurring: recurring.totals, upfront: totals } },
    lineItems: full.items,
    upfront: upfront.items,
    breakdowns: { recurring: summedBreakdown(recurring.breakdowns), upfront: summedBreakdown(upfront.breakdowns) },
    ofItems: full.breakdowns,
  }
}

function untried(terms: Terms): Terms {
  const data = { ...terms.quote.subscription_data, trial_period_days: null }
  return { ...terms, quote: { ...terms.quote, subscription_data: data } }
}

/** The lines of the first invoice. */
function firstLines(rehearsal: Transaction, terms: Terms, customer: string): readonly Line[] {
  if (terms.items.length === 0) return []
  if (!terms.items.some(isRecurring)) {
    return rehearsal.load('invoices', draftInvoice(rehearsal, terms, customer)).lines.data
  }
  const behavior = { payment_behavior: 'default_incomplete' } as const
  const params = { ...subscriptionParams(terms, customer), ...behavior }
  const { latest_invoice: invoice } = createSubscription(rehearsal, params)
  return invoice === null ? [] : rehearsal.load('invoices', invoice).lines.data
}

/** What every period costs; of the discounts only those that last forever count. */
function recurringOf(
  rehearsal: Transaction,
  terms: Terms,
  customer: string,
): { readonly totals: Quote['computed']['recurring']; readonly breakdowns: readonly ItemBreakdown[] } {
  const items = terms.items.filter(isRecurring)
  const [first] = items
  if (first === undefined) return { totals: null, breakdowns: [] }
  const lasting = (asked: readonly AskedReduction[]): AskedReduction[] =>
    asked.filter((reduction) => isForever(rehearsal, reduction))
  const kept = items.map((item) => ({ ...item, discounts: lasting(item.discounts) }))
  const lasts = untried({ ...terms, items: kept, discounts: lasting(terms.discounts) })
  const { breakdowns, items: shown } = shownItems(rehearsal, lasts, customer)
  const { interval = 'month', interval_count: count = 1 } = first.price.recurring ?? {}
  return { totals: { ...totalsOf(shown), interval, interval_count: count }, breakdowns }
}

function isForever(transaction: Transaction, { coupon, discount, promotion_code: code }: AskedReduction): boolean {
  const id =
    coupon ??
    (code === undefined ? undefined : transaction.get('promotion_codes', code)?.promotion.coupon) ??
    (discount === undefined ? undefined : transaction.get('discounts', discount)?.source.coupon)
  return id != null && couponOf(transaction, id).duration === 'forever'
}

/** The items with what their lines come to: a price with tiers makes several lines. */
function shownItems(rehearsal: Transaction, terms: Terms, payer: string): Shown {
  const left = [...firstLines(rehearsal, terms, payer)]
  const owner = { customer: terms.quote.customer, checkoutSession: null }
  const made = terms.items.map((item) => {
    const lines = left.filter((line) => line.pricing?.price_details?.price === item.price.id)
    for (const line of lines) left.splice(left.indexOf(line), 1)
    return { item, lines }
  })
  return {
    items: made.map(({ item, lines }) => shownItem(item, lines)),
    breakdowns: made.map(({ item, lines }) => ({ id: item.id, ...breakdownOf(rehearsal, lines, owner) })),
  }
}

interface Shown {
  readonly items: readonly LineItem[]
  readonly breakdowns: readonly ItemBreakdown[]
}

function shownItem(item: QuoteItem, lines: readonly Line[]): LineItem {
  const taxes = lines.flatMap((line) => line.taxes ?? [])
  const subtotal = sum(lines.map((line) => line.amount))
  const discount = sum(lines.flatMap((line) => (line.discount_amounts ?? []).map(({ amount }) => amount)))
  const added = sum(taxes.filter((tax) => tax.tax_behavior === 'exclusive').map(({ amount }) => amount))
  return {
    id: item.id,
    object: 'item',
    adjustable_quantity: null,
    amount_discount: discount,
    amount_subtotal: subtotal,
    amount_tax: sum(taxes.map(({ amount }) => amount)),
    amount_total: subtotal - discount + added,
    currency: item.price.currency,
    description: item.description,
    metadata: {},
    price: shownPrice(item.price),
    quantity: item.quantity,
  }
}

interface Totals {
  readonly amount_subtotal: number
  readonly amount_total: number
  readonly total_details: TotalDetails
}

function totalsOf(items: readonly LineItem[]): Totals {
  return {
    amount_subtotal: sum(items.map((item) => item.amount_subtotal)),
    amount_total: sum(items.map((item) => item.amount_total)),
    total_details: {
      amount_discount: sum(items.map((item) => item.amount_discount)),
      amount_shipping: 0,
      amount_tax: sum(items.map((item) => item.amount_tax)),
    },
  }
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}
