import type { Period } from '../arithmetic/proration.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export type InvoiceItem = Records['invoice_items']

type NewItem = Pick<InvoiceItem, 'amount' | 'currency' | 'customer' | 'description'> &
  Partial<InvoiceItem> & { readonly period: Period }

/** Writes an item that waits for the customer's next invoice, and announces it. */
export function createInvoiceItem(transaction: Transaction, fields: NewItem): InvoiceItem {
  const item = transaction.put('invoice_items', {
    id: transaction.newId('ii'),
    object: 'invoiceitem',
    customer_account: null,
    date: transaction.now,
    discountable: true,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: {},
    net_amount: fields.amount,
    parent: null,
    pricing: null,
    proration: false,
    quantity: 1,
    quantity_decimal: String(fields.quantity ?? 1),
    tax_rates: [],
    test_clock: transaction.load('customers', fields.customer).test_clock ?? null,
    ...fields,
  })
  transaction.emit('invoiceitem.created', 'invoice_items', item)
  return item
}

/** What the next invoice of a customer, or of one of their subscriptions, takes in; the newest first. */
export function pendingItems(
  transaction: Transaction,
  owner: { readonly customer: string; readonly currency: string; readonly subscription: string | null },
): InvoiceItem[] {
  const mine = (item: InvoiceItem): boolean => {
    const subscription = item.parent?.subscription_details?.subscription ?? null
    return item.currency === owner.currency && (subscription === null || subscription === owner.subscription)
  }
  return newestFirst(transaction.by('invoice_items', 'pending', owner.customer).filter(mine))
}

/** Newest first, but what was written in one second stays in order: a credit stands above its debit. */
function newestFirst(items: readonly InvoiceItem[]): InvoiceItem[] {
  return items.toSorted((left, right) => right.date - left.date)
}

/** Whether a line bills this item. */
export function isLineOf(line: Records['invoice_line_items'], item: string): boolean {
  return itemOfLine(line) === item
}

/** The invoice item behind a line; none where it bills a subscription. */
export function itemOfLine(line: Records['invoice_line_items']): string | null {
  const details = line.parent?.subscription_item_details ?? line.parent?.invoice_item_details
  return details?.invoice_item ?? null
}

export { pricedBy } from './item-pricing.js'
