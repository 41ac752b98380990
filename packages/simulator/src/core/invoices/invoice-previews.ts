import type Stripe from 'stripe'
import { missingParameter, notSimulated, StripeError } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import type { Invoice } from './create.js'
import { renderInvoice } from './render.js'
import type { Timer } from '../private-records.js'
import { cancelSubscription, createSubscription, updateSubscription } from '../subscriptions/index.js'
import { isEnded } from '../subscriptions/end.js'
import { periodOf, type Subscription } from '../subscriptions/items.js'
import { renewWhenDue } from '../subscriptions/renew.js'
import type { Transaction } from '../transaction.js'

type Params = Stripe.InvoiceCreatePreviewParams
type Details = Stripe.InvoiceCreatePreviewParams.SubscriptionDetails

/**
 * The invoice that would come: of a new subscription, of a change to one, or of the next renewal. The real thing is done in
 * a transaction of its own, which is then thrown away, so a preview cannot differ from what it previews.
 */
export function createPreview(transaction: Transaction, params: Params): Invoice {
  refuseUnbuilt(params)
  const subscription = subscriptionOf(transaction, params)
  const customer = subscription?.customer ?? customerOf(transaction, params)
  transaction.enterClockOf(customer)
  const invoice =
    subscription === undefined
      ? previewNew(transaction, params)
      : previewChange(transaction, subscription, params.subscription_details ?? {})
  if (invoice === undefined) throw nothingComes(customer)
  return previewOf(invoice, params.subscription_details?.proration_date)
}

function customerOf(transaction: Transaction, { customer }: Params): string {
  if (customer === undefined) throw missingParameter('customer')
  return transaction.require('customers', customer, { kind: 'customer', param: 'customer' }).id
}

/** The subscription a preview is about: the one it names, or the customer's next to renew when it asks for nothing new. */
function subscriptionOf(transaction: Transaction, params: Params): Subscription | undefined {
  const { subscription: id } = params
  if (id !== undefined) {
    return transaction.require('subscriptions', id, { kind: 'subscription', param: 'subscription' })
  }
  if (params.subscription_details?.items !== undefined) return undefined
  const customer = customerOf(transaction, params)
  const [next] = transaction
    .by('subscriptions', 'customer', customer)
    .filter((subscription) => !isEnded(subscription))
    .toSorted((left, right) => periodOf(left).end - periodOf(right).end)
  if (next === undefined) throw nothingComes(customer)
  return next
}

const unbuilt = [
  'customer_account',
  'customer_details',
  'discounts',
  'invoice_items',
  'on_behalf_of',
  'schedule',
  'schedule_details',
] as const
const ANCHOR = 'subscription_details[billing_cycle_anchor]'
const unbuiltDetails = ['billing_schedules', 'default_tax_rates', 'pause', 'resume_at', 'start_date'] as const

function refuseUnbuilt(params: Params): void {
  for (const name of unbuilt) if (params[name] !== undefined) throw notSimulated(name, name)
  if (params.preview_mode === 'recurring') throw notSimulated('preview_mode=recurring', 'preview_mode')
  if (params.automatic_tax?.enabled === true) throw notSimulated('automatic_tax', 'automatic_tax[enabled]')
  for (const name of unbuiltDetails) {
    const param = `subscription_details[${name}]`
    if ((params.subscription_details as Readonly<Record<string, unknown>> | undefined)?.[name] !== undefined) {
      throw notSimulated(param, param)
    }
  }
}

function previewNew(
  transaction: Transaction,
  { customer, subscription_details: details = {} }: Params,
): Invoice | undefined {
  const { items = [], trial_end: trialEnd, billing_mode: mode } = details
  if (details.billing_cycle_anchor !== undefined) throw notSimulated(ANCHOR, ANCHOR)
  const rehearsal = transaction.fork()
  const subscription = createSubscription(rehearsal, {
    ...(customer !== undefined && { customer }),
    // Guaranteed: both name items alike, only that a new subscription has none to change; those are refused as unknown.
    items: items as NonNullable<Stripe.SubscriptionCreateParams['items']>,
    payment_behavior: 'default_incomplete',
    ...(mode !== undefined && { billing_mode: mode }),
    ...(trialEnd !== undefined && { trial_end: trialEnd }),
    ...(details.proration_behavior !== undefined && { proration_behavior: details.proration_behavior }),
  })
  if (subscription.latest_invoice === null) return renewal(rehearsal, subscription)
  return rehearsal.load('invoices', subscription.latest_invoice)
}

function previewChange(transaction: Transaction, before: Subscription, details: Details): Invoice | undefined {
  if (isEnded(before)) return undefined
  const rehearsal = transaction.fork()
  if (details.cancel_now === true) {
    const prorate = details.proration_behavior !== undefined && details.proration_behavior !== 'none'
    return newInvoice(rehearsal, before, cancelSubscription(rehearsal, before.id, { prorate, invoice_now: true }))
  }
  const change = changeOf(details)
  if (Object.keys(change).length === 0) return renewal(rehearsal, before)
  const after = updateSubscription(rehearsal, before.id, { ...change, payment_behavior: 'default_incomplete' })
  if (after.latest_invoice !== before.latest_invoice) return newInvoice(rehearsal, before, after)
  return renewal(rehearsal, after)
}

/** What a preview says of a change is what an update says, but for what is taken out here. */
function changeOf(details: Details): Stripe.SubscriptionUpdateParams {
  const { cancel_now: _cancelNow, billing_mode: _mode, ...rest } = details
  if (rest.billing_cycle_anchor?.timestamp !== undefined) throw notSimulated(ANCHOR, ANCHOR)
  return rest
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
  const lines = invoice.lines.data.map((line) => ({ ...line, id: line.id.replace('il_', 'il_tmp_'), invoice: id }))
  return {
    ...invoice,
    id,
    amount_paid: 0,
    amount_remaining: invoice.amount_due,
    attempt_count: 0,
    attempted: false,
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
