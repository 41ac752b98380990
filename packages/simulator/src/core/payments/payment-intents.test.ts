import { describe, expect, test } from 'vitest'
import { view } from '../machine.js'
import {
  authenticatePaymentIntent,
  cancelPaymentIntent,
  confirmPaymentIntent,
  createPaymentIntent,
} from './payment-intents.js'
import type { Records } from '../records.js'
import { Bench } from '../testing/bench.js'

type PaymentIntent = Records['payment_intents']

const back = 'https://example.com/back'
const ten = { amount: 1000, currency: 'usd' }

function bankPage(bench: Bench, id: string, outcome: 'succeeded' | 'failed'): void {
  bench.run('authentication_pages.answer', { outcome }, id)
}

test('a payment: its states, its charge and its events', () => {
  const bench = new Bench()
  const customer = bench.customer()
  bench.takeEvents()
  const intent = bench.run<PaymentIntent>('payment_intents.create', {
    ...ten,
    customer,
    description: 'Coffee',
    metadata: { order: '7' },
  })
  expect(intent).toMatchObject({ status: 'requires_payment_method', amount_received: 0, latest_charge: null })
  expect(intent.automatic_payment_methods).toEqual({ allow_redirects: 'always', enabled: true })
  expect(intent.client_secret).toMatch(new RegExp(`^${intent.id}_secret_\\w+$`))
  bench.run('payment_intents.update', { payment_method: 'pm_card_visa' }, intent.id)
  expect(bench.get('payment_intents', intent.id).status).toBe('requires_confirmation')
  const after = bench.run<PaymentIntent>('payment_intents.confirm', { return_url: back }, intent.id)
  expect(after).toMatchObject({ status: 'succeeded', amount_received: 1000 })
  expect(bench.get('charges', after.latest_charge ?? '')).toMatchObject({
    amount_captured: 1000,
    captured: true,
    customer,
    description: 'Coffee',
    metadata: { order: '7' },
    outcome: { network_status: 'approved_by_network', seller_message: 'Payment complete.', type: 'authorized' },
    paid: true,
    payment_intent: intent.id,
    payment_method: after.payment_method,
    payment_method_details: { type: 'card', card: { last4: '4242', three_d_secure: null } },
    status: 'succeeded',
  })
  expect(bench.takeEvents()).toEqual(['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded'])
})

test('the money shows in the balance a moment later, less the fee', () => {
  const bench = new Bench()
  const { latest_charge: id } = bench.run<PaymentIntent>('payment_intents.create', {
    amount: 2500,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    confirm: true,
    return_url: back,
  })
  expect(bench.get('charges', id ?? '').balance_transaction).toBeNull()
  bench.takeEvents()
  bench.advanceTo(bench.now + 60)
  expect(bench.lastEvent('charge.updated').data.previous_attributes).toEqual({ balance_transaction: null })
  const { balance_transaction: transaction } = bench.get('charges', id ?? '')
  expect(bench.run('balance_transactions.retrieve', {}, transaction ?? '')).toMatchObject({
    amount: 2500,
    fee: 103,
    net: 2397,
    source: id,
    status: 'pending',
  })
})

test.each([
  [1000, 59],
  [1900, 85],
  [2500, 103],
  [22_500, 683],
  [25_000, 755],
])('of %i Stripe keeps %i', (amount, fee) => {
  const bench = new Bench()
  const params = {
    amount,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    confirm: true,
    return_url: back,
    capture_method: 'automatic',
  }
  bench.run('payment_intents.create', params)
  expect(bench.all('balance_transactions')).toMatchObject([{ amount, fee, net: amount - fee }])
})

test('a decline answers 402 and leaves a failed charge and the reason', () => {
  const bench = new Bench()
  const params = {
    ...ten,
    payment_method: 'pm_card_visa_chargeDeclinedInsufficientFunds',
    confirm: true,
    return_url: back,
  }
  expect(bench.fail('payment_intents.create', params)).toMatchObject({ decline_code: 'insufficient_funds' })
})

