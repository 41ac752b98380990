import type Stripe from 'stripe'
import { createShippingRate } from '../catalogue/shipping-rates.js'
import { invalidRequest } from '../error.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import type { CheckoutSession } from './session.js'

type Asked = NonNullable<Stripe.Checkout.SessionCreateParams['shipping_options']>
type Rate = Records['shipping_rates']

const MOST_OPTIONS = 5

/** The ways to send the goods that the customer may choose from, each with what it costs in the session's currency. */
export function readShippingOptions(
  transaction: Transaction,
  asked: Asked,
  currency: string | null,
): CheckoutSession['shipping_options'] {
  if (asked.length > MOST_OPTIONS) {
    throw invalidRequest(`You can only have up to ${MOST_OPTIONS} shipping options.`, { param: 'shipping_options' })
  }
  return asked.map((option, index) => {
    const at = `shipping_options[${index}]`
    const rate = readRate(transaction, option, at)
    if (!rate.active)
      throw invalidRequest(`The shipping rate ${rate.id} is archived.`, { param: `${at}[shipping_rate]` })
    return { shipping_amount: amountIn(rate, currency, at), shipping_rate: rate.id }
  })
}

function readRate(transaction: Transaction, option: Asked[number], at: string): Rate {
  const { shipping_rate: id, shipping_rate_data: data } = option
  if (data !== undefined) return createShippingRate(transaction, data)
  return transaction.require('shipping_rates', id ?? '', { kind: 'shipping rate', param: `${at}[shipping_rate]` })
}

function amountIn({ fixed_amount: fixed, id }: Rate, currency: string | null, at: string): number {
  if (fixed?.currency === currency) return fixed?.amount ?? 0
  const option = currency === null ? undefined : fixed?.currency_options?.[currency]
  if (option !== undefined) return option.amount
  const message = `The shipping rate ${id} has no amount in \`${currency}\`.`
  throw invalidRequest(message, { param: `${at}[shipping_rate]` })
}

/** What the chosen way costs; the first one is chosen until the customer says otherwise. */
export function shippingCostOf(
  options: CheckoutSession['shipping_options'],
  chosen: string | null,
): CheckoutSession['shipping_cost'] {
  const option = options.find((candidate) => candidate.shipping_rate === chosen) ?? options[0]
  if (option === undefined) return null
  const { shipping_amount: amount, shipping_rate: rate } = option
  return { amount_subtotal: amount, amount_tax: 0, amount_total: amount, shipping_rate: rate }
}
