import type Stripe from 'stripe'
import type { Records } from '../records.js'

type Shipping = NonNullable<Records['payment_intents']['shipping']>

/** An address with every part, the missing ones `null`. */
export function addressOf(address: Stripe.AddressParam): NonNullable<Shipping['address']> {
  const { city = null, country = null, line1 = null, line2 = null, postal_code = null, state = null } = address
  return { city, country, line1, line2, postal_code, state }
}

interface ShippingParams {
  readonly address: Stripe.AddressParam
  readonly carrier?: string
  readonly name: string
  readonly phone?: string | null
  readonly tracking_number?: string
}

/** Where goods go, as payment intents and charges carry it. */
export function shippingOf(shipping: ShippingParams | '' | null | undefined): Shipping | null {
  if (shipping === undefined || shipping === null || shipping === '') return null
  const { address, carrier = null, name, phone, tracking_number = null } = shipping
  return { address: addressOf(address), carrier, name, phone: phone || null, tracking_number }
}

interface RecipientParams {
  readonly address: Stripe.AddressParam
  readonly name: string
  readonly phone?: string | null
}

/** Where a customer has goods sent: the same without the carrier. */
export function recipientOf(shipping: RecipientParams | '' | null | undefined): Records['customers']['shipping'] {
  if (shipping === undefined || shipping === null || shipping === '') return null
  return { address: addressOf(shipping.address), name: shipping.name, phone: shipping.phone || null }
}
