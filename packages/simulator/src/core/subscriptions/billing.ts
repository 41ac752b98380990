import { prorate, type Period } from '../arithmetic/proration.js'
import { dayInWords } from '../arithmetic/periods.js'
import { createInvoiceItem, isLineOf, type InvoiceItem } from '../invoices/invoice-items.js'
import { pricingOf, serviceLine, trialLine, type Line } from '../invoices/lines.js'
import { amountOf, quantityInShort } from '../catalogue/pricing.js'
import type { ItemDebit } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import type { Subscription, SubscriptionItem } from './items.js'

type Service = Pick<Subscription, 'id' | 'metadata' | 'billing_mode' | 'customer'>

/** Lines that bill each item for a whole period, of which only the part up to its end is used when it is cut short. */
export function billPeriod(
  transaction: Transaction,
  subscription: Service,
  bill: { readonly items: readonly SubscriptionItem[]; readonly natural: Period; readonly used: Period },
): Line[] {
  return bill.items.toReversed().map((item) => {
    const quantity = item.quantity ?? 1
    const full = amountOf(item.price, quantity)
    const unused = bill.natural.end - bill.natural.start - (bill.used.end - bill.used.start)
    const amount = prorate(full, bill.natural, bill.natural.start + unused)
    const service = { subscription, item: item.id, price: item.price, quantity, period: bill.used }
    const line = serviceLine(transaction, service, amount)
    recordDebit(transaction, item, { period: bill.used, amount, source: { line: line.id } })
    return line
  })
}

export function trialLines(
  transaction: Transaction,
  subscription: Service,
  bill: { readonly items: readonly SubscriptionItem[]; readonly period: Period },
): Line[] {
  return bill.items.toReversed().map((item) => {
    transaction.remove('item_debits', item.id)
    const { price, quantity = 1 } = item
    return trialLine(transaction, { subscription, item: item.id, price, quantity, period: bill.period })
  })
}

/** Gives back what was billed for the item's time after an instant, as pending invoice items. */
export function creditItem(
  transaction: Transaction,
  subscription: Service,
  credit: { readonly item: SubscriptionItem; readonly at: number },
): void {
  const { item, at } = credit
  for (const debit of debitsOf(transaction, subscription, item)) {
    const price = debit.price === item.price.id ? item.price : transaction.load('prices', debit.price)
    createInvoiceItem(transaction, {
      ...ownership(subscription, item),
      amount: prorate(-debit.amount, debit, at),
      currency: price.currency,
      description: `Unused time on ${quantityInShort(transaction, price, debit.quantity)} after ${dayInWords(at)}`,
      period: { start: at, end: debit.end },
      pricing: pricingOf(price, null),
      proration_details: { credited_items: creditedBy(transaction, debit), discount_amounts: [] },
      quantity: debit.quantity,
      quantity_decimal: String(debit.quantity),
    })
  }
  transaction.remove('item_debits', item.id)
}

/** Bills the rest of a period for an item, as a pending invoice item. */
export function debitItem(
  transaction: Transaction,
  subscription: Service,
  debit: { readonly item: SubscriptionItem; readonly at: number; readonly period: Period },
): void {
  const { item, at, period } = debit
  const { price, quantity = 1 } = item
  const full = amountOf(price, quantity)
  const created = createInvoiceItem(transaction, {
    ...ownership(subscription, item),
    amount: prorate(full, period, at),
    currency: price.currency,
    description: `Remaining time on ${quantityInShort(transaction, price, quantity)} after ${dayInWords(at)}`,
    period: { start: at, end: period.end },
    pricing: pricingOf(price, null),
    proration_details: { credited_items: null, discount_amounts: [] },
    quantity,
    quantity_decimal: String(quantity),
  })
  recordDebit(transaction, item, { period, amount: full, source: { invoiceItem: created.id } })
}

function ownership(
  subscription: Service,
  item: SubscriptionItem,
): Pick<InvoiceItem, 'customer' | 'parent'> & {
  discountable: boolean
  proration: boolean
} {
  const details = { subscription: subscription.id, subscription_item: item.id }
  const parent = { type: 'subscription_details', subscription_details: details } as const
  return { customer: subscription.customer, discountable: false, parent, proration: true }
}

function recordDebit(
  transaction: Transaction,
  item: SubscriptionItem,
  debit: { period: Period; amount: number; source: ItemDebit['source'] },
): void {
  const { period, amount, source } = debit
  const entry = { amount, quantity: item.quantity ?? 1, price: item.price.id, ...period, source }
  transaction.put('item_debits', { id: item.id, debits: [entry] })
}

/** Flexible billing reverses what was really billed; classic goes by the present price and quantity. */
function debitsOf(transaction: Transaction, subscription: Service, item: SubscriptionItem): readonly ItemDebit[] {
  const debits = transaction.get('item_debits', item.id)?.debits ?? []
  if (subscription.billing_mode.type === 'flexible') return debits
  const [last] = debits
  if (last === undefined) return []
  const quantity = item.quantity ?? 1
  return [{ ...last, amount: amountOf(item.price, quantity), quantity, price: item.price.id }]
}

type Credited = NonNullable<InvoiceItem['proration_details']>['credited_items']

function creditedBy(transaction: Transaction, debit: ItemDebit): Credited {
  const { source } = debit
  if ('line' in source) {
    const invoice = transaction.get('invoice_line_items', source.line)?.invoice
    return invoice === null || invoice === undefined ? null : creditedLine(invoice, source.line)
  }
  const invoice = transaction.get('invoice_items', source.invoiceItem)?.invoice ?? null
  if (invoice === null) return { type: 'invoice_item', invoice_item: source.invoiceItem }
  const lines = transaction.by('invoice_line_items', 'invoice', invoice)
  const line = lines.find((candidate) => isLineOf(candidate, source.invoiceItem))
  return line === undefined ? null : creditedLine(invoice, line.id)
}

function creditedLine(invoice: string, line: string): Credited {
  return { type: 'invoice_line_items', invoice_line_item_details: { invoice, invoice_line_items: [line] } }
}
