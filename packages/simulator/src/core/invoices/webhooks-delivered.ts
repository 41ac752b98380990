import { endpointsFor } from '../events/webhook-endpoints.js'
import type { EventRecord } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import type { Invoice } from './invoice-draft.js'

/** Whether any receiver is to be told of a new invoice; otherwise nothing is waited for. */
export function isAwaited(transaction: Transaction): boolean {
  return endpointsFor(transaction, { type: 'invoice.created' }).length > 0
}

/** All receivers have taken in an event: if it told them of a new invoice, that invoice says since when they know. */
export function noteDelivered(transaction: Transaction, { data, type }: EventRecord): void {
  if (type !== 'invoice.created') return
  // Guaranteed: events of this type are about invoices.
  const { id } = data.object as { readonly id: string }
  const invoice = transaction.get('invoices', id)
  if (invoice !== undefined) noteEnough(transaction, invoice)
}

/** The receivers know of an invoice, or have had their time. */
export function noteEnough(transaction: Transaction, { id, test_clock, webhooks_delivered_at }: Invoice): void {
  if (webhooks_delivered_at !== null) return
  transaction.enterClock(test_clock)
  transaction.patch('invoices', id, { webhooks_delivered_at: transaction.now })
}
