import type Stripe from 'stripe'
import { isSetUpByIssuer, numberOfMagicId, passesCheckDigit, testCardOf } from './cards.js'
import { setDefaultPaymentMethod } from './customers.js'
import { invalidRequest, noSuch, notSimulated, StripeError } from './error.js'
import { mergeMetadata } from './metadata.js'
import type { Records } from './records.js'
import type { Transaction } from './transaction.js'

export type PaymentMethod = Records['payment_methods']

export interface CardDetails {
  readonly number: string
  readonly expMonth: number
  readonly expYear: number
  readonly cvc?: string
  readonly billingDetails?: Stripe.PaymentMethodCreateParams.BillingDetails
  readonly metadata?: unknown
}

const SECONDS_PER_YEAR = 31_557_600

/** Takes a card's number and makes a payment method of it, not yet attached to anybody. */
export function createCard(transaction: Transaction, details: CardDetails): PaymentMethod {
  refuseBadNumbers(transaction, details)
  const { number, expMonth, expYear } = details
  const id = transaction.newId('pm')
  const { brand, country, funding, authentication } = testCardOf(number)
  const method: PaymentMethod = {
    id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: billingDetailsOf(details.billingDetails),
    card: {
      brand,
      checks: {
        address_line1_check: null,
        address_postal_code_check: null,
        cvc_check: details.cvc === undefined ? null : 'unchecked',
      },
      country,
      display_brand: brand,
      exp_month: expMonth,
      exp_year: expYear,
      fingerprint: fingerprintOf(number),
      funding,
      generated_from: null,
      last4: number.slice(-4),
      networks: { available: [brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: authentication !== 'never' || brand === 'visa' },
      wallet: null,
    },
    created: transaction.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: mergeMetadata({}, details.metadata),
    type: 'card',
  }
  transaction.put('card_behaviours', { id, number, isSetUp: isSetUpByIssuer(number) })
  return transaction.put('payment_methods', method)
}

function refuseBadNumbers(transaction: Transaction, { number, expMonth, expYear, cvc }: CardDetails): void {
  const refuse = (code: string, message: string, param: string): StripeError =>
    new StripeError(402, { type: 'card_error', code, message, param })
  if (!passesCheckDigit(number)) throw refuse('incorrect_number', 'Your card number is incorrect.', 'card[number]')
  if (expMonth < 1 || expMonth > 12) {
    throw refuse('invalid_expiry_month', "Your card's expiration month is invalid.", 'card[exp_month]')
  }
  const year = 1970 + transaction.now / SECONDS_PER_YEAR
  if (expYear + expMonth / 12 < year || expYear > year + 50) {
    throw refuse('invalid_expiry_year', "Your card's expiration year is invalid.", 'card[exp_year]')
  }
  if (cvc !== undefined && !/^\d{3,4}$/.test(cvc)) {
    throw refuse('invalid_cvc', "Your card's security code is invalid.", 'card[cvc]')
  }
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

function billingDetailsOf(details: CardDetails['billingDetails']): PaymentMethod['billing_details'] {
  const { email, name, phone, tax_id: taxId } = details ?? {}
  const address = details?.address === '' ? {} : (details?.address ?? {})
  const { city = null, country = null, line1 = null, line2 = null, postal_code = null, state = null } = address
  return {
    address: { city, country, line1, line2, postal_code, state },
    email: email || null,
    name: name || null,
    phone: phone || null,
    tax_id: taxId ?? null,
  }
}

/** The payment method a request names; a magic id such as `pm_card_visa` makes a fresh one, as Stripe does. */
export function resolvePaymentMethod(transaction: Transaction, id: string, param?: string): PaymentMethod {
  const number = numberOfMagicId(id)
  if (number !== undefined) return createCard(transaction, { number, ...expiryFrom(transaction), cvc: '123' })
  const options = param === undefined ? { kind: 'PaymentMethod' } : { kind: 'PaymentMethod', param }
  return transaction.require('payment_methods', id, options)
}

/** Cards of magic ids run out in the same month of the next year. */
function expiryFrom(transaction: Transaction): { expMonth: number; expYear: number } {
  const month = Math.floor(transaction.now / (SECONDS_PER_YEAR / 12)) + 12
  return { expMonth: (month % 12) + 1, expYear: 1970 + Math.floor(month / 12) }
}

/** Makes a card from what `payment_methods.create` was given. */
export function createPaymentMethod(transaction: Transaction, params: Stripe.PaymentMethodCreateParams): PaymentMethod {
  if (params.type !== undefined && params.type !== 'card')
    throw notSimulated(`The payment method type ${params.type}`, 'type')
  const { card } = params
  if (card === undefined) {
    throw invalidRequest('Missing required param: card.', { code: 'parameter_missing', param: 'card' })
  }
  const extras = {
    ...(params.billing_details && { billingDetails: params.billing_details }),
    metadata: params.metadata,
  }
  if ('token' in card && card.token !== undefined) {
    const number = numberOfMagicId(card.token)
    if (number === undefined) throw noSuch('token', card.token, { param: 'card[token]', status: 400 })
    return createCard(transaction, { number, ...expiryFrom(transaction), cvc: '123', ...extras })
  }
  const {
    number = '',
    exp_month: expMonth,
    exp_year: expYear,
    cvc,
  } = card as Stripe.PaymentMethodCreateParams.Card & {
    exp_month: number
    exp_year: number
  }
  return createCard(transaction, { number, expMonth, expYear, ...(cvc !== undefined && { cvc }), ...extras })
}

/** Keeps a payment method for a customer; cards that the bank declines are refused here already. */
export function attachPaymentMethod(transaction: Transaction, id: string, customer: string): PaymentMethod {
  const before = transaction.load('payment_methods', id)
  if (before.customer === customer) return before
  if (before.customer !== null) {
    const message = 'The payment method you provided has already been attached to a customer.'
    throw invalidRequest(message, { param: 'payment_method' })
  }
  transaction.enterClockOf(customer)
  const behaviour = transaction.get('card_behaviours', id)
  const card = behaviour && testCardOf(behaviour.number)
  if (card?.declines !== undefined && !card.canAttach) {
    const { code, declineCode, message } = card.declines
    throw new StripeError(402, { type: 'card_error', code, decline_code: declineCode, message })
  }
  const checks = before.card?.checks
  const checked =
    before.card && checks?.cvc_check === 'unchecked'
      ? { card: { ...before.card, checks: { ...checks, cvc_check: 'pass' as const } } }
      : {}
  const after = transaction.patch('payment_methods', id, { customer, ...checked })
  transaction.emit('payment_method.attached', 'payment_methods', after)
  transaction.send({ type: 'payment_method.attached', paymentMethod: id, customer })
  return after
}

/** Takes a payment method from its customer, and out of the places where it was the default. */
export function detachPaymentMethod(transaction: Transaction, id: string): PaymentMethod {
  const before = transaction.load('payment_methods', id)
  const { customer } = before
  if (customer === null) {
    const message = 'The payment method you provided is not attached to a customer so detachment is impossible.'
    throw invalidRequest(message, { code: 'payment_method_not_attached', param: 'payment_method' })
  }
  transaction.enterClockOf(customer)
  const after = transaction.patch('payment_methods', id, { customer: null })
  transaction.emit('payment_method.detached', 'payment_methods', after, before)
  if (transaction.load('customers', customer).invoice_settings.default_payment_method === id) {
    setDefaultPaymentMethod(transaction, customer, null)
  }
  transaction.send({ type: 'payment_method.detached', paymentMethod: id, customer })
  return after
}
