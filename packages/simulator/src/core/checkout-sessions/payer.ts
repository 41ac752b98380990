import type Stripe from 'stripe'
import { changeCustomer, createCustomer } from '../customers/customers.js'
import { createTaxId } from '../customers/tax-ids.js'
import type { CheckoutAttempt, CheckoutOrder, CheckoutPayer } from '../private-records.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import type { CheckoutSession } from './session.js'

type Customer = Records['customers']

/** Whether paying makes a customer; others leave a guest. */
export function makesCustomer(
  { customer, customer_creation: creation, invoice_creation: invoice }: CheckoutSession,
  asked: CheckoutOrder['asked'],
): boolean {
  if (customer !== null) return false
  if (creation === 'always' || invoice?.enabled === true) return true
  return asked.payment_intent_data?.setup_future_usage !== undefined
}

/** The customer that paying makes, with all that was typed. */
export function customerOf(transaction: Transaction, payer: CheckoutPayer): string {
  const { address, businessName, email, individualName, name, phone, shipping } = payer
  const known = businessName ?? individualName ?? name
  const { id } = createCustomer(transaction, {
    email,
    ...(known !== null && { name: known }),
    ...(phone !== null && { phone }),
    ...(address !== null && { address: addressParams(address) }),
    ...(shipping !== null && { shipping: { name: shipping.name, address: addressParams(shipping.address) } }),
  })
  if (payer.taxId !== null) createTaxId(transaction, id, payer.taxId)
  return id
}

type Address = NonNullable<CheckoutPayer['address']>

/** An address as a request names it: what is not there is left out. */
export function addressParams(address: Address): Stripe.AddressParam {
  const { city, country, line1, line2, postal_code: postalCode, state } = address
  return {
    ...(city !== null && { city }),
    ...(country !== null && { country }),
    ...(line1 !== null && { line1 }),
    ...(line2 !== null && { line2 }),
    ...(postalCode !== null && { postal_code: postalCode }),
    ...(state !== null && { state }),
  }
}

/** `customer_update` says whether what was typed on the page goes to a customer who was there before. */
export function updateCustomer(
  transaction: Transaction,
  id: string,
  { order, attempt }: { readonly order: CheckoutOrder; readonly attempt: CheckoutAttempt },
): void {
  const { address, name, shipping } = order.asked.customer_update ?? {}
  const { payer } = attempt
  const known = payer.businessName ?? payer.individualName ?? payer.name
  const typed: Partial<Customer> = {
    ...(name === 'auto' && known !== null && { name: known }),
    ...(address === 'auto' && payer.address !== null && { address: payer.address }),
    ...(shipping === 'auto' && payer.shipping !== null && { shipping: { ...payer.shipping, phone: payer.phone } }),
  }
  if (Object.keys(typed).length > 0) changeCustomer(transaction, id, typed)
  if (name === 'auto' && payer.taxId !== null) createTaxId(transaction, id, payer.taxId)
}
