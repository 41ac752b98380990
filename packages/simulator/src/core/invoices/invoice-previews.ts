import type Stripe from 'stripe'
import { StripeError } from '../error.js'
import { unbooked } from '../credits/apply.js'
import type { Handler, Handlers } from '../handler.js'
import type { Timer } from '../private-records.js'
import { rehearseSchedule } from '../subscription-schedules/index.js'
import { cancelSubscription, createSubscription, rehearsePause, updateSubscription } from '../subscriptions/index.js'
import { isEnded } from '../subscriptions/end.js'
import { periodOf, type Subscription } from '../subscriptions/items.js'
import { renewWhenDue } from '../subscriptions/renew.js'
import type { Transaction } from '../transaction.js'
import type { Invoice } from './create.js'
import { createManualInvoice } from './manual.js'
import { addPreviewItems, previewedCustomer, refuseUnbuilt, replaceDiscounts } from './preview-request.js'
import { renderInvoice } from './render.js'

type Params = Stripe.InvoiceCreatePreviewParams
type Details = Stripe.InvoiceCreatePreviewParams.SubscriptionDetails

/**
 * The invoice that would come: of a new subscription, of a change to one, of the next renewal, or of what is pending. The
 * real thing is done in a transaction of its own, which is then thrown away, so a preview cannot differ from what it
 * previews.
 */
export function createPreview(transaction: Transaction, params: Params): Invoice {
  refuseUnbuilt(params)
  const named = subscriptionOf(transaction, params)
  transaction.enterClockOf(named?.customer ?? params.customer ?? null)
  const rehearsal = transaction.fork()
  const customer = previewedCustomer(rehearsal, named === undefined ? params : { ...params, customer: named.customer })
  const currency = named?.currency ?? params.currency
  addPreviewItems(rehearsal, params.invoice_items ?? [], { customer, currency })
  replaceDiscounts(rehearsal, params, { customer, subscription: named?.id, currency })
  const before = named === undefined ? undefined : withTaxes(rehearsal, named.id, params)
  const invoice = rehearsed(rehearsal, before, { ...params, customer })
  if (invoice === undefined) throw nothingComes(customer)
  return previewOf(invoice, params.subscription_details?.proration_date)
}

function rehearsed(rehearsal: Transaction, before: Subscription | undefined, params: Params): Invoice | undefined {
  if (params.schedule_details !== undefined) return previewSchedule(rehearsal, before, params)
  if (before !== undefined) return previewChange(rehearsal, before, params)
  return params.subscription_details?.items === undefined
    ? previewPending(rehearsal, params)
    : previewNew(rehearsal, params)
}

/** The subscription a preview is about: the one it names, or the customer's next to renew when it asks for nothing new. */
function subscriptionOf(transaction: Transaction, params: Params): Subscription | undefined {
  const id = params.subscription ?? subscriptionOfSchedule(transaction, params.schedule)
  if (id !== undefined) {
    return transaction.require('subscriptions', id, { kind: 'subscription', param: 'subscription' })
  }
  if (params.subscription_details?.items !== undefined || params.customer === undefined) return undefined
  const [next] = transaction
    .by('subscriptions', 'customer', params.customer)
    .filter((subscription) => !isEnded(subscription))
    .toSorted((left, right) => periodOf(left).end - periodOf(right).end)
  return next
}

function subscriptionOfSchedule(transaction: Transaction, schedule: string | undefined): string | undefined {
  if (schedule === undefined) return undefined
  const words = { kind: 'subscription schedule', param: 'schedule' }
  return transaction.require('subscription_schedules', schedule, words).subscription ?? undefined
}

function withTaxes(rehearsal: Transaction, id: string, { automatic_tax: tax }: Params): Subscription {
  const before = rehearsal.load('subscriptions', id)
  if (tax === undefined) return before
  return rehearsal.patch('subscriptions', id, { automatic_tax: { ...before.automatic_tax, enabled: tax.enabled } })
}

/** Without a subscription the next invoice is of what is pending, if anything is. */
function previewPending(rehearsal: Transaction, params: Params): Invoice | undefined {
  const { customer = '', currency, discounts, automatic_tax: tax } = params
  const [first] = rehearsal.by('invoice_items', 'pending', customer)
  if (first === undefined) return undefined
  return createManualInvoice(rehearsal, {
    customer,
    currency: currency ?? first.currency,
    pending_invoice_items_behavior: 'include',
    ...(discounts !== undefined && { discounts }),
    ...(tax !== undefined && { automatic_tax: { enabled: tax.enabled } }),
  })
}

/** What a change of a schedule brings at once, or with the next renewal; of a new one its first invoice. */
function previewSchedule(
  rehearsal: Transaction,
  before: Subscription | undefined,
  params: Params,
): Invoice | undefined {
  const { customer = '', schedule, schedule_details: details = {} } = params
  const after = rehearseSchedule(rehearsal, { schedule, customer, details })
  if (after === undefined) return undefined
  if (after.latest_invoice === null || after.latest_invoice === before?.latest_invoice) return renewal(rehearsal, after)
  return rehearsal.load('invoices', after.latest_invoice)
}

