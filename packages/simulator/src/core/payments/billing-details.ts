import type Stripe from 'stripe'
import type { Records } from '../records.js'

type BillingDetails = Records['payment_methods']['billing_details']

const blankAddress = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null }

export function billingDetailsOf(details: Stripe.PaymentMethodCreateParams.BillingDetails | undefined): BillingDetails {
  const { address, email, name, phone, tax_id: taxId } = details ?? {}
  return {
    address: { ...blankAddress, ...(address || undefined) },
    email: email || null,
    name: name || null,
    phone: phone || null,
    tax_id: taxId ?? null,
  }
}

/** The billing details after an update: what is not named stays, what is named empty goes. */
export function mergeBillingDetails(
  before: BillingDetails,
  update: Stripe.PaymentMethodUpdateParams.BillingDetails | undefined,
): BillingDetails {
  if (update === undefined) return before
  const { address, email, name, phone, tax_id: taxId } = update
  return {
    address: address === '' ? blankAddress : { ...blankAddress, ...before.address, ...address },
    email: email === undefined ? before.email : email || null,
    name: name === undefined ? before.name : name || null,
    phone: phone === undefined ? before.phone : phone || null,
    tax_id: taxId ?? before.tax_id,
  }
}
