import { invalidRequest } from '../error.js'
import type { Transaction } from '../transaction.js'
import { localRate } from './automatic-rates.js'
import { taxLocationOf } from './automatic.js'

interface AskedTax {
  readonly ip_address?: string | null
  readonly validate_location?: string
}

/** What `expand[]=tax` shows of a customer: whether taxes can be worked out for them, and from where. */
export function customerTax(transaction: Transaction, id: string): unknown {
  const customer = transaction.load('customers', id)
  const place = taxLocationOf(customer)
  const common = { ip_address: null, provider: 'stripe' }
  if (place === null) return { ...common, automatic_tax: 'unrecognized_location', location: null }
  const source = customer.shipping?.address === undefined ? 'billing_address' : 'shipping_destination'
  const isCollected = localRate(place.country, place.state) !== null
  return { ...common, automatic_tax: isCollected ? 'supported' : 'not_collecting', location: { ...place, source } }
}

/**
 * Refuses a customer whose location says too little, if the request wants to know at once.
 *
 * @throws StripeError `customer_tax_location_invalid`
 */
export function validateLocation(transaction: Transaction, id: string, asked: AskedTax | undefined): void {
  if (asked?.validate_location !== 'immediately') return
  if (taxLocationOf(transaction.load('customers', id)) !== null) return
  const message =
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax."
  throw invalidRequest(message, { code: 'customer_tax_location_invalid', param: 'tax[validate_location]' })
}
