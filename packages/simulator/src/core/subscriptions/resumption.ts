import { voidInvoice } from '../invoices/close.js'
import type { Resumption } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import type { Subscription } from './items.js'
import { endPause } from './paused.js'

/** How long the invoice of a resumption may go without an attempt to pay it. */
export const RESUMPTION_WINDOW = 23 * 3600

/** The resumption that waits for this invoice, if one does. */
export function resumptionAwaiting(
  transaction: Transaction,
  subscription: Subscription,
  invoice: string,
): Resumption | undefined {
  const resumption = transaction.get('resumptions', subscription.id)
  return subscription.status === 'paused' && resumption?.invoice === invoice ? resumption : undefined
}

/** The invoice of a resumption was paid or given up, or an attempt to pay it was made. */
export function finishResumption(
  transaction: Transaction,
  { id }: Resumption,
  status: 'active' | 'past_due',
): Subscription {
  forgetResumption(transaction, id)
  return endPause(transaction, transaction.load('subscriptions', id), status)
}

/** The subscription stays paused: what it was billed for is not its own any more. */
export function forgetResumption(transaction: Transaction, id: string): void {
  transaction.remove('resumptions', id)
  transaction.unschedule('subscription.expire_resumption', id)
}

export function expireResumptionWhenDue(transaction: Transaction, timer: { readonly subject: string }): void {
  const resumption = transaction.get('resumptions', timer.subject)
  if (resumption === undefined) return
  if (transaction.load('invoices', resumption.invoice).status === 'open') voidInvoice(transaction, resumption.invoice)
}
