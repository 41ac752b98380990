import type { Decline } from './cards.js'
import type { Records } from '../records.js'

export type Charge = Records['charges']
export type PaymentMethod = Records['payment_methods']
type PaymentIntent = Records['payment_intents']

/** What is asked for, by a payment intent or in a charge of its own. */
export interface ChargeRequest extends Pick<
  PaymentIntent,
  | 'amount'
  | 'capture_method'
  | 'currency'
  | 'customer'
  | 'description'
  | 'metadata'
  | 'payment_method'
  | 'receipt_email'
  | 'shipping'
  | 'statement_descriptor'
  | 'statement_descriptor_suffix'
  | 'transfer_group'
> {
  readonly paymentIntent: string | null
}

export interface ChargeOptions {
  readonly decline?: Decline
  readonly isAuthenticated?: boolean
  /** The bank will answer later; see `finishCharge`. */
  readonly isPending?: boolean
  /** What allows the debit of an account. */
  readonly mandate?: string | null
}
