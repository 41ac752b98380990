import type Stripe from 'stripe'
import type { Period } from '../arithmetic/proration.js'
import type { Records } from '../records.js'
import type { UnixSeconds } from '../unix-seconds.js'
import type { Line } from './lines.js'

export type Invoice = Records['invoices']

export interface InvoiceDraft {
  /** Given when the subscription must name its invoice before it exists. */
  readonly id?: string
  readonly customer: string
  readonly currency: string
  readonly reason: Stripe.Invoice.BillingReason
  readonly lines: readonly Line[]
  /** Pending items that this invoice takes in; their lines come first. */
  readonly pending: readonly Records['invoice_items'][]
  /** The window in which pending items were collected, not the service period. */
  readonly period: Period
  readonly subscription?: Billed & { readonly prorationDate?: UnixSeconds }
  /** In place of those of the subscription or the customer. */
  readonly discounts?: readonly string[]
  readonly collectionMethod: Stripe.Invoice.CollectionMethod
  readonly dueDays?: number
  readonly defaultPaymentMethod?: string | null
  readonly autoAdvance: boolean
  /** When the draft becomes an open invoice by itself. */
  readonly finalizesAt: UnixSeconds | null
  readonly description?: string | null
  readonly metadata?: Readonly<Record<string, string>>
  /** What else a request said about the invoice. */
  readonly more?: Partial<Invoice>
}

/** What an invoice takes over from its subscription. */
export type Billed = Pick<
  Records['subscriptions'],
  'automatic_tax' | 'default_tax_rates' | 'discounts' | 'id' | 'invoice_settings' | 'metadata' | 'on_behalf_of'
> &
  Partial<Pick<Records['subscriptions'], 'payment_settings'>>
