import type Stripe from 'stripe'
import { settingsOf } from '../account-settings.js'
import { createBalanceTransaction } from './balance-transactions.js'
import { testCardOf, type Decline } from './cards.js'
import { checkedEmail } from '../customers/customers.js'
import { listReply, type Handler, type Handlers, type TimerHandler } from '../handler.js'
import { isWithin } from '../lists.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import { shippingOf } from '../customers/shipping.js'
import type { Transaction } from '../transaction.js'

type Charge = Records['charges']
type PaymentIntent = Records['payment_intents']
type PaymentMethod = Records['payment_methods']

/** Seconds until the money of an asynchronously captured charge shows in the balance. */
const SETTLEMENT_DELAY = 2

export interface ChargeOptions {
  readonly decline?: Decline
  readonly isAuthenticated?: boolean
}

/** Takes the money for a payment intent, or records that it was refused, and reports it. */
export function createCharge(transaction: Transaction, intent: PaymentIntent, options: ChargeOptions = {}): Charge {
  const charge = transaction.put('charges', chargeOf(transaction, intent, options))
  if (options.decline !== undefined) {
    transaction.emit('charge.failed', 'charges', charge)
    return charge
  }
  if (intent.capture_method === 'automatic') settle(transaction, charge.id)
  if (intent.capture_method === 'automatic_async') {
    transaction.schedule({ kind: 'charge.settle', at: transaction.now + SETTLEMENT_DELAY, subject: charge.id })
  }
  const settled = transaction.load('charges', charge.id)
  transaction.emit('charge.succeeded', 'charges', settled)
  return settled
}

/** Takes what an authorized charge had set aside. */
export function captureCharge(transaction: Transaction, id: string, amount: number): Charge {
  const before = transaction.load('charges', id)
  transaction.patch('charges', id, { amount_captured: amount, captured: true })
  const after = settle(transaction, id)
  transaction.emitChange('charge.captured', 'charges', { before, after })
  return after
}

function settle(transaction: Transaction, id: string): Charge {
  const charge = transaction.load('charges', id)
  return transaction.patch('charges', id, { balance_transaction: createBalanceTransaction(transaction, charge).id })
}

export const settleCharge: TimerHandler = (transaction, timer) => {
  const before = transaction.load('charges', timer.subject)
  transaction.emitChange('charge.updated', 'charges', { before, after: settle(transaction, before.id) })
}

function chargeOf(transaction: Transaction, intent: PaymentIntent, options: ChargeOptions): Charge {
  const { decline } = options
  const id = transaction.newId('ch')
  const method = transaction.load('payment_methods', intent.payment_method ?? '')
  const isPaid = decline === undefined
  const isCaptured = isPaid && intent.capture_method !== 'manual'
  const { origin } = settingsOf(transaction)
  return {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: isCaptured ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'SIMULATED ACCOUNT',
    captured: isCaptured,
    created: transaction.now,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: outcomeOf(transaction, method, decline),
    paid: isPaid,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: detailsOf(id, method, { amount: intent.amount, ...options }),
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: isPaid ? `${origin}/receipts/${id}` : null,
    refunded: false,
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: isPaid ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: intent.transfer_group,
  }
}

const RISK_SCORES = { normal: 20, elevated: 70, highest: 95 } as const

function outcomeOf(transaction: Transaction, method: PaymentMethod, decline: Decline | undefined): Charge['outcome'] {
  const { riskLevel } = testCardOf(transaction.load('card_behaviours', method.id).number)
  const risk = { risk_level: riskLevel, risk_score: RISK_SCORES[riskLevel] }
  const advice = { advice_code: null, network_advice_code: null, network_decline_code: null }
  if (decline === undefined) {
    const words = { reason: null, seller_message: 'Payment complete.', type: 'authorized' }
    return { ...advice, network_status: 'approved_by_network', ...risk, ...words }
  }
  if (decline.isBlocked === true) {
    const seller = 'Stripe blocked this payment as too risky.'
    const words = { reason: 'highest_risk_level', seller_message: seller, type: 'blocked' }
    return { ...advice, network_status: 'not_sent_to_network', ...risk, ...words }
  }
  const words = { reason: decline.declineCode, seller_message: wordsOf(decline), type: 'issuer_declined' }
  return { ...advice, network_status: 'declined_by_network', ...risk, ...words }
}

