import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Records } from '../records.js'
import { Bench, START } from '../testing/bench.js'

type PaymentIntent = Records['payment_intents']
type Refund = Records['refunds']

const base = { amount: 1000, currency: 'usd', confirm: true, return_url: 'https://example.com/back' }

function paid(bench: Bench, params: object = {}): { readonly intent: string; readonly charge: string } {
  const intent = bench.run<PaymentIntent>('payment_intents.create', {
    ...base,
    payment_method: 'pm_card_visa',
    capture_method: 'automatic',
    ...params,
  })
  bench.takeEvents()
  return { intent: intent.id, charge: intent.latest_charge ?? '' }
}

function refund(bench: Bench, params: object): Refund {
  return bench.run<Refund>('refunds.create', params)
}

test('a refund gives all of a charge back, and the bank names its reference later', () => {
  const bench = new Bench()
  const { charge, intent } = paid(bench, { description: 'Shoes' })
  const made = refund(bench, { payment_intent: intent, reason: 'requested_by_customer', metadata: { order: '7' } })
  expect(made).toMatchObject({
    amount: 1000,
    charge,
    payment_intent: intent,
    destination_details: { type: 'card', card: { reference_status: 'pending', type: 'refund' } },
    metadata: { order: '7' },
    reason: 'requested_by_customer',
    status: 'succeeded',
  })
  expect(bench.get('charges', charge)).toMatchObject({ amount_refunded: 1000, refunded: true })
  expect(bench.takeEvents()).toEqual(['refund.created', 'charge.refunded'])
  bench.advanceTo(START + 2)
  const { card } = bench.get('refunds', made.id).destination_details ?? {}
  expect(card).toMatchObject({ reference_status: 'available' })
  expect(card?.reference).toMatch(/^\d{16}$/)
  expect(bench.takeEvents()).toEqual(['refund.updated', 'charge.refund.updated'])
  expect(bench.get('balance_transactions', made.balance_transaction ?? '')).toMatchObject({
    amount: -1000,
    description: 'REFUND FOR CHARGE (Shoes)',
    fee: 0,
    net: -1000,
    source: made.id,
    type: 'refund',
  })
})

test('parts of a charge are refunded until nothing is left', () => {
  const bench = new Bench()
  const { charge } = paid(bench)
  refund(bench, { charge, amount: 300 })
  expect(bench.get('charges', charge)).toMatchObject({ amount_refunded: 300, refunded: false })
  expect(bench.lastEvent('charge.refunded').data.previous_attributes).toMatchObject({ amount_refunded: 0 })
  expect(bench.fail('refunds.create', { charge, amount: 701 })).toMatchObject({
    message: 'Refund amount ($7.01) is greater than unrefunded amount on charge ($7.00)',
    param: 'amount',
    status: 400,
  })
  expect(refund(bench, { charge }).amount).toBe(700)
  expect(bench.get('charges', charge)).toMatchObject({ amount_refunded: 1000, refunded: true })
  const again = bench.fail('refunds.create', { charge })
  expect(again).toMatchObject({
    code: 'charge_already_refunded',
    message: `Charge ${charge} has already been refunded.`,
  })
})

test('what was captured is what can be refunded', () => {
  const bench = new Bench()
  const { charge, intent } = paid(bench, { capture_method: 'manual' })
  expect(bench.fail('refunds.create', { charge }).status).toBe(400)
  bench.run('payment_intents.capture', { amount_to_capture: 600 }, intent)
  expect(bench.fail('refunds.create', { charge, amount: 601 }).message).toBe(
    'Refund amount ($6.01) is greater than charge amount ($6.00)',
  )
  expect(refund(bench, { charge }).amount).toBe(600)
})

