import type Stripe from 'stripe'
import type { DiscountRecord } from './discounts/record.js'
import type { ReplacedSecret } from './edge-records.js'
import type { Stored } from './stored.js'
import type { UsageMark } from './usage-records.js'
import type { UnixSeconds } from './unix-seconds.js'

/** Something that will happen by itself at an instant of its clock (`null` is the world's own clock). */
export interface Timer {
  readonly id: string
  readonly kind: TimerKind
  readonly at: UnixSeconds
  readonly clock: string | null
  /** The object the timer is about. */
  readonly subject: string
  /** How often it has failed so far, if it ever did. */
  readonly failures?: number
}

/**
 * That something which was to happen by itself failed. It is a fault of the simulator's, or of a state that it was given;
 * never on the wire. The key is the timer's id.
 */
export interface TimerFault extends Timer {
  readonly failures: number
  /** `waiting` for another attempt; given up after the last one; or one of them succeeded. */
  readonly status: 'waiting' | 'dropped' | 'overcome'
  readonly error: string
}

export type TimerKind =
  | 'subscription.renew'
  | 'subscription.trial_will_end'
  | 'subscription.upcoming_invoice'
  | 'subscription.cancel'
  | 'subscription.expire_incomplete'
  | 'subscription.expire_update'
  | 'schedule.expiring'
  | 'schedule.next_phase'
  | 'schedule.pause'
  | 'schedule.resume'
  | 'subscription.expire_resumption'
  | 'subscription.resume_collection'
  | 'subscription.bill_pending_items'
  | 'invoice.finalize'
  | 'invoice.retry'
  | 'invoice.will_be_due'
  | 'invoice.past_due'
  | 'checkout_session.expire'
  | 'portal.resume'
  | 'charge.settle'
  | 'credit_grant.expire'
  | 'tax_id.verify'
  | 'quote.expire'
  | 'discount.end'
  | 'charge.expire'
  | 'dispute.decide'
  | 'dispute.expire'
  | 'payment_intent.settle'
  | 'refund.settle'

/** What of the account's money becomes available at one instant; the id is the currency and the instant. */
export interface BalanceTotal {
  readonly id: string
  readonly currency: string
  readonly availableOn: UnixSeconds
  readonly net: number
}

/**
 * How what is behind a payment method, or a token, behaves: a card, a bank account or a wallet; never on the wire. The key
 * is the id of the payment method or the token.
 */
export interface CardBehaviour {
  readonly id: string
  /** The number of the card or the account; empty where there is none. */
  readonly number: string
  /**
   * Whether a setup for off-session use was completed, after which some cards ask for no more authentication, wallets for
   * no more consent, and bank accounts for no more verification.
   */
  readonly isSetUp: boolean
  /** Used or given up without belonging to a customer: such a payment method works only once. */
  readonly isSpent: boolean
  /** The payment intent for which the bank has seen the customer, and that was not confirmed again yet. */
  readonly authenticatedFor?: string
}

/** Settings that a real account makes in the Dashboard. One record, id `settings`. */
export interface AccountSettings {
  readonly id: 'settings'
  /** What customers know the business by, on the hosted pages and on invoices. */
  readonly businessName: string
  /** Seconds after the first failed attempt, and after each retry, at which the next retry happens. */
  readonly retryDelays: readonly number[]
  readonly afterRetries: 'cancel' | 'mark_unpaid' | 'leave_past_due'
  /** What becomes of the invoice itself when the last retry failed. */
  readonly uncollectedInvoices: 'leave_open' | 'mark_uncollectible'
  readonly finalizationDelay: number
  /** `invoice.upcoming` and the like are sent this many seconds before the renewal. */
  readonly upcomingNotice: number
  /** `invoice.will_be_due` is sent this many seconds before the due date; `null`, for never, until an automation is set up. */
  readonly dueNotice: number | null
  /** Seconds until a bank has carried out an ordinary debit. */
  readonly debitDelay: number
  /** Whether invoices are numbered through for each customer, or for the whole account. */
  readonly invoiceNumbering: 'account' | 'customer'
  /** What the numbers begin with that run through the whole account, and the next of them. */
  readonly invoicePrefix: string
  readonly nextInvoiceSequence: number
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
  /** The whole period that this is a part of, of which the price is for; the anchor may have moved since. */
  readonly natural: { readonly start: UnixSeconds; readonly end: UnixSeconds }
  /** The invoice line, or the pending invoice item, that debited it. */
  readonly source: { readonly line: string } | { readonly invoiceItem: string }
  /** Whether the discounts of its invoice are taken off already. */
  readonly isNet: boolean
}

/** Whether tax is in what an invoice item costs, where its price does not say; never on the wire. The key is the item's id. */
export interface ItemTaxBehavior {
  readonly id: string
  readonly behavior: 'exclusive' | 'inclusive'
}

/** What an invoice line is taxed with beside its invoice's default rates; never on the wire. The key is the line's id. */
export interface LineTerms {
  readonly id: string
  /** The line's own tax rates; `null` for those of the invoice. */
  readonly taxRates: readonly string[] | null
  /** Taxes that the caller worked out, in place of any rates. */
  readonly taxAmounts: readonly LineTaxAmount[] | null
}

export interface LineTaxAmount {
  readonly amount: number
  readonly taxable: number
  readonly taxRate: string
  readonly reason: string
}

