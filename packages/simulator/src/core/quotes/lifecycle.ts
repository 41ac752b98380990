import { invalidRequest, missingParameter, type StripeError } from '../error.js'
import type { TimerHandler } from '../handler.js'
import { createSchedule } from '../subscription-schedules/index.js'
import { createSubscription } from '../subscriptions/index.js'
import type { Transaction } from '../transaction.js'
import type { Quote } from './create.js'
import { collection, draftInvoice, isRecurring, scheduleParams, subscriptionParams, type Terms } from './terms.js'

/** What can be done with a quote in each state. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  draft: ['update', 'finalize', 'cancel'],
  open: ['accept', 'cancel'],
  accepted: [],
  canceled: [],
}

export function requireAllowed(quote: Quote, verb: string): void {
  if (ALLOWED[quote.status]?.includes(verb) === true) return
  throw refused(`You cannot ${verb} a quote whose status is \`${quote.status}\`.`)
}

function refused(message: string): StripeError {
  return invalidRequest(message, { code: 'quote_unexpected_state' })
}

/** A finalized quote can be sent and accepted, and no longer changed. */
export function finalizeQuote(transaction: Transaction, before: Quote, expiresAt = before.expires_at): Quote {
  requireAllowed(before, 'finalize')
  if (before.customer === null) throw missingParameter('customer')
  if (transaction.load('quote_details', before.id).items.length === 0) throw missingParameter('line_items')
  if (expiresAt <= transaction.now) {
    throw invalidRequest('`expires_at` must be in the future.', { param: 'expires_at' })
  }
  replaceRevised(transaction, before)
  const quote = transaction.patch('quotes', before.id, {
    expires_at: expiresAt,
    number: numberOf(transaction, before),
    status: 'open',
    status_transitions: { ...before.status_transitions, finalized_at: transaction.now },
  })
  transaction.schedule({ kind: 'quote.expire', at: expiresAt, subject: quote.id })
  transaction.emit('quote.finalized', 'quotes', quote)
  return quote
}

/** A revision takes the place of what it revises. */
function replaceRevised(transaction: Transaction, { from_quote: from }: Quote): void {
  const revised = from?.is_revision === true ? transaction.get('quotes', from.quote) : undefined
  if (revised?.status === 'open') cancelQuote(transaction, revised)
}

/** Such as `QT-1B2C3D4E-0001-1`: the customer's prefix, their count of quotes, and the revision. */
function numberOf(transaction: Transaction, { customer, from_quote: from }: Quote): string {
  const revised = from?.is_revision === true ? transaction.get('quotes', from.quote)?.number : null
  const parts = revised?.split('-')
  if (parts !== undefined) return [...parts.slice(0, -1), Number(parts.at(-1)) + 1].join('-')
  const owner = customer ?? ''
  const { invoice_prefix: prefix } = transaction.load('customers', owner)
  const count = transaction.by('quotes', 'customer', owner).filter(({ number }) => number?.endsWith('-1')).length
  return `QT-${prefix}-${String(count + 1).padStart(4, '0')}-1`
}

export function cancelQuote(transaction: Transaction, before: Quote): Quote {
  requireAllowed(before, 'cancel')
  transaction.unschedule('quote.expire', before.id)
  const quote = transaction.patch('quotes', before.id, {
    status: 'canceled',
    status_transitions: { ...before.status_transitions, canceled_at: transaction.now },
  })
  transaction.emit('quote.canceled', 'quotes', quote)
  return quote
}

/** An open quote that nobody accepted in time is canceled. */
export const expireWhenDue: TimerHandler = (transaction, { subject }) => {
  const quote = transaction.get('quotes', subject)
  if (quote?.status === 'open') cancelQuote(transaction, quote)
}

/** What was quoted is bought: a subscription begins, or an invoice is drafted over what is sold once. */
export function acceptQuote(transaction: Transaction, before: Quote): Quote {
  requireAllowed(before, 'accept')
  transaction.unschedule('quote.expire', before.id)
  const bought = buy(transaction, before)
  const quote = transaction.patch('quotes', before.id, {
    ...bought,
    status: 'accepted',
    status_transitions: { ...before.status_transitions, accepted_at: transaction.now },
  })
  transaction.emit('quote.accepted', 'quotes', quote)
  return quote
}

type Bought = Partial<Pick<Quote, 'invoice' | 'subscription' | 'subscription_schedule'>>

function buy(transaction: Transaction, quote: Quote): Bought {
  const { items, discounts } = transaction.load('quote_details', quote.id)
  const terms: Terms = { items, discounts, quote }
  const customer = quote.customer ?? ''
  const { effective_date: date } = quote.subscription_data
  if (!items.some(isRecurring)) return { invoice: invoiceOf(transaction, quote, terms) }
  if (date !== null && date > transaction.now) {
    return { subscription_schedule: createSchedule(transaction, scheduleParams(terms, customer, date)).id }
  }
  const params = { ...subscriptionParams(terms, customer), ...collection(quote) }
  return { subscription: createSubscription(transaction, params).id }
}

function invoiceOf(transaction: Transaction, { customer, id }: Quote, terms: Terms): string {
  const invoice = draftInvoice(transaction, terms, customer ?? '')
  const parent = { type: 'quote_details', quote_details: { quote: id }, subscription_details: null } as const
  transaction.patch('invoices', invoice, { parent })
  return invoice
}
