import { prorate, proratePart, type Period } from '../arithmetic/proration.js'
import { dayInWords } from '../arithmetic/periods.js'
import { createInvoiceItem, isLineOf, type InvoiceItem } from '../invoices/invoice-items.js'
import { pricingOf, serviceLine, trialLine, type Line } from '../invoices/lines.js'
import { partsOf, quantityInShort } from '../catalogue/pricing.js'
import type { ItemDebit } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import { discountOfLine, fullAmountOf, netAmountOf, priceOf } from './discounts.js'
import { isMetered, periodOfItem, type Subscription, type SubscriptionItem } from './items.js'

type Service = Pick<
  Subscription,
  'billing_cycle_anchor' | 'billing_mode' | 'currency' | 'customer' | 'discounts' | 'id' | 'metadata'
>

/** One item for one period: the part that is used of a whole one. */
export interface Bill {
  readonly item: SubscriptionItem
  readonly natural: Period
  readonly used: Period
  /** Where the amount does not follow from the periods. */
  readonly amount?: number
}

/** Lines that bill items for their periods ahead. What is metered is billed afterwards. */
export function billPeriods(transaction: Transaction, subscription: Service, bills: readonly Bill[]): Line[] {
  return bills
    .filter(({ item }) => !isMetered(item))
    .flatMap((bill) => {
      const { item, natural, used } = bill
      const lines = linesOfBill(transaction, subscription, bill)
      const amount = lines.reduce((sum, line) => sum + line.amount, 0)
      const [first] = lines
      if (first !== undefined) {
        recordDebit(transaction, item, { period: used, natural, amount, source: { line: first.id }, isFirst: true })
      }
      return lines
    })
}

/** One line, but for a price with tiers, where each tier has its own. */
function linesOfBill(transaction: Transaction, subscription: Service, bill: Bill): Line[] {
  const { item, natural, used } = bill
  const { quantity = 1 } = item
  const price = priceOf(subscription, item.price)
  const service = { subscription, item: item.id, price, quantity, period: used, terms: item }
  if (price.billing_scheme === 'tiered' && bill.amount === undefined) {
    return partsOf(price, quantity).map((part) =>
      serviceLine(transaction, { ...service, part }, proratePart(part.amount, natural, used)),
    )
  }
  const amount = bill.amount ?? proratePart(fullAmountOf(subscription, item), natural, used)
  return [serviceLine(transaction, service, amount)]
}

/** Lines that say which items are on trial. */
export function trialLines(
  transaction: Transaction,
  subscription: Service,
  items: readonly SubscriptionItem[],
): Line[] {
  return items
    .filter((item) => !isMetered(item))
    .map((item) => {
      transaction.remove('item_debits', item.id)
      const { quantity = 1 } = item
      const price = priceOf(subscription, item.price)
      return trialLine(transaction, {
        subscription,
        item: item.id,
        price,
        quantity,
        period: periodOfItem(item),
        terms: item,
      })
    })
}

/** Gives back what was billed for the item's time after an instant, as pending invoice items. */
export function creditItem(
  transaction: Transaction,
  subscription: Service,
  credit: { readonly item: SubscriptionItem; readonly at: number },
): void {
  const { item, at } = credit
  const remaining = debitsOf(transaction, subscription, item).flatMap((debit) => {
    if (at >= debit.end) return [debit]
    const amount = prorate(-debit.amount, debit, at)
    giveBack(transaction, subscription, { item, debit, amount, at: Math.max(at, debit.start) })
    return at <= debit.start ? [] : [{ ...debit, amount: debit.amount + amount, end: at, isNet: true }]
  })
  if (remaining.length === 0) transaction.remove('item_debits', item.id)
  else transaction.put('item_debits', { id: item.id, debits: remaining })
}

