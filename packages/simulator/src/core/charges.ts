import type Stripe from 'stripe'
import { isWithin } from './lists.js'
import type { Decline } from './cards.js'
import { listReply, type Handler, type Handlers } from './handler.js'
import type { Records } from './records.js'
import type { Transaction } from './transaction.js'

type Charge = Records['charges']

/** Takes the money for a payment intent, or records that the bank refused. */
export function createCharge(transaction: Transaction, intent: Records['payment_intents'], decline?: Decline): Charge {
  const method = intent.payment_method === null ? undefined : transaction.get('payment_methods', intent.payment_method)
  const isPaid = decline === undefined
  const charge: Charge = {
    id: transaction.newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: isPaid ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method?.billing_details ?? { address: null, email: null, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: null,
    captured: isPaid,
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
    outcome: outcomeOf(decline),
    paid: isPaid,
    payment_intent: intent.id,
    payment_method: intent.payment_method,
    payment_method_details: detailsOf(intent, method),
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: isPaid ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: null,
  }
  transaction.put('charges', charge)
  transaction.emit(isPaid ? 'charge.succeeded' : 'charge.failed', 'charges', charge)
  return charge
}

function outcomeOf(decline: Decline | undefined): Charge['outcome'] {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: decline === undefined ? 'approved_by_network' : 'declined_by_network',
    reason: decline?.declineCode ?? null,
    risk_level: 'normal',
    risk_score: 0,
    seller_message:
      decline === undefined ? 'Payment complete.' : 'The bank did not return any further details with this decline.',
    type: decline === undefined ? 'authorized' : 'issuer_declined',
  }
}

function detailsOf(
  intent: Records['payment_intents'],
  method: Records['payment_methods'] | undefined,
): Charge['payment_method_details'] {
  const card = method?.card
  if (card === undefined) return null
  return {
    type: 'card',
    card: {
      amount_authorized: intent.amount,
      authorization_code: null,
      brand: card.brand,
      checks: card.checks,
      country: card.country,
      electronic_commerce_indicator: null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card.fingerprint ?? null,
      funding: card.funding,
      installments: null,
      last4: card.last4,
      mandate: null,
      network: card.brand,
      network_transaction_id: null,
      regulated_status: 'unregulated',
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
  }
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('charges', transaction.require('charges', path['id'] ?? '', { kind: 'charge' }))

const list: Handler<Stripe.ChargeListParams> = (transaction, { params }) => {
  const { customer, payment_intent: intent } = params
  const where = (charge: Charge): boolean =>
    (customer === undefined || charge.customer === customer) && isWithin(charge.created, params.created)
  const bucket = intent === undefined ? {} : { index: 'payment_intent' as const, key: intent }
  const page = transaction.page('charges', params, { ...bucket, where, kind: 'charge' })
  return listReply(transaction, 'charges', { page, url: '/v1/charges' })
}

export const chargesHandlers: Handlers = { 'charges.retrieve': retrieve, 'charges.list': list }
