import type Stripe from 'stripe'
import { billingDetailsOf } from './billing-details.js'
import { openChecks } from './card-checks.js'
import { numberOfMagicId, passesCheckDigit, testCardOf, type TestCard } from './cards.js'
import { invalidRequest, missingParameter, noSuch, StripeError } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type PaymentMethod = Records['payment_methods']

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
  const id = transaction.newId('pm')
  transaction.put('card_behaviours', { id, number: details.number, isSetUp: test.isSetUp, isSpent: false })
  const billing = billingDetailsOf(details.billingDetails)
  return transaction.put('payment_methods', {
    id,
    object: 'payment_method',
    allow_redisplay: details.allowRedisplay ?? 'unspecified',
    billing_details: billing,
    card: { ...cardOf(test, details), checks: openChecks(details.cvc !== undefined, billing.address) },
    created: transaction.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: mergeMetadata({}, details.metadata),
    type: 'card',
  })
}

function cardOf(
  test: TestCard,
  { number, expMonth, expYear }: CardDetails,
): Omit<NonNullable<PaymentMethod['card']>, 'checks'> {
  const { brand, country, funding } = test
  return {
    brand,
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
export function fingerprintOf(number: string): string {
  let hash = 0x811c9dc5
  let text = ''
  for (let round = 0; round < 16; round++) {
    for (const character of number) hash = Math.imul(hash ^ character.charCodeAt(0) ^ round, 0x01000193)
    text += ((hash >>> 0) % 36).toString(36)
  }
  return text
}

/** Stands for the code of a card that was given with one: what it was is kept nowhere. */
const SOME_CODE = '123'

/** Cards of magic ids have a code, and run out in the same month of the next year. */
export function magicCard(transaction: Transaction, number: string): CardDetails {
  const { year, month } = calendarOf(transaction.now)
  return { number, expMonth: month, expYear: year + 1, cvc: SOME_CODE }
}

/** Makes a card from its number, or from a token that stands for one. */
export function createCardFrom(
  transaction: Transaction,
  card: NonNullable<Stripe.PaymentMethodCreateParams['card']>,
  params: Stripe.PaymentMethodCreateParams,
): PaymentMethod {
  const { allow_redisplay: allowRedisplay, billing_details: billingDetails, metadata } = params
  const extras = {
    ...(allowRedisplay !== undefined && { allowRedisplay }),
    ...(billingDetails !== undefined && { billingDetails }),
    metadata,
  }
  const { cvc, exp_month: expMonth, exp_year: expYear, number, token } = card
  if (token !== undefined)
    return createCard(transaction, { ...cardBehind(transaction, token, 'card[token]'), ...extras })
  if (number === undefined) throw missingParameter('card[number]')
  if (expMonth === undefined) throw missingParameter('card[exp_month]')
  if (expYear === undefined) throw missingParameter('card[exp_year]')
  return createCard(transaction, { number, expMonth, expYear, ...(cvc !== undefined && { cvc }), ...extras })
}

/** The card that a token stands for; a token works once, unless it is one of the tests' own. */
export function cardBehind(transaction: Transaction, token: string, param: string): CardDetails {
  const magic = numberOfMagicId(token)
  if (magic !== undefined) return magicCard(transaction, magic)
  const { card, used } = transaction.require('tokens', token, { kind: 'token', param })
  if (card === undefined) throw noSuch('token', token, { param, status: 400 })
  if (used) {
    const message = `You cannot use a Stripe token more than once: ${token}.`
    throw invalidRequest(message, { code: 'token_already_used', param })
  }
  transaction.patch('tokens', token, { used: true })
  const { number } = transaction.load('card_behaviours', token)
  const code = card.cvc_check === null ? {} : { cvc: SOME_CODE }
  return { number, expMonth: card.exp_month, expYear: card.exp_year, ...code }
}