function previewNew(rehearsal: Transaction, params: Params): Invoice | undefined {
  const { automatic_tax: tax, currency, customer = '', discounts, subscription_details: details = {} } = params
  const { default_tax_rates: rates, start_date: start } = details
  const anchor = details.billing_cycle_anchor?.timestamp
  const subscription = createSubscription(rehearsal, {
    customer,
    // Guaranteed: both name items alike, only that a new subscription has none to change; those are refused as unknown.
    items: details.items as NonNullable<Stripe.SubscriptionCreateParams['items']>,
    payment_behavior: 'default_incomplete',
    ...(tax !== undefined && { automatic_tax: { enabled: tax.enabled } }),
    ...(anchor !== undefined && { billing_cycle_anchor: anchor }),
    ...(currency !== undefined && { currency }),
    ...(details.billing_mode !== undefined && { billing_mode: details.billing_mode }),
    ...(rates !== undefined && { default_tax_rates: rates }),
    ...(discounts !== undefined && { discounts }),
    ...(start !== undefined && { backdate_start_date: start }),
    ...(details.trial_end !== undefined && { trial_end: details.trial_end }),
    ...(details.proration_behavior !== undefined && { proration_behavior: details.proration_behavior }),
  })
  if (params.preview_mode === 'recurring') return recurring(rehearsal, subscription)
  if (subscription.latest_invoice === null) return renewal(rehearsal, subscription)
  return rehearsal.load('invoices', subscription.latest_invoice)
}

function previewChange(rehearsal: Transaction, before: Subscription, params: Params): Invoice | undefined {
  if (isEnded(before)) return undefined
  const details = params.subscription_details ?? {}
  if (details.cancel_now === true) {
    const prorate = details.proration_behavior !== undefined && details.proration_behavior !== 'none'
    return newInvoice(rehearsal, before, cancelSubscription(rehearsal, before.id, { prorate, invoice_now: true }))
  }
  const moved = rehearsePause(rehearsal, before, details)
  if (moved !== undefined) return newInvoice(rehearsal, before, moved) ?? renewal(rehearsal, moved)
  const change = changeOf(details)
  const isRecurring = params.preview_mode === 'recurring'
  if (Object.keys(change).length === 0) return (isRecurring ? recurring : renewal)(rehearsal, before)
  const after = updateSubscription(rehearsal, before.id, {
    ...change,
    ...(isRecurring && { proration_behavior: 'none' }),
    payment_behavior: 'default_incomplete',
  })
  if (isRecurring) return recurring(rehearsal, after)
  if (after.latest_invoice !== before.latest_invoice) return newInvoice(rehearsal, before, after)
  return renewal(rehearsal, after)
}

/** What a preview says of a change is what an update says, but for what is taken out here. */
function changeOf(details: Details): Stripe.SubscriptionUpdateParams {
  const { cancel_now: _cancelNow, billing_mode: _mode, start_date: _start, ...rest } = details
  return rest
}

/** What each period brings: without what is pending, and without what a change brings once. */
function recurring(rehearsal: Transaction, subscription: Subscription): Invoice | undefined {
  for (const item of rehearsal.by('invoice_items', 'pending', subscription.customer)) {
    rehearsal.remove('invoice_items', item.id)
  }
  return renewal(rehearsal, rehearsal.load('subscriptions', subscription.id))
}

/** What the end of the running period will bring, if it brings an invoice. */
function renewal(transaction: Transaction, before: Subscription): Invoice | undefined {
  const later = transaction.fork(Math.max(periodOf(before).end, transaction.now))
  renewWhenDue(later, { subject: before.id })
  return newInvoice(later, before, later.load('subscriptions', before.id))
}

function newInvoice(transaction: Transaction, before: Subscription, after: Subscription): Invoice | undefined {
  const { latest_invoice: id } = after
  return id === null || id === before.latest_invoice ? undefined : transaction.load('invoices', id)
}

function nothingComes(customer: string): StripeError {
  const message = `No upcoming invoices for customer: ${customer}`
  return new StripeError(404, { type: 'invalid_request_error', code: 'invoice_upcoming_none', message })
}

/** The invoice as one that does not exist yet: a draft, without number and pages. */
function previewOf(invoice: Invoice, prorationDate?: number): Invoice {
  const id = `upcoming_${invoice.id}`
  const lines = invoice.lines.data.map((line) => ({
    ...line,
    id: line.id.replace('il_', 'il_tmp_'),
    invoice: id,
    pretax_credit_amounts: unbooked(line.pretax_credit_amounts),
  }))
  return {
    ...invoice,
    id,
    amount_paid: 0,
    amount_remaining: invoice.amount_due,
    attempt_count: 0,
    attempted: false,
    billing_reason: 'upcoming',
    confirmation_secret: null,
    effective_at: null,
    ending_balance: invoice.starting_balance + invoice.total - invoice.amount_due,
    hosted_invoice_url: null,
    invoice_pdf: null,
    lines: { object: 'list', data: lines, has_more: false, url: `/v1/invoices/${id}/lines` },
    number: null,
    parent: withProrationDate(invoice, prorationDate),
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    total_pretax_credit_amounts: unbooked(invoice.total_pretax_credit_amounts),
  }
}

function withProrationDate({ parent }: Invoice, date: number | undefined): Invoice['parent'] {
  const details = parent?.subscription_details ?? null
  if (parent === null || details === null || date === undefined) return parent
  return { ...parent, subscription_details: { ...details, subscription_proration_date: date } }
}

const preview: Handler<Params> = (transaction, { params }) =>
  renderInvoice(transaction, createPreview(transaction, params))

export const invoicePreviewHandlers: Handlers = { 'invoices.create_preview': preview }

/** Some days before a renewal its invoice is announced; having no id yet, it is announced without one. */
export function announceUpcoming(transaction: Transaction, timer: Timer): void {
  const subscription = transaction.get('subscriptions', timer.subject)
  if (subscription === undefined || isEnded(subscription)) return
  const invoice = renewal(transaction.fork(), subscription)
  if (invoice === undefined) return
  const { id: _id, ...upcoming } = previewOf(invoice)
  transaction.emitObject('invoice.upcoming', upcoming)
}
