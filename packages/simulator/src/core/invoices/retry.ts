import type { StripeErrorBody } from '../error.js'
import { wasHardDecline } from '../payments/payment-intents.js'
import type { Timer } from '../private-records.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { customerOnInvoice } from './blank.js'
import { finalizeInvoice, obstacleOf } from './finalize.js'
import { nextAttempt, payInvoice } from './pay.js'
import { paymentIntentOf, paymentMethodFor, subscriptionOf } from './payments.js'
import type { Invoice } from './create.js'
import { setDelinquent } from './settle-payment.js'
import { heldUntil } from './webhook-gate.js'
import { noteEnough } from './webhooks-delivered.js'

/** The hour of a draft is over: it becomes final and, when it is collected automatically, is charged. */
export function finalizeWhenDue(transaction: Transaction, timer: Timer): void {
  const draft = transaction.get('invoices', timer.subject)
  if (draft?.status !== 'draft' || draft.auto_advance !== true) return
  const held = heldUntil(transaction, draft)
  if (held > transaction.now) {
    transaction.patch('invoices', draft.id, { automatically_finalizes_at: held, next_payment_attempt: held })
    transaction.schedule({ kind: 'invoice.finalize', at: held, subject: draft.id })
    return
  }
  noteEnough(transaction, draft)
  const obstacle = obstacleOf(transaction, draft)
  if (obstacle !== undefined) {
    reportObstacle(transaction, draft, obstacle.body)
    return
  }
  const invoice = finalizeInvoice(transaction, draft.id)
  if (invoice.status === 'open' && invoice.collection_method === 'charge_automatically') {
    payInvoice(transaction, invoice.id, { isAutomatic: true })
  }
}

/** A draft that cannot become final by itself stays one, and says why. */
function reportObstacle(transaction: Transaction, draft: Invoice, { code, message }: StripeErrorBody): void {
  const invoice = transaction.patch('invoices', draft.id, {
    automatically_finalizes_at: null,
    last_finalization_error: { message, type: 'invalid_request_error', ...(code !== undefined && { code }) },
    next_payment_attempt: null,
    automatic_tax: customerOnInvoice(transaction, draft).automatic_tax,
  })
  transaction.emit('invoice.finalization_failed', 'invoices', invoice)
}

export function retryWhenDue(transaction: Transaction, timer: Timer): void {
  const invoice = transaction.get('invoices', timer.subject)
  if (invoice?.status !== 'open' || invoice.auto_advance !== true) return
  if (isHopeless(transaction, invoice)) skipAttempt(transaction, invoice)
  else payInvoice(transaction, invoice.id, { isAutomatic: true })
}

export function announceDueDate(transaction: Transaction, timer: Timer): void {
  const invoice = transaction.get('invoices', timer.subject)
  if (invoice?.status === 'open') transaction.emit('invoice.will_be_due', 'invoices', invoice)
}

/** An invoice sent to the customer was not paid in time. */
export function passDueDate(transaction: Transaction, timer: Timer): void {
  const invoice = transaction.get('invoices', timer.subject)
  if (invoice?.status !== 'open') return
  transaction.emit('invoice.overdue', 'invoices', invoice)
  setDelinquent(transaction, invoice, true)
  if (subscriptionOf(transaction, invoice) !== undefined) {
    transaction.send({ type: 'invoice.payment_failed', invoice: invoice.id })
  }
}

/** After a hard decline the schedule goes on, but no charge is made until there is another card. */
function isHopeless(transaction: Transaction, invoice: Invoice): boolean {
  const intent = paymentIntentOf(transaction, invoice.id)
  const refused = intent === undefined ? null : refusedMethod(intent)
  return refused !== null && refused === paymentMethodFor(transaction, invoice)
}

/** The card that the bank will not take, or not without seeing the customer. */
function refusedMethod(intent: Records['payment_intents']): string | null {
  if (intent.status === 'requires_action') return intent.payment_method
  return wasHardDecline(intent) ? (intent.last_payment_error?.payment_method?.id ?? null) : null
}

function skipAttempt(transaction: Transaction, before: Invoice): void {
  const count = before.attempt_count + 1
  const next = nextAttempt(transaction, count)
  const invoice = transaction.patch('invoices', before.id, { attempt_count: count, next_payment_attempt: next })
  transaction.emitChange('invoice.updated', 'invoices', { before, after: invoice })
  if (next === null) transaction.send({ type: 'invoice.retries_exhausted', invoice: invoice.id })
  else transaction.schedule({ kind: 'invoice.retry', at: next, subject: invoice.id })
}
