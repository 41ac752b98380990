import type { Records } from '../records.js'
import type { Field, Fields, Found } from './match.js'

function text<Record>(of: (record: Record) => Found): Field<Record> {
  return { type: 'text', of }
}

function number<Record>(of: (record: Record) => Found): Field<Record> {
  return { type: 'number', of }
}

function flag<Record>(of: (record: Record) => Found): Field<Record> {
  return { type: 'flag', of }
}

type Charge = Records['charges']
type Card = NonNullable<NonNullable<Charge['payment_method_details']>['card']>

function ofCard(read: (card: Card) => Found): (charge: Charge) => Found {
  return (charge) => {
    const card = charge.payment_method_details?.card
    return card === undefined ? undefined : read(card)
  }
}

/** https://docs.stripe.com/search#query-fields-for-charges */
export const chargeFields: Fields<Charge> = {
  amount: number((charge) => charge.amount),
  'billing_details.address.postal_code': text((charge) => charge.billing_details.address?.postal_code),
  created: number((charge) => charge.created),
  currency: text((charge) => charge.currency),
  customer: text((charge) => charge.customer),
  disputed: flag((charge) => charge.disputed),
  'payment_method_details.card.brand': text(ofCard((card) => card.brand)),
  'payment_method_details.card.exp_month': number(ofCard((card) => card.exp_month)),
  'payment_method_details.card.exp_year': number(ofCard((card) => card.exp_year)),
  'payment_method_details.card.fingerprint': text(ofCard((card) => card.fingerprint)),
  'payment_method_details.card.last4': text(ofCard((card) => card.last4)),
  refunded: flag((charge) => charge.refunded),
  status: text((charge) => charge.status),
}

/** https://docs.stripe.com/search#query-fields-for-customers */
export const customerFields: Fields<Records['customers']> = {
  created: number((customer) => customer.created),
  email: text((customer) => customer.email),
  name: text((customer) => customer.name),
  phone: text((customer) => customer.phone),
}

/** https://docs.stripe.com/search#query-fields-for-invoices */
export const invoiceFields: Fields<Records['invoices']> = {
  created: number((invoice) => invoice.created),
  currency: text((invoice) => invoice.currency),
  customer: text((invoice) => invoice.customer),
  last_finalization_error_code: text((invoice) => invoice.last_finalization_error?.code),
  last_finalization_error_type: text((invoice) => invoice.last_finalization_error?.type),
  number: text((invoice) => invoice.number),
  receipt_number: text((invoice) => invoice.receipt_number),
  status: text((invoice) => invoice.status),
  subscription: text((invoice) => invoice.parent?.subscription_details?.subscription),
  total: number((invoice) => invoice.total),
}

/** https://docs.stripe.com/search#query-fields-for-payment-intents */
export const paymentIntentFields: Fields<Records['payment_intents']> = {
  amount: number((intent) => intent.amount),
  created: number((intent) => intent.created),
  currency: text((intent) => intent.currency),
  customer: text((intent) => intent.customer),
  status: text((intent) => intent.status),
}

/** https://docs.stripe.com/search#query-fields-for-prices */
export const priceFields: Fields<Records['prices']> = {
  active: flag((price) => price.active),
  created: number((price) => price.created),
  currency: text((price) => price.currency),
  lookup_key: text((price) => price.lookup_key),
  product: text((price) => price.product),
  type: text((price) => price.type),
}

/** https://docs.stripe.com/search#query-fields-for-products */
export const productFields: Fields<Records['products']> = {
  active: flag((product) => product.active),
  created: number((product) => product.created),
  description: text((product) => product.description),
  name: text((product) => product.name),
  shippable: flag((product) => product.shippable),
  url: text((product) => product.url),
}

/** https://docs.stripe.com/search#query-fields-for-subscriptions */
export const subscriptionFields: Fields<Records['subscriptions']> = {
  canceled_at: number((subscription) => subscription.canceled_at),
  created: number((subscription) => subscription.created),
  status: text((subscription) => subscription.status),
}
