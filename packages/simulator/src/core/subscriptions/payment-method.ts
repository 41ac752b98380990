import { invalidRequest } from '../error.js'
import type { Transaction } from '../transaction.js'
import type { Subscription } from './items.js'

/** The card that a subscription is paid with. https://docs.stripe.com/billing/subscriptions/payment-methods-setting */
export function paymentMethodOf(
  transaction: Transaction,
  subscription: Pick<Subscription, 'customer' | 'default_payment_method'> &
    Partial<Pick<Subscription, 'default_source'>>,
): string | null {
  const customer = transaction.get('customers', subscription.customer)
  return (
    subscription.default_payment_method ??
    subscription.default_source ??
    customer?.invoice_settings.default_payment_method ??
    customer?.default_source ??
    null
  )
}

/** A payment method named by a request must be the customer's own. */
export function readPaymentMethod(transaction: Transaction, id: string, customer: string): string {
  const param = 'default_payment_method'
  const method = transaction.require('payment_methods', id, { kind: 'payment method', param })
  if (method.customer === customer) return method.id
  const message = `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`
  throw invalidRequest(message, { code: 'resource_missing', param })
}
