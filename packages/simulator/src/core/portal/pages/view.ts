import { settingsOf } from '../../account-settings.js'
import { StripeError } from '../../error.js'
import { createPreview } from '../../invoices/invoice-previews.js'
import { cardsOf, cardView, type CardView, type Money } from '../../page-views.js'
import { amountOffIn, isRedeemable } from '../../catalogue/coupons.js'
import { amountOf, productName } from '../../catalogue/pricing.js'
import type { PortalFeatures } from '../portal-features.js'
import type { Records } from '../../records.js'
import { isEnded } from '../../subscriptions/end.js'
import { periodOf, type Subscription } from '../../subscriptions/items.js'
import { paymentMethodOf } from '../../subscriptions/payment-method.js'
import type { Transaction } from '../../transaction.js'
import { canChange, optionsFor } from './choices.js'
import { offeredCoupon } from './cancel.js'
import type { Portal } from './open.js'
import { canPause } from './pause.js'

export interface PlanItemView {
  readonly name: string
  readonly quantity: number
  readonly amount: Money
  readonly interval: string
  readonly intervalCount: number
}

export interface SubscriptionView {
  readonly id: string
  readonly status: Subscription['status']
  readonly items: readonly PlanItemView[]
  readonly trialEnd: number | null
  readonly endsAt: number | null
  readonly nextCharge: { readonly amount: Money; readonly at: number } | null
  readonly card: CardView | null
  /** What was to be paid for it and was not. */
  readonly openInvoice: InvoiceRow | null
  readonly canChange: boolean
  readonly canCancel: boolean
  readonly canPause: boolean
  readonly canResume: boolean
  /** When a pause ends by itself. */
  readonly resumesAt: number | null
  /** What the plan becomes at the end of its period. */
  readonly change: { readonly at: number; readonly items: readonly PlanItemView[] } | null
  /** What is taken off if the customer stays after all, in words such as `20% off for 3 months`. */
  readonly offer: OfferView | null
}

export interface OfferView {
  readonly name: string
  readonly percentOff: number | null
  readonly amountOff: Money | null
  readonly duration: string
  readonly months: number | null
}

export interface InvoiceRow {
  readonly id: string
  readonly number: string
  readonly created: number
  readonly status: Records['invoices']['status']
  readonly total: Money
  readonly remaining: Money
  readonly url: string | null
  readonly isPayable: boolean
}

export interface PortalView {
  readonly formToken: string
  readonly businessName: string
  readonly headline: string | null
  readonly privacyUrl: string | null
  readonly termsUrl: string | null
  readonly returnUrl: string | null
  readonly customer: CustomerView
  readonly features: PortalFeatures
  readonly flow: Portal['session']['flow']
  readonly subscriptions: readonly SubscriptionView[]
  readonly cards: readonly CardView[]
  readonly invoices: readonly InvoiceRow[]
  readonly hasMoreInvoices: boolean
}

export interface CustomerView {
  readonly email: string | null
  readonly name: string | null
  readonly phone: string | null
  readonly address: NonNullable<Records['customers']['address']> | null
  readonly shipping: Records['customers']['shipping']
  readonly taxIds: readonly { readonly id: string; readonly type: string; readonly value: string }[]
}

const MOST_INVOICES = 12

/** `invoicesAfter`: the invoice after which the list of them goes on. */
export function portalView(transaction: Transaction, portal: Portal, invoicesAfter?: string): PortalView {
  const { session, configuration } = portal
  const { business_profile: profile, features } = configuration
  const customer = transaction.load('customers', session.customer)
  transaction.enterClockOf(customer.id)
  const invoices = transaction.page(
    'invoices',
    {
      limit: MOST_INVOICES,
      ...(invoicesAfter !== undefined &&
        isInvoiceOf(transaction, customer.id, invoicesAfter) && { starting_after: invoicesAfter }),
    },
    { index: 'customer', key: customer.id, where: (invoice) => invoice.status !== 'draft', kind: 'invoice' },
  )
  return {
    formToken: session.id,
    businessName: settingsOf(transaction).businessName,
    headline: profile.headline,
    privacyUrl: profile.privacy_policy_url,
    termsUrl: profile.terms_of_service_url,
    returnUrl: session.return_url,
    customer: customerView(transaction, customer),
    features,
    flow: session.flow,
    subscriptions: transaction
      .by('subscriptions', 'customer', customer.id)
      .filter((subscription) => !isEnded(subscription))
      .map((subscription) => subscriptionView(transaction, portal, subscription)),
    cards: cardsOf(transaction, customer.id),
    invoices: features.invoice_history.enabled ? invoices.data.map(invoiceRow) : [],
    hasMoreInvoices: invoices.has_more,
  }
}

function isInvoiceOf(transaction: Transaction, customer: string, id: string): boolean {
  return transaction.get('invoices', id)?.customer === customer
}

