import type { Stripe } from 'stripe'
import type { PaymentMethod, StripeCustomer } from '../domain/mirror.js'
import { idOf } from './id-of.js'
import { CUSTOMER_METADATA_KEY } from './metadata.js'

export function toCustomer(customer: Stripe.Customer | Stripe.DeletedCustomer): StripeCustomer {
  if (customer.deleted === true) return { ...NOTHING, stripeCustomerId: customer.id, isDeleted: true }
  return {
    stripeCustomerId: customer.id,
    customerId: customer.metadata[CUSTOMER_METADATA_KEY] ?? null,
    email: customer.email,
    name: customer.name ?? null,
    balance: customer.balance,
    currency: customer.currency ?? null,
    defaultPaymentMethodId: idOf(customer.invoice_settings.default_payment_method),
    isDeleted: false,
    createdAt: customer.created,
  }
}

/** All that is left of a deleted customer, besides the id. */
const NOTHING = {
  customerId: null,
  email: null,
  name: null,
  balance: 0,
  currency: null,
  defaultPaymentMethodId: null,
  createdAt: null,
} as const

export function toPaymentMethod(stripeCustomerId: string, method: Stripe.PaymentMethod): PaymentMethod {
  const card = method.card ?? null
  const last4 = card?.last4 ?? method.us_bank_account?.last4 ?? method.sepa_debit?.last4 ?? null
  return {
    stripePaymentMethodId: method.id,
    stripeCustomerId,
    type: method.type,
    brand: card?.brand ?? null,
    last4,
    expMonth: card?.exp_month ?? null,
    expYear: card?.exp_year ?? null,
  }
}
