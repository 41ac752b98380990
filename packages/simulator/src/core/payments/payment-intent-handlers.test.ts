import { describe, expect, test } from 'vitest'
import type { Records } from '../records.js'
import { Bench, DAY, START } from '../testing/bench.js'

type PaymentIntent = Records['payment_intents']

const back = 'https://example.com/back'
const ten = { amount: 1000, currency: 'usd' }

test.each([
  ['return_url', back],
  ['off_session', true],
  ['error_on_requires_action', true],
  ['mandate_data', { customer_acceptance: { type: 'offline' } }],
])('%s is for what is confirmed at once', (param, value) => {
  const message = `The parameter \`${param}\` cannot be passed when creating a PaymentIntent unless \`confirm\` is set to true.`
  const refusal = { status: 400, code: 'payment_intent_invalid_parameter', message, param }
  expect(new Bench().fail('payment_intents.create', { ...ten, [param]: value })).toMatchObject(refusal)
})

describe('capturing by hand', () => {
  const held = { ...ten, payment_method: 'pm_card_visa', capture_method: 'manual', confirm: true, return_url: back }

  test('sets aside first and takes a part later', () => {
    const bench = new Bench()
    const intent = bench.run<PaymentIntent>('payment_intents.create', held)
    expect(intent).toMatchObject({ status: 'requires_capture', amount_capturable: 1000, amount_received: 0 })
    expect(bench.get('charges', intent.latest_charge ?? '')).toMatchObject({
      captured: false,
      amount_captured: 0,
      balance_transaction: null,
    })
    expect(bench.takeEvents()).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.amount_capturable_updated',
    ])
    expect(bench.fail('payment_intents.capture', { amount_to_capture: 1001 }, intent.id).code).toBe('amount_too_large')
    const after = bench.run('payment_intents.capture', { amount_to_capture: 600 }, intent.id)
    expect(after).toMatchObject({ status: 'succeeded', amount_capturable: 0, amount_received: 600 })
    expect(bench.get('charges', intent.latest_charge ?? '')).toMatchObject({ captured: true, amount_captured: 600 })
    expect(bench.takeEvents()).toEqual(['charge.captured', 'payment_intent.succeeded'])
    expect(bench.fail('payment_intents.capture', {}, intent.id).code).toBe('payment_intent_unexpected_state')
    bench.advanceTo(START + 30 * DAY)
    expect(bench.takeEvents()).toEqual([])
  })

  test('canceling releases what was set aside', () => {
    const bench = new Bench()
    const { id, latest_charge: charge } = bench.run<PaymentIntent>('payment_intents.create', held)
    bench.takeEvents()
    const canceled = bench.run('payment_intents.cancel', {}, id)
    expect(canceled).toMatchObject({ status: 'canceled', amount_capturable: 0, amount_received: 0 })
    expect(bench.get('charges', charge ?? '')).toMatchObject({
      captured: false,
      refunded: true,
      balance_transaction: null,
    })
    expect(bench.takeEvents()).toEqual(['charge.refunded', 'payment_intent.canceled'])
    expect(bench.all('balance_transactions')).toEqual([])
  })

  test('what nobody captures is released after seven days', () => {
    const bench = new Bench()
    const { id, latest_charge: charge } = bench.run<PaymentIntent>('payment_intents.create', held)
    const before = bench.get('charges', charge ?? '').payment_method_details?.card?.capture_before
    expect(before).toBe(START + 7 * DAY)
    bench.advanceTo(START + 7 * DAY - 1)
    expect(bench.get('payment_intents', id).status).toBe('requires_capture')
    bench.takeEvents()
    bench.advanceTo(START + 7 * DAY)
    expect(bench.get('payment_intents', id)).toMatchObject({ status: 'canceled', cancellation_reason: 'automatic' })
    expect(bench.takeEvents()).toEqual(['charge.expired', 'payment_intent.canceled'])
  })

  test('more cannot be set aside afterwards', () => {
    const bench = new Bench()
    const { id } = bench.run('payment_intents.create', held)
    expect(bench.fail('payment_intents.increment_authorization', { amount: 2000 }, id)).toMatchObject({ status: 400 })
    expect(bench.fail('payment_intents.capture', { final_capture: false }, id).param).toBe('final_capture')
  })

  test('a charge is captured with its payment intent, and only once', () => {
    const bench = new Bench()
    const { id, latest_charge: charge } = bench.run<PaymentIntent>('payment_intents.create', held)
    bench.run('charges.capture', { amount: 700 }, charge ?? '')
    expect(bench.get('payment_intents', id)).toMatchObject({ status: 'succeeded', amount_received: 700 })
    expect(bench.fail('charges.capture', {}, charge ?? '').code).toBe('charge_already_captured')
  })
})

