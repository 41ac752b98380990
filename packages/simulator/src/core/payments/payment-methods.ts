import type Stripe from 'stripe'
import { cardError } from './card-payment.js'
import { numberOfMagicId, passesCheckDigit, testCardOf, type TestCard } from './cards.js'
import { setDefaultPaymentMethod } from '../customers/customers.js'
import { invalidRequest, missingParameter, noSuch, notSimulated, StripeError } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export type PaymentMethod = Records['payment_methods']

export interface CardDetails {
  readonly number: string
  readonly expMonth: number
  readonly expYear: number
  readonly cvc?: string
  readonly billingDetails?: Stripe.PaymentMethodCreateParams.BillingDetails
  readonly allowRedisplay?: PaymentMethod['allow_redisplay']
  readonly metadata?: unknown
}

/** Takes a card's number and makes a payment method of it, not yet attached to anybody. */
export function createCard(transaction: Transaction, details: CardDetails): PaymentMethod {
  refuseBadNumbers(transaction, details)
  const test = testCardOf(details.number)
  if (test.lacks !== undefined) throw notSimulated(`${test.lacks}, which this test card is for,`, 'card[number]')
  const id = transaction.newId('pm')
  transaction.put('card_behaviours', { id, number: details.number, isSetUp: test.isSetUp, isSpent: false })
  return transaction.put('payment_methods', {
    id,
    object: 'payment_method',
    allow_redisplay: details.allowRedisplay ?? 'unspecified',
    billing_details: billingDetailsOf(details.billingDetails),
    card: cardOf(test, details),
    created: transaction.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: mergeMetadata({}, details.metadata),
    type: 'card',
  })
}

function cardOf(test: TestCard, { number, expMonth, expYear }: CardDetails): NonNullable<PaymentMethod['card']> {
  const { brand, country, funding } = test
  return {
    brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: null },
    country,
    display_brand: brand === 'amex' ? 'american_express' : brand,
    exp_month: expMonth,
    exp_year: expYear,
    fingerprint: fingerprintOf(number),
    funding,
    generated_from: null,
    last4: number.slice(-4),
    networks: { available: [brand], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  }
}

function refuseBadNumbers(transaction: Transaction, { number, expMonth, expYear, cvc }: CardDetails): void {
  const refuse = (code: string, message: string, param: string): StripeError =>
    new StripeError(402, { type: 'card_error', code, message, param })
  if (!passesCheckDigit(number)) throw refuse('incorrect_number', 'Your card number is incorrect.', 'number')
  if (expMonth < 1 || expMonth > 12) {
    throw refuse('invalid_expiry_month', "Your card's expiration month is invalid.", 'exp_month')
  }
  const today = calendarOf(transaction.now)
  if (expYear < today.year || expYear > today.year + 50) {
    throw refuse('invalid_expiry_year', "Your card's expiration year is invalid.", 'exp_year')
  }
  if (expYear === today.year && expMonth < today.month) {
    throw refuse('invalid_expiry_month', "Your card's expiration month is invalid.", 'exp_month')
  }
  if (cvc !== undefined && !/^\d{3,4}$/.test(cvc)) {
    throw refuse('invalid_cvc', "Your card's security code is invalid.", 'cvc')
  }
}

function calendarOf(at: number): { readonly year: number; readonly month: number } {
  const date = new Date(at * 1000)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 }
}

/** The same number always has the same fingerprint, which tells nothing of the number. */
function fingerprintOf(number: string): string {
  let hash = 0x811c9dc5
  let text = ''
  for (let round = 0; round < 16; round++) {
    for (const character of number) hash = Math.imul(hash ^ character.charCodeAt(0) ^ round, 0x01000193)
    text += ((hash >>> 0) % 36).toString(36)
  }
  return text
}

const blankAddress = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null }

function billingDetailsOf(details: CardDetails['billingDetails']): PaymentMethod['billing_details'] {
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
  before: PaymentMethod['billing_details'],
  update: Stripe.PaymentMethodUpdateParams.BillingDetails | undefined,
): PaymentMethod['billing_details'] {
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

/** The payment method a request names; a magic id such as `pm_card_visa` makes a fresh one, as Stripe does. */
export function resolvePaymentMethod(transaction: Transaction, id: string, param?: string): PaymentMethod {
  const number = numberOfMagicId(id)
  if (number !== undefined) return createCard(transaction, magicCard(transaction, number))
  const method = transaction.get('payment_methods', id)
  if (method !== undefined) return method
  const refer = { param: param ?? 'payment_method', status: param === undefined ? 404 : 400 } as const
  throw noSuch('PaymentMethod', id, refer)
}

/** Cards of magic ids run out in the same month of the next year. */
function magicCard(transaction: Transaction, number: string): CardDetails {
  const { year, month } = calendarOf(transaction.now)
  return { number, expMonth: month, expYear: year + 1 }
}

/** Makes a card from what `payment_methods.create` or `payment_method_data` was given. */
export function createPaymentMethod(transaction: Transaction, params: Stripe.PaymentMethodCreateParams): PaymentMethod {
  const { allow_redisplay: allowRedisplay, billing_details: billingDetails, card, metadata, type } = params
  if (type !== undefined && type !== 'card') throw notSimulated(`The payment method type ${type}`, 'type')
  if (card === undefined) throw missingParameter('card')
  const extras = {
    ...(allowRedisplay !== undefined && { allowRedisplay }),
    ...(billingDetails !== undefined && { billingDetails }),
    metadata,
  }
  if ('token' in card && typeof card.token === 'string') {
    const number = numberOfMagicId(card.token)
    if (number === undefined) throw noSuch('token', card.token, { param: 'card[token]', status: 400 })
    return createCard(transaction, { ...magicCard(transaction, number), ...extras })
  }
  const { number, exp_month: expMonth, exp_year: expYear, cvc } = card
  if (number === undefined) throw missingParameter('card[number]')
  if (expMonth === undefined) throw missingParameter('card[exp_month]')
  if (expYear === undefined) throw missingParameter('card[exp_year]')
  return createCard(transaction, { number, expMonth, expYear, ...(cvc !== undefined && { cvc }), ...extras })
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
  const test = testCardOf(transaction.load('card_behaviours', id).number)
  if (test.declines !== undefined && !test.canAttach) throw cardError(test.declines, { param: '' })
  const after = transaction.patch('payment_methods', id, { customer, ...checkedCard(before, test) })
  transaction.emit('payment_method.attached', 'payment_methods', after)
  transaction.send({ type: 'payment_method.attached', paymentMethod: id, customer })
  return after
}

/** The bank's answers to what was entered beside the number; what was not entered is not checked. */
function checkedCard({ card, billing_details: billing }: PaymentMethod, test: TestCard): Pick<PaymentMethod, 'card'> {
  if (card === undefined) return {}
  const answer = (part: 'cvc' | 'line1' | 'postal_code'): string => (test.failedChecks.includes(part) ? 'fail' : 'pass')
  const checks = {
    address_line1_check: billing.address?.line1 ? answer('line1') : null,
    address_postal_code_check: billing.address?.postal_code ? answer('postal_code') : null,
    cvc_check: answer('cvc'),
  }
  return { card: { ...card, checks } }
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
  if (transaction.load('customers', customer).invoice_settings.default_payment_method === id) {
    setDefaultPaymentMethod(transaction, customer, null)
  }
  transaction.send({ type: 'payment_method.detached', paymentMethod: id, customer })
  return after
}
