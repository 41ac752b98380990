import { hasEnded, scheduledEnd } from '../domain/access.js'
import { findPlan } from '../domain/catalog.js'
import type { Invoice, PaymentMethod, Subscription } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { CustomerFacts } from '../engine/read-customer.js'
import { nextChargeOf } from '../engine/next-charge.js'
import type {
  AccessJson,
  BillingState,
  Instant,
  InvoiceJson,
  PastDueJson,
  PaymentMethodJson,
  SubscriptionJson,
} from './state-json.js'

/** What our database knows of a customer, in the words of the front end. */
export function describeState(facts: CustomerFacts): BillingState {
  const { access, catalog, subscription } = facts
  const nextCharge = nextChargeOf(facts)
  return {
    customerId: facts.customerId,
    plan: { key: access.plan, name: findPlan(catalog, access.plan)?.name ?? 'No plan' },
    access: describeAccess(facts),
    subscription: subscription && describeSubscription(subscription, facts),
    subscriptions: facts.subscriptions
      .filter((other) => !hasEnded(other))
      .map((live) => describeSubscription(live, facts)),
    nextCharge: nextCharge && { ...nextCharge, at: instant(nextCharge.at) },
    paymentMethod: describePaymentMethod(paymentMethodOf(facts)),
    pastDue: describePastDue(facts),
    hasStripeCustomer: facts.hasStripeCustomer,
  }
}

export function describeInvoice(invoice: Invoice): InvoiceJson {
  return {
    id: invoice.stripeInvoiceId,
    number: invoice.number,
    status: invoice.status,
    currency: invoice.currency,
    total: invoice.total,
    amountDue: invoice.amountDue,
    amountPaid: invoice.amountPaid,
    amountRemaining: invoice.amountRemaining,
    createdAt: instant(invoice.createdAt),
    paidAt: instantOrNull(invoice.paidAt),
    hostedInvoiceUrl: invoice.hostedInvoiceUrl,
    invoicePdf: invoice.invoicePdf,
  }
}

function describeAccess({ access, catalog }: CustomerFacts): AccessJson {
  return {
    reason: access.reason,
    status: access.status,
    features: findPlan(catalog, access.plan)?.features ?? {},
    until: instantOrNull(access.until),
    trialEndsAt: instantOrNull(access.trialEndsAt),
  }
}

function describeSubscription(subscription: Subscription, { prices }: CustomerFacts): SubscriptionJson {
  const item = subscription.items[0]
  const price = prices.find(({ stripePriceId }) => stripePriceId === item?.stripePriceId)
  return {
    id: subscription.stripeSubscriptionId,
    plan: subscription.plan,
    status: subscription.status,
    interval: price?.interval ?? null,
    currentPeriodEnd: instantOrNull(subscription.currentPeriodEnd),
    trialEndsAt: subscription.status === 'trialing' ? instantOrNull(subscription.trialEnd) : null,
    cancelAtPeriodEnd: subscription.cancelAtPeriodEnd,
    endsAt: instantOrNull(scheduledEnd(subscription)),
  }
}

/** What Stripe would charge: the subscription's own, else the customer's default, else the newest there is. */
function paymentMethodOf({ subscription, stripeCustomer, paymentMethods }: CustomerFacts): PaymentMethod | null {
  const chosen = subscription?.defaultPaymentMethodId ?? stripeCustomer?.defaultPaymentMethodId ?? null
  const found = paymentMethods.find(({ stripePaymentMethodId }) => stripePaymentMethodId === chosen)
  return found ?? paymentMethods[0] ?? null
}

function describePaymentMethod(method: PaymentMethod | null): PaymentMethodJson | null {
  if (method === null) return null
  const { type, brand, last4, expMonth, expYear } = method
  return { type, brand, last4, expMonth, expYear }
}

function describePastDue({ subscription, invoices }: CustomerFacts): PastDueJson | null {
  if (subscription?.status !== 'past_due' && subscription?.status !== 'unpaid') return null
  const { stripeSubscriptionId } = subscription
  const open = invoices.find(
    (invoice) => invoice.status === 'open' && invoice.stripeSubscriptionId === stripeSubscriptionId,
  )
  if (open === undefined) return null
  return {
    amountDue: open.amountRemaining,
    currency: open.currency,
    nextAttemptAt: instantOrNull(open.nextPaymentAttemptAt),
    hostedInvoiceUrl: open.hostedInvoiceUrl,
  }
}

function instant(at: UnixSeconds): Instant {
  return new Date(at * 1000).toISOString()
}

function instantOrNull(at: UnixSeconds | null): Instant | null {
  return at === null ? null : instant(at)
}