function giveBack(
  transaction: Transaction,
  subscription: Service,
  { item, debit, amount, at }: { item: SubscriptionItem; debit: ItemDebit; amount: number; at: number },
): void {
  const known = debit.price === item.price.id ? item.price : transaction.load('prices', debit.price)
  const price = priceOf(subscription, known)
  createInvoiceItem(transaction, {
    ...ownership(subscription, item),
    amount,
    currency: price.currency,
    description: `Unused time on ${quantityInShort(transaction, price, debit.quantity)} after ${dayInWords(at)}`,
    period: { start: at, end: debit.end },
    pricing: pricingOf(price, null),
    proration_details: { credited_items: creditedBy(transaction, debit), discount_amounts: [] },
    quantity: debit.quantity,
    quantity_decimal: String(debit.quantity),
  })
}

/** Bills the rest of a period for an item, as a pending invoice item. */
export function debitItem(
  transaction: Transaction,
  subscription: Service,
  debit: {
    readonly item: SubscriptionItem
    readonly at: number
    readonly natural: Period
    readonly among: readonly SubscriptionItem[]
  },
): void {
  const { item, at, natural, among } = debit
  const until = Math.min(natural.end, item.current_period_end)
  if (isMetered(item) || at >= until) return
  const { quantity = 1 } = item
  const price = priceOf(subscription, item.price)
  const full = netAmountOf(transaction, subscription, { item, among })
  const amount = proratePart(full, natural, { start: at, end: until })
  const created = createInvoiceItem(transaction, {
    ...ownership(subscription, item),
    amount,
    currency: price.currency,
    description: `Remaining time on ${quantityInShort(transaction, price, quantity)} after ${dayInWords(at)}`,
    period: { start: at, end: until },
    pricing: pricingOf(price, null),
    proration_details: { credited_items: null, discount_amounts: [] },
    quantity,
    quantity_decimal: String(quantity),
  })
  const source = { invoiceItem: created.id }
  const isWhole = until === natural.end && at <= transaction.now
  const billed = isWhole ? { period: natural, amount: full } : { period: { start: at, end: until }, amount }
  recordDebit(transaction, item, { ...billed, natural, source, isFirst: false })
}

function ownership(
  subscription: Service,
  item: SubscriptionItem,
): Pick<InvoiceItem, 'customer' | 'discountable' | 'parent' | 'proration' | 'tax_rates'> {
  const details = { subscription: subscription.id, subscription_item: item.id }
  const parent = { type: 'subscription_details', subscription_details: details } as const
  const taxRates = item.tax_rates ?? []
  return { customer: subscription.customer, discountable: false, parent, proration: true, tax_rates: taxRates }
}

/** What is billed at the start of a period takes the place of what was billed before; what is added to it does not. */
function recordDebit(
  transaction: Transaction,
  item: SubscriptionItem,
  debit: { period: Period; natural: Period; amount: number; source: ItemDebit['source']; isFirst: boolean },
): void {
  const { period, natural, amount, source, isFirst } = debit
  const isNet = 'invoiceItem' in source
  const entry = { amount, quantity: item.quantity ?? 1, price: item.price.id, ...period, natural, source, isNet }
  const earlier = isFirst ? [] : (transaction.get('item_debits', item.id)?.debits ?? [])
  transaction.put('item_debits', { id: item.id, debits: [...earlier, entry] })
}

/** Flexible billing reverses what was really billed; classic goes by the present price and quantity. */
function debitsOf(transaction: Transaction, subscription: Service, item: SubscriptionItem): readonly ItemDebit[] {
  const debits = transaction.get('item_debits', item.id)?.debits ?? []
  if (subscription.billing_mode.type === 'flexible') return debits.map((debit) => netOf(transaction, debit))
  const [first, last = first] = [debits[0], debits.at(-1)]
  if (first === undefined || last === undefined) return []
  const quantity = item.quantity ?? 1
  const full = netAmountOf(transaction, subscription, { item, among: [item] })
  const used = { start: first.start, end: last.end }
  const amount = proratePart(full, last.natural, used)
  return [{ ...last, ...used, amount, quantity, price: item.price.id }]
}

/** What a debit came to after the discounts of its invoice. */
function netOf(transaction: Transaction, debit: ItemDebit): ItemDebit {
  if (debit.isNet || !('line' in debit.source)) return debit
  return { ...debit, amount: debit.amount - discountOfLine(transaction, debit.source.line), isNet: true }
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