test('a declined payment waits for another card and takes it', () => {
  const bench = new Bench()
  const refusal = bench.fail('payment_intents.create', {
    ...ten,
    payment_method: 'pm_card_chargeCustomerFail',
    confirm: true,
    return_url: back,
  })
  const [charge] = bench.all('charges')
  expect(refusal).toMatchObject({
    status: 402,
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'generic_decline',
    charge: charge?.id,
    doc_url: 'https://stripe.com/docs/error-codes/card-declined',
    payment_intent: { status: 'requires_payment_method' },
    payment_method: { card: { last4: '0341' } },
  })
  expect(charge).toMatchObject({
    amount_captured: 0,
    balance_transaction: null,
    failure_code: 'card_declined',
    failure_message: 'Your card was declined.',
    outcome: { network_status: 'declined_by_network', reason: 'generic_decline', type: 'issuer_declined' },
    paid: false,
    status: 'failed',
  })
  const [intent] = bench.all('payment_intents')
  expect(intent).toMatchObject({
    latest_charge: charge?.id,
    payment_method: null,
    status: 'requires_payment_method',
    last_payment_error: {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'generic_decline',
      charge: charge?.id,
      payment_method: { card: { last4: '0341' } },
    },
  })
  expect(bench.takeEvents()).toEqual(['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed'])
  const params = { payment_method: 'pm_card_visa', return_url: back }
  const after = bench.run<PaymentIntent>('payment_intents.confirm', params, intent?.id)
  expect(after).toMatchObject({ status: 'succeeded', last_payment_error: null })
  expect(bench.takeEvents()).toEqual(['charge.succeeded', 'payment_intent.succeeded'])
})

test('a payment that is too risky never reaches the bank', () => {
  const bench = new Bench()
  bench.fail('payment_intents.create', {
    ...ten,
    payment_method: 'pm_card_radarBlock',
    confirm: true,
    return_url: back,
  })
  expect(bench.all('charges')).toMatchObject([
    {
      outcome: {
        type: 'blocked',
        network_status: 'not_sent_to_network',
        reason: 'highest_risk_level',
        risk_level: 'highest',
      },
    },
  ])
})

describe('3-D Secure', () => {
  const params = { ...ten, payment_method: 'pm_card_authenticationRequired', confirm: true, return_url: back }

  test('the customer is sent to the bank and comes back', () => {
    const bench = new Bench()
    const intent = bench.run<PaymentIntent>('payment_intents.create', params)
    expect(intent).toMatchObject({
      status: 'requires_action',
      latest_charge: null,
      next_action: {
        type: 'redirect_to_url',
        redirect_to_url: { return_url: back, url: `http://localhost/3ds/${intent.id}` },
      },
    })
    expect(bench.takeEvents()).toEqual(['payment_intent.created', 'payment_intent.requires_action'])
    bankPage(bench, intent.id, 'succeeded')
    expect(bench.get('payment_intents', intent.id)).toMatchObject({ status: 'succeeded', next_action: null })
    const threeDSecure = { authentication_flow: 'challenge', result: 'authenticated' }
    expect(bench.all('charges')).toMatchObject([{ payment_method_details: { card: { three_d_secure: threeDSecure } } }])
    expect(bench.takeEvents()).toEqual(['charge.succeeded', 'payment_intent.succeeded'])
  })

  test('failing at the bank leaves no charge', () => {
    const bench = new Bench()
    const { id } = bench.run('payment_intents.create', params)
    bench.takeEvents()
    bankPage(bench, id, 'failed')
    expect(bench.get('payment_intents', id)).toMatchObject({ status: 'requires_payment_method', next_action: null })
    expect(bench.takeEvents()).toEqual(['payment_intent.payment_failed'])
    expect(bench.all('charges')).toEqual([])
  })

  test('without the customer the bank declines', () => {
    const bench = new Bench()
    const refusal = bench.fail('payment_intents.create', {
      ...ten,
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
      off_session: true,
    })
    expect(refusal).toMatchObject({
      status: 402,
      code: 'authentication_required',
      decline_code: 'authentication_required',
      message: 'Your card was declined. This transaction requires authentication.',
    })
    expect(bench.all('charges')).toMatchObject([{ status: 'failed', failure_code: 'authentication_required' }])
  })

  test('a client that cannot show the bank may ask for an error; nothing is kept then', () => {
    const bench = new Bench()
    const refusal = bench.fail('payment_intents.create', { ...params, error_on_requires_action: true })
    expect(refusal).toMatchObject({ status: 402, code: 'authentication_required' })
    expect(bench.all('payment_intents')).toEqual([])
  })

  test('a card that does without is challenged when the merchant asks for it', () => {
    const bench = new Bench()
    const options = { card: { request_three_d_secure: 'any' } }
    const asked = { ...params, payment_method: 'pm_card_threeDSecureOptional', payment_method_options: options }
    expect(bench.run('payment_intents.create', asked)).toMatchObject({ status: 'requires_action' })
    const plain = { ...params, payment_method: 'pm_card_threeDSecureOptional' }
    expect(bench.run('payment_intents.create', plain)).toMatchObject({ status: 'succeeded' })
  })
})

