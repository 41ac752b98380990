import { amountInWords, minimumCharge } from '../arithmetic/currency.js'
import { amountOf, priceIn } from '../catalogue/pricing.js'
import { createCustomer } from '../customers/customers.js'
import { createTaxId } from '../customers/tax-ids.js'
import { invalidRequest } from '../error.js'
import { breakdownOf } from '../invoices/breakdown.js'
import { createPreview } from '../invoices/invoice-previews.js'
import { payWith } from '../invoices/pay.js'
import type { ItemBreakdown } from '../private-records.js'
import type { Records } from '../records.js'
import { createSubscription } from '../subscriptions/index.js'
import { taxLocationOf } from '../taxes/automatic.js'
import type { Transaction } from '../transaction.js'
import type { LineItem } from './line-item.js'
import { draftInvoice, subscriptionParams, type Sale } from './purchase.js'
import type { CheckoutSession } from './session.js'
import { hasTrial } from './timing.js'

type Customer = Records['customers']
type InvoiceLine = Records['invoice_line_items']

/** What an order costs, as its session shows it. */
export interface Amounts {
  readonly lineItems: readonly LineItem[]
  readonly breakdowns: readonly ItemBreakdown[]
  readonly fields: Pick<CheckoutSession, 'amount_subtotal' | 'amount_total' | 'total_details'>
}

/** Who pays, as far as that changes what is to be paid. */
export interface Taxed {
  readonly customer: string | null
  readonly fields: Partial<Pick<Customer, 'address' | 'shipping'>>
  readonly taxId: { readonly type: string; readonly value: string } | null
}

/** What is due when the session is paid: in a trial, what recurs costs nothing yet. */
export function amountsOf(transaction: Transaction, sale: Sale, taxed: Taxed): Amounts {
  const { lineItems, breakdowns } = isPlain(sale) ? plainItems(transaction, sale) : rehearsed(transaction, sale, taxed)
  const sum = (amount: (item: LineItem) => number): number => lineItems.reduce((total, item) => total + amount(item), 0)
  const shipping = sale.shipping_cost?.amount_total ?? 0
  return {
    lineItems,
    breakdowns,
    fields: {
      amount_subtotal: sum((item) => item.amount_subtotal),
      amount_total: sum((item) => item.amount_total) + shipping,
      total_details: {
        amount_discount: sum((item) => item.amount_discount),
        amount_shipping: shipping,
        amount_tax: sum((item) => item.amount_tax),
      },
    },
  }
}

/** Whether nothing is taken off or put on, so that no invoice is needed to know the amounts. */
export function isPlain({ asked, discounts, taxRates }: Sale): boolean {
  const { automatic_tax: tax, subscription_data: data = {} } = asked
  if ((discounts ?? []).length > 0 || tax?.enabled === true || Object.keys(taxRates).length > 0) return false
  if ((data.default_tax_rates ?? []).length > 0) return false
  return data.billing_cycle_anchor === undefined && data.billing_cycle_anchor_config === undefined
}

type Items = Pick<Amounts, 'breakdowns' | 'lineItems'>

function plainItems(transaction: Transaction, sale: Sale): Items {
  const { lineItems } = sale
  const subtotals = lineItems.map((item) => plainAmount(transaction, sale, item))
  return {
    lineItems: lineItems.map((item, index) =>
      withAmounts(item, { subtotal: subtotals[index] ?? 0, discount: 0, tax: 0, added: 0 }),
    ),
    breakdowns: lineItems.map(({ id }) => ({ id, discounts: [], taxes: [] })),
  }
}

function plainAmount(transaction: Transaction, sale: Sale, { id, price, quantity }: LineItem): number {
  const chosen = sale.chosenAmounts[id]
  if (chosen !== undefined) return chosen
  if (price === null || (price.type === 'recurring' && hasTrial(sale.asked.subscription_data))) return 0
  const whole = transaction.get('prices', price.id) ?? price
  if (whole.custom_unit_amount !== null) return whole.custom_unit_amount.preset ?? 0
  return amountOf(priceIn(whole, sale.currency ?? '') ?? whole, quantity ?? 0)
}

interface ItemAmounts {
  readonly subtotal: number
  readonly discount: number
  readonly tax: number
  /** The part of the tax that is not in the price already. */
  readonly added: number
}

