import type { PlanAccess } from './access-reason.js'
import type { UnixSeconds } from './time.js'

/** Whose data it is: a Stripe account, and whether it is its live or its test half. Stored beside every Stripe id. */
export interface Scope {
  readonly account: string
  readonly livemode: boolean
}

/** The statuses that Stripe gives a subscription today. */
export type SubscriptionStatus =
  | 'incomplete'
  | 'incomplete_expired'
  | 'trialing'
  | 'active'
  | 'past_due'
  | 'unpaid'
  | 'canceled'
  | 'paused'

/** A status that Stripe may add one day is carried as it is, and gives no access. */
export type AnyStatus = SubscriptionStatus | (string & Record<never, never>)

/** What Stripe says about a customer. */
export interface StripeCustomer {
  readonly stripeCustomerId: string
  /** The app's own id, as written into the metadata by us; `null` for a customer made elsewhere. */
  readonly customerId: string | null
  readonly email: string | null
  readonly name: string | null
  /** Minor units; negative is credit. */
  readonly balance: number
  readonly currency: string | null
  readonly defaultPaymentMethodId: string | null
  readonly isDeleted: boolean
  readonly createdAt: UnixSeconds | null
}

/** One price within a subscription, and how many of it. */
export interface SubscriptionItem {
  readonly stripeItemId: string
  readonly stripePriceId: string
  readonly stripeProductId: string
  /** `null` for metered prices, which have none. */
  readonly quantity: number | null
  readonly currentPeriodStart: UnixSeconds
  readonly currentPeriodEnd: UnixSeconds
}

/** A subscription as Stripe says, in our words, with the plan that its prices stand for. */
export interface Subscription {
  readonly stripeSubscriptionId: string
  readonly stripeCustomerId: string
  readonly status: AnyStatus
  readonly items: readonly SubscriptionItem[]
  /** The earliest start and the latest end of its items' periods; `null` without items. */
  readonly currentPeriodStart: UnixSeconds | null
  readonly currentPeriodEnd: UnixSeconds | null
  readonly cancelAtPeriodEnd: boolean
  readonly cancelAt: UnixSeconds | null
  readonly canceledAt: UnixSeconds | null
  readonly endedAt: UnixSeconds | null
  readonly trialStart: UnixSeconds | null
  readonly trialEnd: UnixSeconds | null
  readonly startedAt: UnixSeconds
  readonly createdAt: UnixSeconds
  readonly currency: string
  readonly collectionMethod: string
  readonly latestInvoiceId: string | null
  readonly defaultPaymentMethodId: string | null
  readonly isCollectionPaused: boolean
  readonly metadata: Readonly<Record<string, string>>
  /**
   * The plan its prices stand for. Not from Stripe but decided when the row is written: an unknown price keeps the last
   * good plan, and is named in `unknownPriceId`.
   */
  readonly plan: string | null
  readonly unknownPriceId: string | null
  /**
   * Since when its invoice is overdue, which is where the grace period begins. Decided when the row is written and kept
   * while it stays `past_due` or `unpaid`; else `null`.
   */
  readonly pastDueSince: UnixSeconds | null
}

/** What a customer was billed, or is about to be. Amounts are in minor units of its currency. */
export interface Invoice {
  readonly stripeInvoiceId: string
  readonly stripeCustomerId: string
  readonly stripeSubscriptionId: string | null
  readonly number: string | null
  /** `draft`, `open`, `paid`, `uncollectible`, `void`, or one that Stripe may add. */
  readonly status: string
  readonly billingReason: string | null
  readonly currency: string
  readonly amountDue: number
  readonly amountPaid: number
  readonly amountRemaining: number
  readonly subtotal: number
  readonly total: number
  readonly attemptCount: number
  readonly isAttempted: boolean
  readonly nextPaymentAttemptAt: UnixSeconds | null
  readonly dueAt: UnixSeconds | null
  readonly periodStart: UnixSeconds
  readonly periodEnd: UnixSeconds
  readonly createdAt: UnixSeconds
  readonly finalizedAt: UnixSeconds | null
  readonly paidAt: UnixSeconds | null
  readonly hostedInvoiceUrl: string | null
  readonly invoicePdf: string | null
}

/** Brand, last four digits and expiry: what we may show, and all we keep of a payment method. */
export interface PaymentMethod {
  readonly stripePaymentMethodId: string
  readonly stripeCustomerId: string
  readonly type: string
  readonly brand: string | null
  readonly last4: string | null
  readonly expMonth: number | null
  readonly expYear: number | null
}

export interface Product {
  readonly stripeProductId: string
  readonly name: string
  readonly isActive: boolean
  readonly metadata: Readonly<Record<string, string>>
}

export interface Price {
  readonly stripePriceId: string
  readonly stripeProductId: string
  readonly lookupKey: string | null
  readonly isActive: boolean
  readonly currency: string
  /** `null` for tiered prices, and for those with fractions of a minor unit. */
  readonly unitAmount: number | null
  readonly interval: string | null
  readonly intervalCount: number | null
  readonly usageType: string | null
  readonly metadata: Readonly<Record<string, string>>
}

/** All that is mirrored of one customer: what one read of Stripe answers, and what one write stores. */
export interface CustomerState {
  readonly customer: StripeCustomer
  readonly subscriptions: readonly Subscription[]
  readonly invoices: readonly Invoice[]
  readonly paymentMethods: readonly PaymentMethod[]
  /**
   * The access that was decided when this was written, so that a change of it is noticed also where only time has
   * passed; `null` before the first decision.
   */
  readonly access: PlanAccess | null
}