function wordsOf({ declineCode }: Decline): string {
  if (declineCode === 'generic_decline') return 'The bank did not return any further details with this decline.'
  return `The bank returned the decline code \`${declineCode}\`.`
}

function detailsOf(
  id: string,
  method: PaymentMethod,
  options: ChargeOptions & { readonly amount: number },
): Charge['payment_method_details'] {
  const { card } = method
  if (card === undefined) return null
  const { amount, decline, isAuthenticated = false } = options
  return {
    type: 'card',
    card: {
      amount_authorized: decline === undefined ? amount : null,
      authorization_code: decline === undefined ? digitsOf(id, 6) : null,
      brand: card.brand,
      checks: card.checks,
      country: card.country,
      electronic_commerce_indicator: isAuthenticated ? '05' : null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      extended_authorization: { status: 'disabled' },
      fingerprint: card.fingerprint ?? null,
      funding: card.funding,
      incremental_authorization: { status: 'unavailable' },
      installments: null,
      last4: card.last4,
      mandate: null,
      multicapture: { status: 'unavailable' },
      network: card.brand,
      network_token: { used: false },
      network_transaction_id: digitsOf(id, 15),
      overcapture: { maximum_amount_capturable: amount, status: 'unavailable' },
      regulated_status: 'unregulated',
      three_d_secure: isAuthenticated ? authenticated : null,
      transaction_link_id: null,
      wallet: null,
    },
  }
}

const authenticated = {
  authentication_flow: 'challenge',
  electronic_commerce_indicator: '05',
  exemption_indicator: null,
  result: 'authenticated',
  result_reason: null,
  transaction_id: null,
  version: '2.2.0',
} as const

/** Digits that look drawn by lot and are the same in every replay. */
function digitsOf(id: string, count: number): string {
  return Array.from(id.slice(-count), (character) => character.charCodeAt(0) % 10).join('')
}

const named = { kind: 'charge' } as const

const update: Handler<Stripe.ChargeUpdateParams> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'charges', { id: path['id'], ...named })
  refuseUnbuilt(params, ['description', 'metadata', 'receipt_email', 'shipping', 'transfer_group'])
  transaction.enterClockOf(before.customer)
  const { description, receipt_email: receipt, shipping, transfer_group: group } = params
  const after = transaction.patch('charges', before.id, {
    ...(description !== undefined && { description: description || null }),
    metadata: mergeMetadata(before.metadata, params.metadata),
    ...(receipt !== undefined && { receipt_email: checkedEmail(receipt, 'receipt_email') }),
    ...(shipping !== undefined && { shipping: shippingOf(shipping) }),
    ...(group !== undefined && { transfer_group: group || null }),
  })
  transaction.emitChange('charge.updated', 'charges', { before, after })
  return transaction.render('charges', after)
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('charges', recordInPath(transaction, 'charges', { id: path['id'], ...named }))

const list: Handler<Stripe.ChargeListParams> = (transaction, { params }) => {
  refuseUnbuilt(params, ['created', 'customer', 'payment_intent', 'limit', 'starting_after', 'ending_before'])
  const { customer, payment_intent: intent } = params
  const where = (charge: Charge): boolean =>
    (customer === undefined || charge.customer === customer) && isWithin(charge.created, params.created)
  const page = transaction.page('charges', params, { ...bucketOf(customer, intent), where, kind: 'charge' })
  return listReply(transaction, 'charges', { page, url: '/v1/charges' })
}

function bucketOf(
  customer: string | undefined,
  intent: string | undefined,
): { index?: 'customer' | 'payment_intent'; key?: string } {
  if (intent !== undefined) return { index: 'payment_intent', key: intent }
  return customer === undefined ? {} : { index: 'customer', key: customer }
}

export const chargesHandlers: Handlers = {
  'charges.list': list,
  'charges.retrieve': retrieve,
  'charges.update': update,
}
