import type { Records } from '../records.js'

type OfInvoice = NonNullable<Records['invoices']['payment_settings']['payment_method_options']>
type OfSubscription = NonNullable<NonNullable<Records['subscriptions']['payment_settings']>['payment_method_options']>
type OfPayment = NonNullable<Records['payment_intents']['payment_method_options']>

const types = [
  'acss_debit',
  'bancontact',
  'card',
  'customer_balance',
  'konbini',
  'payto',
  'pix',
  'sepa_debit',
  'upi',
  'us_bank_account',
] as const

/** How invoices, or those of a subscription, are to be paid: kept as asked for; what was not named is empty. */
export function billingOptions(asked: object): OfInvoice & OfSubscription {
  const given = asked as Readonly<Record<string, unknown>>
  const entries = types.map((type) => [type, given[type] === '' ? null : (given[type] ?? null)] as const)
  const others = Object.entries(given).filter(([type]) => !types.some((known) => known === type))
  // Guaranteed: the edge has let through only what Stripe declares for these parameters, which it answers as they came.
  return Object.fromEntries([...entries, ...others]) as OfInvoice & OfSubscription
}

/** What a payment intent takes over from the options of its invoice. */
export function paymentOptionsOf(options: OfInvoice | null): OfPayment | null {
  const request = options?.card?.request_three_d_secure ?? null
  if (request === null) return null
  return { card: { installments: null, mandate_options: null, network: null, request_three_d_secure: request } }
}
