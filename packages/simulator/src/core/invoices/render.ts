import { shownSubscriptionItem } from '../catalogue/shown-price.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import type { Invoice } from './create.js'

/** How many lines an invoice shows of itself; the rest are had from `/v1/invoices/{id}/lines`. */
const SHOWN = 10

/** An invoice as it is sent: without the fields that must be asked for, and with its first lines only. */
export function renderInvoice(_transaction: Transaction, invoice: Invoice): unknown {
  const { confirmation_secret: _secret, payments: _payments, ...shown } = invoice
  const { data, url } = invoice.lines
  const lines = {
    object: 'list',
    data: data.slice(0, SHOWN),
    has_more: data.length > SHOWN,
    total_count: data.length,
    url,
  }
  return { ...shown, lines }
}

/** The subscription with the older fields that one of a single item still carries. */
export function renderSubscription(transaction: Transaction, subscription: Records['subscriptions']): unknown {
  const data = subscription.items.data.map((entry) => shownSubscriptionItem(transaction, entry))
  const [item, ...others] = data
  const items = { ...subscription.items, data, total_count: data.length }
  if (item === undefined || others.length > 0) return { ...subscription, items }
  return { ...subscription, items, plan: item.plan, quantity: item.quantity }
}