/** What a Checkout session was asked for and does not show; never on the wire. The key is the session's id. */
export interface CheckoutOrder {
  readonly id: string
  readonly lineItems: readonly Stored<Stripe.LineItem>[]
  /** What may be added; what was added stands among the line items as well, under the same id. */
  readonly optionalItems: readonly Stored<Stripe.LineItem>[]
  /** What the request said, but that prices which it described are named. */
  readonly asked: Stripe.Checkout.SessionCreateParams
  /** The tax rates of items that have their own, by the line item's id. */
  readonly taxRates: Readonly<Record<string, readonly string[]>>
  /** What the customer pays for an item that lets them say, by the line item's id. */
  readonly chosenAmounts: Readonly<Record<string, number>>
  /** Who the tax was last worked out for. */
  readonly taxedFor: CheckoutPayer | null
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
  readonly payer: CheckoutPayer
  /** What was typed into the session's own fields, by key. */
  readonly answers: Readonly<Record<string, string>>
  readonly consent: { readonly terms: boolean; readonly promotions: boolean }
  /** Whether the card may be shown to the customer the next time. */
  readonly saves: boolean
}

/** Who pays, as they said on the page. */
export interface CheckoutPayer {
  readonly email: string
  readonly name: string | null
  readonly address: Stored<Stripe.Address> | null
  readonly phone: string | null
  readonly businessName: string | null
  readonly individualName: string | null
  readonly taxId: { readonly type: string; readonly value: string } | null
  readonly shipping: { readonly name: string; readonly address: Stored<Stripe.Address> } | null
}

/** What a payment link sells and was asked for; never on the wire. The key is the link's id. */
export interface PaymentLinkOrder {
  readonly id: string
  readonly lineItems: readonly Stored<Stripe.LineItem>[]
  readonly asked: Stripe.PaymentLinkCreateParams
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
  /** From when on the usage of these items is then still to be billed. */
  readonly marks: readonly UsageMark[]
}

/** A paused subscription that goes on when this invoice is paid; never on the wire. The key is the subscription's id. */
export interface Resumption {
  readonly id: string
  readonly invoice: string
  /** Otherwise an attempt to pay it is enough. */
  readonly needsSuccess: boolean
}

export interface EventRecord {
  readonly id: string
  readonly object: 'event'
  readonly account?: string
  readonly api_version: string
  /** The test clock on which it happened, if any; never on the wire. */
  readonly clock?: string
  /** What the world's clock said then, where a test clock said something else; never on the wire. */
  readonly recorded?: UnixSeconds
  readonly created: UnixSeconds
  readonly data: { readonly object: unknown; readonly previous_attributes?: Readonly<Record<string, unknown>> }
  readonly livemode: boolean
  readonly pending_webhooks: number
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null } | null
  readonly type: string
}

/** A confirmation token, and the payment method that it stands for. */
export type ConfirmationTokenRecord = Stored<Stripe.ConfirmationToken> & { readonly paymentMethod: string }

export type WebhookEndpointRecord = Stored<Stripe.WebhookEndpoint> & {
  readonly secret: string
  /** Not on the wire. */
  readonly replacedSecrets: readonly ReplacedSecret[]
  /** Since when nothing has reached it. Not on the wire. */
  readonly failingSince?: UnixSeconds
  /** What else it is as an event destination of version 2, if it was made as one. Not on the wire. */
  readonly destination?: {
    readonly name: string
    readonly payload: 'snapshot' | 'thin'
    readonly updated: UnixSeconds
  }
}

/** What a customer has access to; whose it is stands not on the wire. */
export type ActiveEntitlement = Stored<Stripe.Entitlements.ActiveEntitlement> & { readonly customer: string }

/** What one subscription gives access to, as it was when each period began. The key is the subscription's id. */
export interface EntitlementGrant {
  readonly id: string
  readonly customer: string
  readonly products: readonly {
    readonly product: string
    /** When the item's period began. */
    readonly start: UnixSeconds
    readonly features: readonly string[]
  }[]
}

/** That a product gives a feature; the feature stands whole on the wire, and by its id here. */
export interface ProductFeature {
  readonly id: string
  readonly product: string
  readonly feature: string
}

/** A discount as it is shown. */
export type ShownDiscount = Omit<DiscountRecord, 'endedAt'>

/** What was taken off an amount and put on it. */
export interface Breakdown {
  readonly discounts: readonly { readonly amount: number; readonly discount: ShownDiscount }[]
  readonly taxes: readonly {
    readonly amount: number
    readonly rate: Stored<Stripe.TaxRate>
    readonly taxability_reason: string | null
    readonly taxable_amount: number | null
  }[]
}

/** The breakdown of an item of a Checkout session or a quote, which shows it only on request. The key is the item's id. */
export interface ItemBreakdown extends Breakdown {
  readonly id: string
}

/** What a quote offers, and does not show all of; never on the wire in this form. The key is the quote's id. */
export interface QuoteDetails {
  readonly id: string
  readonly items: readonly QuoteItem[]
  /** As they were asked for, to be redeemed when the quote is accepted. */
  readonly discounts: readonly AskedReduction[]
  /** What the items cost in a full period, and what of them is due at once. */
  readonly lineItems: readonly Stored<Stripe.LineItem>[]
  readonly upfront: readonly Stored<Stripe.LineItem>[]
  /** What is taken off and put on at once, and in every period. */
  readonly breakdowns: { readonly recurring: Breakdown; readonly upfront: Breakdown }
}

export interface QuoteItem {
  readonly id: string
  readonly price: Stored<Stripe.Price>
  /** `null` for what is measured. */
  readonly quantity: number | null
  readonly description: string
  readonly discounts: readonly AskedReduction[]
  readonly taxRates: readonly string[]
}

export interface AskedReduction {
  readonly coupon?: string
  readonly discount?: string
  readonly promotion_code?: string
}
