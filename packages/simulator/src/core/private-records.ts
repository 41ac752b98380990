import type Stripe from 'stripe'
import type { ReplacedSecret } from './edge-records.js'
import type { Stored } from './stored.js'
import type { UnixSeconds } from './unix-seconds.js'

/** Something that will happen by itself at an instant of its clock (`null` is the world's own clock). */
export interface Timer {
  readonly id: string
  readonly kind: TimerKind
  readonly at: UnixSeconds
  readonly clock: string | null
  /** The object the timer is about. */
  readonly subject: string
}

export type TimerKind =
  | 'subscription.renew'
  | 'subscription.trial_will_end'
  | 'subscription.upcoming_invoice'
  | 'subscription.cancel'
  | 'subscription.expire_incomplete'
  | 'subscription.expire_update'
  | 'invoice.finalize'
  | 'invoice.retry'
  | 'invoice.past_due'
  | 'checkout_session.expire'
  | 'charge.settle'

/** How the card behind a payment method behaves; never on the wire. The key is the payment method's id. */
export interface CardBehaviour {
  readonly id: string
  readonly number: string
  /** Whether a setup for off-session use was completed, after which some cards ask for no more authentication. */
  readonly isSetUp: boolean
  /** Used or given up without belonging to a customer: such a payment method works only once. */
  readonly isSpent: boolean
}

/** Settings that a real account makes in the Dashboard. One record, id `settings`. */
export interface AccountSettings {
  readonly id: 'settings'
  /** What customers know the business by, on the hosted pages and on invoices. */
  readonly businessName: string
  /** Seconds after the first failed attempt, and after each retry, at which the next retry happens. */
  readonly retryDelays: readonly number[]
  readonly afterRetries: 'cancel' | 'mark_unpaid' | 'leave_past_due'
  readonly finalizationDelay: number
  /** `invoice.upcoming` and the like are sent this many seconds before the renewal. */
  readonly upcomingNotice: number
  /** Where the hosted pages are served, without a trailing slash; set when the server listens. */
  readonly origin: string
}

/**
 * What a subscription item was billed for its time and has not been credited yet; never on the wire. In flexible billing
 * mode a credit reverses these debits rather than the current price. The key is the subscription item's id.
 */
export interface ItemDebits {
  readonly id: string
  readonly debits: readonly ItemDebit[]
}

export interface ItemDebit {
  /** For the whole of the service period, also when only the rest of it was billed. */
  readonly amount: number
  readonly quantity: number
  readonly price: string
  readonly start: UnixSeconds
  readonly end: UnixSeconds
  /** The invoice line, or the pending invoice item, that debited it. */
  readonly source: { readonly line: string } | { readonly invoiceItem: string }
}

/** What a Checkout session was asked for and does not show; never on the wire. The key is the session's id. */
export interface CheckoutOrder {
  readonly id: string
  readonly lineItems: readonly Stored<Stripe.LineItem>[]
  readonly asked: Pick<
    Stripe.Checkout.SessionCreateParams,
    'customer_update' | 'payment_intent_data' | 'subscription_data'
  >
  /** Sent with the page's form, so that no other site can send it. */
  readonly formToken: string
  readonly attempt: CheckoutAttempt | null
}

/** The latest attempt to pay a Checkout session. */
export interface CheckoutAttempt {
  /** The payment or setup intent; none when nothing is due and no card was asked for. */
  readonly intent: string | null
  readonly customer: string | null
  readonly paymentMethod: string | null
  readonly payer: { readonly email: string; readonly name: string | null; readonly country: string | null }
}

/** An update that waits until its invoice is paid; never on the wire in this form. The key is the subscription's id. */
export interface PendingUpdate {
  readonly id: string
  readonly invoice: string
  readonly expiresAt: UnixSeconds
  /** What the subscription becomes: its fields, its items, and what these have then been billed for. */
  readonly fields: Partial<Stored<Stripe.Subscription>>
  readonly items: readonly Stored<Stripe.SubscriptionItem>[]
  readonly debits: readonly ItemDebits[]
}

export interface EventRecord {
  readonly id: string
  readonly object: 'event'
  readonly account?: string
  readonly api_version: string
  readonly created: UnixSeconds
  readonly data: { readonly object: unknown; readonly previous_attributes?: Readonly<Record<string, unknown>> }
  readonly livemode: boolean
  readonly pending_webhooks: number
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null } | null
  readonly type: string
}

export type WebhookEndpointRecord = Stored<Stripe.WebhookEndpoint> & {
  readonly secret: string
  /** Not on the wire. */
  readonly replacedSecrets: readonly ReplacedSecret[]
}