test('canceling', () => {
  const bench = new Bench()
  const { id } = bench.run('payment_intents.create', ten)
  const reason = 'requested_by_customer'
  const after = bench.run<PaymentIntent>('payment_intents.cancel', { cancellation_reason: reason }, id)
  expect(after).toMatchObject({ status: 'canceled', canceled_at: bench.now, cancellation_reason: reason })
  expect(bench.takeEvents()).toEqual(['payment_intent.created', 'payment_intent.canceled'])
  expect(bench.fail('payment_intents.cancel', {}, id)).toMatchObject({
    status: 400,
    code: 'payment_intent_unexpected_state',
  })
  expect(bench.fail('payment_intents.confirm', { payment_method: 'pm_card_visa', return_url: back }, id).message).toBe(
    'You cannot confirm this PaymentIntent because it has a status of canceled. Only a PaymentIntent with one of the ' +
      'following statuses may be confirmed: requires_payment_method, requires_confirmation, requires_action.',
  )
})

test('an update changes what is to be paid', () => {
  const bench = new Bench()
  const { id } = bench.run('payment_intents.create', ten)
  const customer = bench.customer(null)
  const shipping = { name: 'Ada', address: { line1: '1 Main St', country: 'US' } }
  const after = bench.run(
    'payment_intents.update',
    {
      amount: 1200,
      currency: 'eur',
      customer,
      description: 'Tea',
      receipt_email: 'ada@example.com',
      shipping,
      setup_future_usage: 'on_session',
    },
    id,
  )
  expect(after).toMatchObject({
    amount: 1200,
    currency: 'eur',
    customer,
    description: 'Tea',
    receipt_email: 'ada@example.com',
    setup_future_usage: 'on_session',
    shipping: { name: 'Ada', carrier: null, address: { line1: '1 Main St', city: null } },
  })
  const emptied = { description: '', receipt_email: '', setup_future_usage: '', shipping: '' }
  expect(bench.run('payment_intents.update', emptied, id)).toMatchObject({
    description: null,
    receipt_email: null,
    setup_future_usage: null,
    shipping: null,
  })
})

test('payments and charges are listed by customer', () => {
  const bench = new Bench()
  const [one, two] = [bench.customer(), bench.customer()]
  for (const customer of [one, two, one]) {
    const { default_payment_method: method } = bench.get('customers', customer).invoice_settings
    bench.run('payment_intents.create', { ...ten, customer, payment_method: method, confirm: true, off_session: true })
  }
  interface List {
    readonly data: readonly { readonly id: string; readonly customer: string }[]
    readonly url: string
  }
  const intents = bench.run<List>('payment_intents.list', { customer: one })
  expect(intents.data.map((intent) => intent.customer)).toEqual([one, one])
  const charges = bench.run<List>('charges.list', { customer: two })
  expect(charges.data.map((charge) => charge.customer)).toEqual([two])
  const [first] = intents.data
  expect(bench.run<List>('charges.list', { payment_intent: first?.id }).data).toHaveLength(1)
  expect(bench.run<List>('charges.list', {}).data).toHaveLength(3)
})

test('a charge keeps notes that are added later', () => {
  const bench = new Bench()
  const { latest_charge: id } = bench.run<PaymentIntent>('payment_intents.create', {
    ...ten,
    payment_method: 'pm_card_visa',
    confirm: true,
    return_url: back,
  })
  const after = bench.run('charges.update', { description: 'Tea', metadata: { order: '7' } }, id ?? '')
  expect(after).toMatchObject({ description: 'Tea', metadata: { order: '7' } })
  expect(bench.lastEvent('charge.updated').data.previous_attributes).toEqual({
    description: null,
    metadata: { order: null },
  })
})