describe('later use', () => {
  test('a card is kept for the customer only after it has paid', () => {
    const bench = new Bench()
    const customer = bench.customer(null)
    const keep = { ...ten, customer, setup_future_usage: 'off_session', confirm: true, return_url: back }
    bench.takeEvents()
    bench.fail('payment_intents.create', { ...keep, payment_method: 'pm_card_chargeDeclined' })
    expect(bench.takeEvents()).not.toContain('payment_method.attached')
    const paid = bench.run<PaymentIntent>('payment_intents.create', { ...keep, payment_method: 'pm_card_visa' })
    expect(bench.takeEvents()).toEqual([
      'payment_intent.created',
      'payment_method.attached',
      'charge.succeeded',
      'payment_intent.succeeded',
    ])
    expect(bench.get('payment_methods', paid.payment_method ?? '').customer).toBe(customer)
  })

  test('a payment on session sets the card up for payments off session', () => {
    const bench = new Bench()
    const customer = bench.customer(null)
    const card = { payment_method: 'pm_card_authenticationRequiredOnSetup', confirm: true, return_url: back }
    const first = bench.run<PaymentIntent>('payment_intents.create', {
      ...ten,
      ...card,
      customer,
      setup_future_usage: 'off_session',
    })
    bankPage(bench, first.id, 'succeeded')
    const again = { ...ten, customer, payment_method: first.payment_method, confirm: true, off_session: true }
    expect(bench.run('payment_intents.create', again)).toMatchObject({ status: 'succeeded' })
  })

  test('a card that was not kept pays once', () => {
    const bench = new Bench()
    const paid = bench.run<PaymentIntent>('payment_intents.create', {
      ...ten,
      payment_method: 'pm_card_visa',
      confirm: true,
      return_url: back,
    })
    const again = { ...ten, payment_method: paid.payment_method, confirm: true, return_url: back }
    expect(bench.fail('payment_intents.create', again).message).toContain('It may not be used again.')
    const customer = bench.customer(null)
    expect(bench.fail('payment_methods.attach', { customer }, paid.payment_method ?? '').message).toContain(
      'It may not be used again.',
    )
  })
})

test('a card pays for its own customer alone', () => {
  const bench = new Bench()
  const [owner, other] = [bench.customer(), bench.customer(null)]
  const method = bench.get('customers', owner).invoice_settings.default_payment_method
  const params = { ...ten, payment_method: method, confirm: true, return_url: back }
  expect(bench.fail('payment_intents.create', { ...params, customer: other })).toMatchObject({
    status: 400,
    code: 'resource_missing',
  })
  expect(bench.fail('payment_intents.create', params).message).toContain(`belongs to the Customer ${owner}`)
  expect(bench.run('payment_intents.create', { ...params, customer: owner })).toMatchObject({ status: 'succeeded' })
})

test('what invoices and Checkout use is as strict as the API', () => {
  const bench = new Bench()
  const [owner, other] = [bench.customer(), bench.customer(null)]
  const method = bench.get('customers', owner).invoice_settings.default_payment_method ?? ''
  const transaction = view(bench.state, bench.now, '2026-10-28.endive')
  const { id } = createPaymentIntent(transaction, { ...ten, customer: other, orderReference: 'in_1' })
  expect(transaction.load('payment_intents', id).payment_details).toEqual({
    customer_reference: null,
    order_reference: 'in_1',
  })
  expect(() => confirmPaymentIntent(transaction, id, { paymentMethod: method })).toThrow(
    'must be attached to the customer',
  )
  expect(() => authenticatePaymentIntent(transaction, id, 'succeeded')).toThrow('waits for no authentication')
  const card = 'pm_card_authenticationRequired'
  const waiting = confirmPaymentIntent(transaction, id, {
    paymentMethod: card,
    offSession: true,
    whenOffSession: 'wait',
  })
  expect(waiting.status).toBe('requires_action')
  expect(authenticatePaymentIntent(transaction, id, 'succeeded').status).toBe('succeeded')
  expect(() => confirmPaymentIntent(transaction, id, { paymentMethod: 'pm_card_visa' })).toThrow('already succeeded')
  expect(cancelPaymentIntent(transaction, id).status).toBe('succeeded')
})