function withAmounts(item: LineItem, { subtotal, discount, tax, added }: ItemAmounts): LineItem {
  return {
    ...item,
    amount_discount: discount,
    amount_subtotal: subtotal,
    amount_tax: tax,
    amount_total: subtotal - discount + added,
  }
}

/** The items with the amounts that the invoice would have. It is really made, in a transaction that is thrown away. */
function rehearsed(transaction: Transaction, sale: Sale, taxed: Taxed): Items {
  const { rehearsal, customer } = rehearse(transaction, taxed)
  const invoice = invoiceFor(rehearsal, taxable(sale, taxed), customer)
  const left = invoice === null ? [] : [...rehearsal.load('invoices', invoice).lines.data]
  const made = sale.lineItems.map((item) => ({ item, lines: takeLines(left, item) }))
  const owner = { customer: taxed.customer, checkoutSession: sale.session }
  return {
    lineItems: made.map(({ item, lines }) => withAmounts(item, amountsOfLines(lines))),
    breakdowns: made.map(({ item, lines }) => ({ id: item.id, ...breakdownOf(rehearsal, lines, owner) })),
  }
}

/** A transaction to be thrown away, with the customer in it as they are taxed, or one who stands in for them. */
function rehearse(
  transaction: Transaction,
  { customer, fields, taxId }: Taxed,
): { readonly rehearsal: Transaction; readonly customer: string } {
  const rehearsal = transaction.fork()
  const id = customer ?? createCustomer(rehearsal, {}).id
  rehearsal.enterClockOf(id)
  rehearsal.patch('customers', id, fields)
  if (taxId !== null) createTaxId(rehearsal, id, taxId)
  return { rehearsal, customer: id }
}

/** What is billed first; `null` where that waits until a period of the subscription is over, or has begun. */
function invoiceFor(transaction: Transaction, sale: Sale, customer: string): string | null {
  if (sale.mode !== 'subscription') return draftInvoice(transaction, sale, customer)
  return subscribe(transaction, sale, customer).latest_invoice
}

function subscribe(transaction: Transaction, sale: Sale, customer: string): Records['subscriptions'] {
  return createSubscription(transaction, {
    ...subscriptionParams(sale, customer),
    payment_behavior: 'default_incomplete',
  })
}

/** What the first renewal will cost, with all that is then still taken off and put on. */
export function renewalOf(transaction: Transaction, sale: Sale, taxed: Taxed): Records['invoices'] {
  const { rehearsal, customer } = rehearse(transaction, taxed)
  const { id, latest_invoice: first } = subscribe(rehearsal, taxable(sale, taxed), customer)
  if (first !== null && rehearsal.load('invoices', first).status === 'open') payWith(rehearsal, first)
  return createPreview(rehearsal, { subscription: id })
}

/** As long as nobody knows where the customer is, the order is shown without tax. */
function taxable(sale: Sale, { fields: { address = null, shipping = null } }: Taxed): Sale {
  if (taxLocationOf({ address, shipping }) !== null) return sale
  return { ...sale, asked: { ...sale.asked, automatic_tax: { enabled: false } } }
}

/** The lines of an item's price, taken out of those that are left: a price with tiers makes several. */
function takeLines(left: InvoiceLine[], item: LineItem): readonly InvoiceLine[] {
  const isOf = (line: InvoiceLine): boolean =>
    line.pricing?.price_details?.price === item.price?.id ||
    (line.pricing === null && line.description === item.description)
  const found = left.filter(isOf)
  for (const line of found) left.splice(left.indexOf(line), 1)
  return found
}

function amountsOfLines(lines: readonly InvoiceLine[]): ItemAmounts {
  const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)
  const taxes = lines.flatMap((line) => line.taxes ?? [])
  const added = taxes.filter((tax) => tax.tax_behavior === 'exclusive')
  return {
    subtotal: sum(lines.map((line) => line.amount)),
    discount: sum(lines.flatMap((line) => (line.discount_amounts ?? []).map(({ amount }) => amount))),
    tax: sum(taxes.map(({ amount }) => amount)),
    added: sum(added.map(({ amount }) => amount)),
  }
}

/** Too little to charge is refused when the session is made, not when the customer pays. Nothing at all can be ordered. */
export function requireChargeable(total: number, currency: string): void {
  const least = minimumCharge(currency)
  if (total === 0 || total >= least) return
  const message = `The Checkout Session's total amount due must add up to at least ${amountInWords(least, currency)}`
  throw invalidRequest(message, { code: 'amount_too_small' })
}
