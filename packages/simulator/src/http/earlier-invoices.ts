import { planOf } from '../core/catalogue/plan.js'
import type { Transaction } from '../core/transaction.js'
import { firstDiscount, type Fields } from './earlier-discounts.js'

/**
 * Invoices, their lines and items as they were before basil. What basil brought (`parent`, `pricing`, `taxes`) stands in
 * answers in earlier versions as well, as recordings of them show.
 */

export function earlierInvoice(transaction: Transaction, invoice: Fields): Fields {
  const { confirmation_secret: _secret, ...rest } = invoice
  const { parent, total_taxes: taxes } = invoice
  const { quote_details: quote, subscription_details: details } = (parent ?? {}) as {
    readonly quote_details?: { readonly quote?: string } | null
    readonly subscription_details?: { readonly subscription?: unknown; readonly metadata?: unknown } | null
  }
  const paid = paymentOf(transaction, invoice['id'])
  return {
    ...rest,
    charge: paid?.charge ?? null,
    discount: firstDiscount(transaction, invoice['discounts']),
    paid: invoice['status'] === 'paid',
    paid_out_of_band: Number(invoice['amount_paid_off_stripe'] ?? 0) > 0,
    payment_intent: paid?.payment_intent ?? null,
    quote: quote?.quote ?? null,
    subscription: details?.subscription ?? null,
    subscription_details: details == null ? { metadata: null } : { metadata: details.metadata ?? null },
    tax: Array.isArray(taxes) && taxes.length > 0 ? sumOf(taxes as readonly Tax[]) : null,
    total_tax_amounts: earlierTaxes(taxes),
  }
}

/** The intent that pays an invoice, and the latest charge of it. */
function paymentOf(
  transaction: Transaction,
  invoice: unknown,
): { readonly payment_intent: string; readonly charge: string | null } | undefined {
  const payments = typeof invoice === 'string' ? transaction.by('invoice_payments', 'invoice', invoice) : []
  const intent = payments.find(({ is_default: isDefault }) => isDefault)?.payment.payment_intent
  if (intent === undefined) return undefined
  return { payment_intent: intent, charge: transaction.get('payment_intents', intent)?.latest_charge ?? null }
}

/** The invoice that a payment intent pays. */
export function invoiceOf(transaction: Transaction, intent: unknown): string | null {
  const id = typeof intent === 'string' ? intent : (intent as { readonly id?: unknown } | null)?.id
  if (typeof id !== 'string') return null
  return transaction.by('invoice_payments', 'payment_intent', id)[0]?.invoice ?? null
}

interface Tax {
  readonly amount: number
  readonly tax_behavior?: string
  readonly tax_rate_details?: { readonly tax_rate?: string } | null
  readonly taxability_reason?: string
  readonly taxable_amount?: number | null
}

function sumOf(taxes: readonly Tax[]): number {
  return taxes.reduce((sum, { amount }) => sum + amount, 0)
}

function earlierTaxes(taxes: unknown): readonly Fields[] {
  return (Array.isArray(taxes) ? (taxes as readonly Tax[]) : []).map((tax) => ({
    amount: tax.amount,
    inclusive: tax.tax_behavior === 'inclusive',
    tax_rate: tax.tax_rate_details?.tax_rate ?? null,
    taxability_reason: tax.taxability_reason ?? null,
    taxable_amount: tax.taxable_amount ?? null,
  }))
}

interface LineParent {
  readonly invoice_item?: string | null
  readonly proration?: boolean
  readonly proration_details?: unknown
  readonly subscription?: string | null
  readonly subscription_item?: string | null
}

interface Parent {
  readonly type?: string
  readonly invoice_item_details?: LineParent | null
  readonly subscription_item_details?: LineParent | null
}

/** Lines of invoices have a parent; those of Checkout sessions and quotes, which are called the same, have none. */
export function earlierLine(transaction: Transaction, line: Fields): Fields {
  if (!('parent' in line)) return line
  const { parent, pricing, taxes } = line
  const { invoice_item_details: ofItem, subscription_item_details: ofSubscription } = (parent ?? {}) as Parent
  const details = ofSubscription ?? ofItem ?? {}
  const item = details.invoice_item ?? undefined
  return {
    ...line,
    ...priceAndPlan(transaction, pricing),
    ...(item !== undefined && { invoice_item: item }),
    proration: details.proration ?? false,
    proration_details: details.proration_details ?? { credited_items: null },
    subscription: details.subscription ?? null,
    ...(details.subscription_item != null && { subscription_item: details.subscription_item }),
    tax_amounts: earlierTaxes(taxes),
    tax_rates: [],
    type: item === undefined && ofSubscription != null ? 'subscription' : 'invoiceitem',
  }
}

export function earlierInvoiceItem(transaction: Transaction, item: Fields): Fields {
  const { parent, pricing } = item
  const { subscription_details: details } = (parent ?? {}) as {
    readonly subscription_details?: { readonly subscription?: string; readonly subscription_item?: string } | null
  }
  const decimal = (pricing as { readonly unit_amount_decimal?: string | null } | null)?.unit_amount_decimal ?? null
  return {
    ...item,
    ...priceAndPlan(transaction, pricing),
    subscription: details?.subscription ?? null,
    ...(details?.subscription_item !== undefined && { subscription_item: details.subscription_item }),
    unit_amount: decimal !== null && /^-?\d+$/.test(decimal) ? Number(decimal) : null,
    unit_amount_decimal: decimal,
  }
}

/** The price stood in the line whole, and beside it the plan, where it was of a subscription. */
function priceAndPlan(transaction: Transaction, pricing: unknown): Fields {
  const { price } = (pricing as { readonly price_details?: { readonly price?: string } } | null)?.price_details ?? {}
  const record = price === undefined ? undefined : transaction.get('prices', price)
  if (record === undefined) return { plan: null, price: null }
  return { plan: record.recurring === null ? null : planOf(record), price: transaction.render('prices', record) }
}