function customerView(transaction: Transaction, customer: Records['customers']): CustomerView {
  const { address = null, email, id, name = null, phone = null, shipping } = customer
  const taxIds = transaction
    .by('tax_ids', 'customer', id)
    .map((taxId) => ({ id: taxId.id, type: taxId.type, value: taxId.value }))
  return { address, email, name, phone, shipping, taxIds }
}

function subscriptionView(transaction: Transaction, portal: Portal, subscription: Subscription): SubscriptionView {
  const { features } = portal.configuration
  const isRunning = ['active', 'trialing', 'past_due', 'unpaid'].includes(subscription.status)
  return {
    id: subscription.id,
    status: subscription.status,
    items: subscription.items.data.map((item) => planItem(transaction, item.price, item.quantity ?? 1)),
    trialEnd: subscription.status === 'trialing' ? subscription.trial_end : null,
    endsAt: subscription.cancel_at,
    nextCharge: nextCharge(transaction, subscription),
    card: cardView(transaction, paymentMethodOf(transaction, subscription)),
    openInvoice: openInvoiceOf(transaction, subscription),
    canChange: isRunning && canChange(optionsFor(transaction, portal, subscription)),
    canCancel: (isRunning || subscription.status === 'paused') && features.subscription_cancel.enabled,
    canPause: features.subscription_pause.enabled && subscription.cancel_at === null && canPause(subscription),
    canResume: features.subscription_pause.enabled && subscription.status === 'paused',
    resumesAt: resumptionOf(transaction, subscription),
    change: changeOf(transaction, subscription),
    offer: offerOf(transaction, portal, subscription),
  }
}

function resumptionOf(transaction: Transaction, { id }: Subscription): number | null {
  return transaction.by('timers', 'subject', id).find(({ kind }) => kind === 'portal.resume')?.at ?? null
}

/** The next phase of the plan's schedule, when it is another plan. */
function changeOf(transaction: Transaction, subscription: Subscription): SubscriptionView['change'] {
  const schedule =
    subscription.schedule === null ? undefined : transaction.get('subscription_schedules', subscription.schedule)
  const next = schedule?.phases.find((phase) => phase.start_date > transaction.now)
  if (next === undefined) return null
  const items = next.items.map(({ price, quantity }) =>
    planItem(transaction, transaction.load('prices', price), quantity ?? 1),
  )
  return { at: next.start_date, items }
}

function offerOf(transaction: Transaction, portal: Portal, subscription: Subscription): OfferView | null {
  const coupon = offeredCoupon(transaction, portal, subscription)
  const found = coupon === null ? undefined : transaction.get('coupons', coupon)
  if (found === undefined || !isRedeemable(transaction, found)) return null
  const amount = amountOffIn(found, subscription.currency)
  return {
    name: found.name ?? found.id,
    percentOff: found.percent_off,
    amountOff: amount === undefined ? null : { value: amount, currency: subscription.currency },
    duration: found.duration,
    months: found.duration_in_months,
  }
}

function openInvoiceOf(transaction: Transaction, { latest_invoice: id }: Subscription): InvoiceRow | null {
  const invoice = id === null ? undefined : transaction.get('invoices', id)
  return invoice?.status === 'open' ? invoiceRow(invoice) : null
}

export function planItem(transaction: Transaction, price: Records['prices'], quantity: number): PlanItemView {
  return {
    name: productName(transaction, price),
    quantity,
    amount: { value: amountOf(price, quantity), currency: price.currency },
    interval: price.recurring?.interval ?? 'month',
    intervalCount: price.recurring?.interval_count ?? 1,
  }
}

/** What the end of the period will cost, if it will cost anything. */
export function nextCharge(transaction: Transaction, subscription: Subscription): SubscriptionView['nextCharge'] {
  if (subscription.status === 'incomplete' || subscription.status === 'paused') return null
  const at = periodOf(subscription).end
  if (subscription.cancel_at !== null && subscription.cancel_at <= at) return null
  const preview = tryPreview(transaction.fork(), subscription.id)
  return preview === undefined ? null : { amount: { value: preview.amount_due, currency: preview.currency }, at }
}

/** A subscription of which nothing comes any more has no preview; that is an answer, not a fault. */
function tryPreview(transaction: Transaction, subscription: string): Records['invoices'] | undefined {
  try {
    return createPreview(transaction, { subscription })
  } catch (error) {
    if (error instanceof StripeError && error.body.code === 'invoice_upcoming_none') return undefined
    throw error
  }
}

function invoiceRow(invoice: Records['invoices']): InvoiceRow {
  const { currency, status } = invoice
  return {
    id: invoice.id,
    number: invoice.number ?? '',
    created: invoice.created,
    status,
    total: { value: invoice.total, currency },
    remaining: { value: invoice.amount_remaining, currency },
    url: invoice.hosted_invoice_url ?? null,
    isPayable: status === 'open' || status === 'uncollectible',
  }
}
