import { settingsOf } from '../account-settings.js'
import { checkCard } from './card-checks.js'
import { detailsOf } from './charge-details.js'
import { testCardOf, type Decline } from './cards.js'
import type { Charge, ChargeOptions, ChargeRequest, PaymentMethod } from './charge-request.js'
import type { Transaction } from '../transaction.js'

const DAY = 86_400

/** Seconds for which a card's bank sets an amount aside. https://docs.stripe.com/payments/place-a-hold-on-a-payment-method */
export const LONGEST_HOLD = 7 * DAY

/** The charge that a request for money becomes. */
export function chargeOf(transaction: Transaction, wanted: ChargeRequest, options: ChargeOptions): Charge {
  const { decline, isPending = false } = options
  const method = checkCard(transaction, wanted.payment_method ?? '')
  const id = transaction.newId(method.type === 'card' ? 'ch' : 'py')
  const isTaken = decline === undefined
  const isCaptured = isTaken && wanted.capture_method !== 'manual'
  const { origin } = settingsOf(transaction)
  return {
    id,
    object: 'charge',
    amount: wanted.amount,
    amount_captured: isCaptured ? wanted.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'SIMULATED ACCOUNT',
    captured: isCaptured,
    created: transaction.now,
    currency: wanted.currency,
    customer: wanted.customer,
    description: wanted.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: wanted.metadata,
    on_behalf_of: null,
    outcome: outcomeOf(transaction, method, decline),
    paid: isTaken && !isPending,
    payment_intent: wanted.paymentIntent,
    payment_method: method.id,
    payment_method_details: detailsOf(id, method, {
      amount: wanted.amount,
      captureBefore: isTaken && !isCaptured ? transaction.now + LONGEST_HOLD : null,
      ...options,
    }),
    radar_options: {},
    receipt_email: wanted.receipt_email,
    receipt_number: null,
    receipt_url: isTaken && !isPending ? `${origin}/receipts/${id}` : null,
    refunded: false,
    review: null,
    shipping: wanted.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: wanted.statement_descriptor,
    statement_descriptor_suffix: wanted.statement_descriptor_suffix,
    status: !isTaken ? 'failed' : isPending ? 'pending' : 'succeeded',
    transfer_data: null,
    transfer_group: wanted.transfer_group,
  }
}

const RISK_SCORES = { normal: 20, elevated: 70, highest: 95 } as const

/** What the bank, or Stripe in its place, made of a charge. */
function outcomeOf(transaction: Transaction, method: PaymentMethod, decline: Decline | undefined): Charge['outcome'] {
  const risk = riskOf(transaction, method)
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

/** Only cards are looked at by Stripe's fraud prevention. */
function riskOf(transaction: Transaction, method: PaymentMethod): { risk_level: string; risk_score?: number } {
  if (method.type !== 'card') return { risk_level: 'not_assessed' }
  const { riskLevel } = testCardOf(transaction.load('card_behaviours', method.id).number)
  return { risk_level: riskLevel, risk_score: RISK_SCORES[riskLevel] }
}

function wordsOf({ declineCode }: Decline): string {
  if (declineCode === 'generic_decline') return 'The bank did not return any further details with this decline.'
  return `The bank returned the decline code \`${declineCode}\`.`
}
