import type Stripe from 'stripe'
import type { Stored } from './stored.js'
import type { UnixSeconds } from './unix-seconds.js'

/** A credit or debit of a grant, with the customer by whom Stripe lists it; that field is not on the wire. */
export type CreditEntry = Stored<Stripe.Billing.CreditBalanceTransaction> & { readonly customer: string }

/** Usage that was taken in: an event of a meter that passed all checks. Never read back by the API. */
export interface MeterUsage {
  readonly id: string
  readonly identifier: string
  readonly eventName: string
  readonly meter: string
  readonly customer: string
  /** A decimal. */
  readonly value: string
  /** When it was used, by which usage is ordered; it may have arrived much later. */
  readonly date: UnixSeconds
  readonly receivedAt: UnixSeconds
}

/** An identifier of a meter event that was seen, with the instant it came. The id is the identifier. */
export interface MeterIdentifier {
  readonly id: string
  readonly receivedAt: UnixSeconds
  /** `null` when the event was refused, or canceled since. */
  readonly usage: string | null
}

/** The token of a session of the meter event stream. The id is the token. */
export interface MeterSession {
  readonly id: string
  readonly expiresAt: UnixSeconds
}

/**
 * From when on the usage of a subscription item is still to be billed, where that is not the start of its period. The id
 * is the item's.
 */
export interface UsageMark {
  readonly id: string
  readonly from: UnixSeconds
  /** Where tiers began to be counted, when usage that was billed already still fills the lower ones; else `null`. */
  readonly tiersFrom: UnixSeconds | null
  /** Usage dated at the very second of `from` that is billed already. */
  readonly counted: readonly string[]
}

/** What usage a line of a draft bills, so that what arrives late can still join it. The id is that of the first line. */
export interface BilledUsage {
  readonly id: string
  readonly invoice: string
  readonly item: string
  readonly price: string
  readonly customer: string
  readonly start: UnixSeconds
  readonly end: UnixSeconds
  readonly tiersFrom: UnixSeconds | null
  readonly counted: readonly string[]
  /** All lines of this usage, as many as the tiers it fills. */
  readonly lines: readonly string[]
}

/** An alert that went off for a customer. The id is `alert/customer`. */
export interface AlertFiring {
  readonly id: string
  readonly alert: string
}

/** An event that has no snapshot, such as a report of refused usage. */
export interface ThinEventRecord {
  readonly id: string
  readonly type: string
  /** The test clock on which it happened, if any. */
  readonly clock?: string
  readonly created: UnixSeconds
  readonly data?: Readonly<Record<string, unknown>>
  readonly related: { readonly id: string; readonly type: string; readonly url: string } | null
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null } | null
}
