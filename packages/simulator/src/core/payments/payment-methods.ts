import type Stripe from 'stripe'
import { createAccountMethod, createVerifiedAccount } from './account-methods.js'
import { accountOfMagicId } from './bank-accounts.js'
import { checkCard } from './card-checks.js'
import { createCard, createCardFrom, magicCard } from './card-methods.js'
import { cardError } from './card-payment.js'
import { numberOfMagicId, testCardOf } from './cards.js'
import { setDefaultPaymentMethod } from '../customers/customers.js'
import { invalidRequest, missingParameter, noSuch } from '../error.js'
import { endMandates } from './mandates.js'
import { methodTypeOf } from './method-types.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export { mergeBillingDetails } from './billing-details.js'
export { createCard } from './card-methods.js'

export type PaymentMethod = Records['payment_methods']

/** The payment method a request names; a magic id such as `pm_card_visa` makes a fresh one, as Stripe does. */
export function resolvePaymentMethod(transaction: Transaction, id: string, param?: string): PaymentMethod {
  const number = numberOfMagicId(id)
  if (number !== undefined) return createCard(transaction, magicCard(transaction, number))
  const account = accountOfMagicId(id)
  if (account !== undefined) return createVerifiedAccount(transaction, account)
  const method = transaction.get('payment_methods', id)
  if (method !== undefined) return method
  const refer = { param: param ?? 'payment_method', status: param === undefined ? 404 : 400 } as const
  throw noSuch('PaymentMethod', id, refer)
}

/** Makes a payment method from what `payment_methods.create` or `payment_method_data` was given. */
export function createPaymentMethod(transaction: Transaction, params: Stripe.PaymentMethodCreateParams): PaymentMethod {
  const { card } = params
  const type = params.type ?? (card === undefined ? undefined : 'card')
  if (type === undefined) throw missingParameter('type')
  if (type !== 'card') return createAccountMethod(transaction, type, params)
  if (card === undefined) throw missingParameter('card')
  return createCardFrom(transaction, card, params)
}

/** Keeps a payment method for a customer; plain decline cards are refused here already. */
export function attachPaymentMethod(transaction: Transaction, id: string, customer: string): PaymentMethod {
  const before = transaction.load('payment_methods', id)
  if (before.customer === customer) return before
  if (before.customer !== null) {
    const message = 'The payment method you provided has already been attached to a customer.'
    throw invalidRequest(message, { param: 'payment_method' })
  }
  refuseSpent(transaction, before)
  transaction.enterClockOf(customer)
  refuseUnkeepable(transaction, before)
  checkCard(transaction, id)
  const after = transaction.patch('payment_methods', id, { customer })
  transaction.emit('payment_method.attached', 'payment_methods', after)
  transaction.send({ type: 'payment_method.attached', paymentMethod: id, customer })
  return after
}

function refuseUnkeepable(transaction: Transaction, method: PaymentMethod): void {
  if (methodTypeOf(method.type)?.isReusable === false) {
    const message = `The PaymentMethod ${method.id} cannot be attached: a ${method.type} payment method works only once.`
    throw invalidRequest(message, { code: 'payment_method_not_available', param: 'payment_method' })
  }
  if (method.card === undefined) return
  const test = testCardOf(transaction.load('card_behaviours', method.id).number)
  if (test.declines !== undefined && !test.canAttach) throw cardError(test.declines, { param: '' })
}

/** A payment method that was used or detached without belonging to a customer does not work again. */
export function refuseSpent(transaction: Transaction, method: PaymentMethod): void {
  if (method.customer !== null || !transaction.load('card_behaviours', method.id).isSpent) return
  const message =
    'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a ' +
    'connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a ' +
    'PaymentMethod multiple times, you must attach it to a Customer first.'
  throw invalidRequest(message, { param: 'payment_method' })
}

/** A payment method that belongs to a customer pays for that customer alone. */
export function requireUsableBy(method: PaymentMethod, customer: string | null): void {
  if (method.customer === null || method.customer === customer) return
  const message =
    customer === null
      ? `The payment method supplied (${method.id}) belongs to the Customer ${method.customer}. Please include the ` +
        'Customer in the `customer` parameter on the PaymentIntent.'
      : `The customer does not have a payment method with the ID ${method.id}. The payment method must be attached to ` +
        'the customer.'
  throw invalidRequest(message, {
    code: customer === null ? 'payment_method_unexpected_state' : 'resource_missing',
    param: 'payment_method',
  })
}

/** Takes a payment method from its customer, and out of the places where it was the default. */
export function detachPaymentMethod(transaction: Transaction, id: string): PaymentMethod {
  const before = transaction.load('payment_methods', id)
  const { customer } = before
  if (customer === null) {
    const message = 'The payment method you provided is not attached to a customer so detachment is impossible.'
    throw invalidRequest(message, { param: 'payment_method' })
  }
  transaction.enterClockOf(customer)
  const after = transaction.patch('payment_methods', id, { customer: null })
  transaction.patch('card_behaviours', id, { isSpent: true })
  transaction.emitChange('payment_method.detached', 'payment_methods', { before, after })
  endMandates(transaction, id)
  if (transaction.load('customers', customer).invoice_settings.default_payment_method === id) {
    setDefaultPaymentMethod(transaction, customer, null)
  }
  transaction.send({ type: 'payment_method.detached', paymentMethod: id, customer })
  return after
}