describe('cards whose refunds take their time', () => {
  test('7726: pending, then succeeded', () => {
    const bench = new Bench()
    const { charge } = paid(bench, { payment_method: 'pm_card_pendingRefund' })
    const made = refund(bench, { charge })
    expect(made).toMatchObject({ status: 'pending', pending_reason: 'processing' })
    bench.takeEvents()
    bench.advanceTo(START + 10)
    expect(bench.get('refunds', made.id).status).toBe('succeeded')
    expect(bench.get('refunds', made.id)).not.toHaveProperty('pending_reason')
    expect(bench.lastEvent('refund.updated').data.previous_attributes).toMatchObject({ status: 'pending' })
  })

  test('5126: succeeded, then failed, and the money is the account’s again', () => {
    const bench = new Bench()
    const { charge } = paid(bench, { payment_method: 'pm_card_refundFail' })
    const made = refund(bench, { charge })
    expect(made.status).toBe('succeeded')
    bench.takeEvents()
    bench.advanceTo(START + 10)
    const failed = bench.get('refunds', made.id)
    expect(failed).toMatchObject({ status: 'failed', failure_reason: 'expired_or_canceled_card' })
    expect(bench.takeEvents()).toEqual(['refund.updated', 'charge.refund.updated', 'refund.failed'])
    expect(bench.get('charges', charge)).toMatchObject({ amount_refunded: 0, refunded: false })
    expect(bench.get('balance_transactions', String(failed.failure_balance_transaction))).toMatchObject({
      amount: 1000,
      type: 'refund_failure',
    })
  })
})

test('a refund can be noted on, listed and not canceled', () => {
  const bench = new Bench()
  const { charge, intent } = paid(bench)
  const first = refund(bench, { charge, amount: 100 })
  const second = refund(bench, { charge, amount: 200 })
  bench.takeEvents()
  expect(bench.run('refunds.update', { metadata: { order_id: '6735' } }, first.id)).toMatchObject({
    metadata: { order_id: '6735' },
  })
  expect(bench.takeEvents()).toEqual(['refund.updated', 'charge.refund.updated'])
  const ids = (params: object): string[] =>
    bench.run<{ data: readonly Refund[] }>('refunds.list', params).data.map(({ id }) => id)
  expect(ids({ charge })).toEqual([second.id, first.id])
  expect(ids({ payment_intent: intent })).toEqual([second.id, first.id])
  expect(ids({ payment_intent: paid(bench).intent })).toEqual([])
  expect(bench.fail('refunds.cancel', {}, first.id).status).toBe(400)
})

test.each([
  [{}, undefined, undefined],
  [{ charge: 'ch_none' }, 'resource_missing', 'charge'],
  [{ payment_intent: 'pi_none' }, 'resource_missing', 'payment_intent'],
])('a refund of %o is refused', (params, code, param) => {
  const refusal = new Bench().fail('refunds.create', params)
  expect([refusal.status, refusal.code, refusal.param]).toEqual([400, code, param])
})

test('a payment that did not succeed has nothing to refund', () => {
  const bench = new Bench()
  const { id } = bench.run('payment_intents.create', { amount: 1000, currency: 'usd' })
  expect(bench.fail('refunds.create', { payment_intent: id }).message).toBe(
    `This PaymentIntent (${id}) does not have a successful charge to refund.`,
  )
  bench.try(
    'payment_intents.confirm',
    { payment_method: 'pm_card_chargeCustomerFail', return_url: base.return_url },
    id,
  )
  expect(bench.fail('refunds.create', { payment_intent: id }).param).toBe('payment_intent')
})

test('whatever is refunded, never more than was taken, and the balance tells the same', () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(amounts, fc.constantFrom('pm_card_visa', 'pm_card_refundFail'), (wanted, card) => {
      const bench = new Bench()
      const { charge } = paid(bench, { payment_method: card })
      for (const amount of wanted) {
        bench.try('refunds.create', { charge, amount })
        bench.advanceTo(bench.now + 3)
      }
      bench.advanceTo(bench.now + 100)
      const { amount_refunded: refunded } = bench.get('charges', charge)
      const refunds = bench.all('refunds').filter(({ status }) => status === 'succeeded')
      expect(refunds.reduce((sum, { amount }) => sum + amount, 0)).toBe(refunded)
      expect(refunded).toBeLessThanOrEqual(1000)
      const net = bench.all('balance_transactions').reduce((sum, entry) => sum + entry.net, 0)
      expect(net).toBe(1000 - 59 - refunded)
      expect(bench.all('balance_totals').reduce((sum, total) => sum + total.net, 0)).toBe(net)
    }),
    { numRuns: 50 },
  )
})
