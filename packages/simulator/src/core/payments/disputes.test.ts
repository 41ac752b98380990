import { expect, test } from 'vitest'
import type { Records } from '../records.js'
import { Bench, DAY, START } from '../testing/bench.js'

type Dispute = Records['disputes']

const pay = {
  amount: 1000,
  currency: 'usd',
  confirm: true,
  return_url: 'https://example.com/back',
  capture_method: 'automatic',
}

function disputed(bench: Bench, card: string): { readonly dispute: Dispute; readonly charge: string } {
  const params = { ...pay, payment_method: card }
  const intent = bench.run<Records['payment_intents']>('payment_intents.create', params)
  const [dispute] = bench.run<{ data: readonly Dispute[] }>('disputes.list', { payment_intent: intent.id }).data
  if (dispute === undefined) throw new Error('Nothing was disputed.')
  return { dispute, charge: intent.latest_charge ?? '' }
}

function balanceOf(bench: Bench): number {
  return bench.all('balance_transactions').reduce((sum, { net }) => sum + net, 0)
}

test('a disputed charge is taken back at once, with a fee', () => {
  const bench = new Bench()
  const { charge, dispute } = disputed(bench, 'pm_card_createDispute')
  expect(bench.takeEvents().slice(-4)).toEqual([
    'charge.succeeded',
    'payment_intent.succeeded',
    'charge.dispute.created',
    'charge.dispute.funds_withdrawn',
  ])
  expect(dispute).toMatchObject({
    amount: 1000,
    charge,
    evidence_details: { due_by: Date.parse('2026-01-24T23:59:59Z') / 1000, has_evidence: false, submission_count: 0 },
    is_charge_refundable: false,
    payment_method_details: { card: { case_type: 'chargeback', network_reason_code: '10.4' }, type: 'card' },
    reason: 'fraudulent',
    status: 'needs_response',
  })
  expect(dispute.balance_transactions).toMatchObject([{ amount: -1000, fee: 1500, net: -2500, type: 'adjustment' }])
  expect(bench.get('charges', charge).disputed).toBe(true)
  expect(bench.fail('refunds.create', { charge }).code).toBe('charge_disputed')
})

test.each([
  ['winning_evidence', 'won', ['charge.dispute.closed', 'charge.dispute.funds_reinstated'], 1000 - 59 - 1500],
  ['losing_evidence', 'lost', ['charge.dispute.closed'], -59 - 1500],
])('%s is decided as %s', (text, status, events, balance) => {
  const bench = new Bench()
  const { dispute } = disputed(bench, 'pm_card_createDispute')
  bench.takeEvents()
  const sent = bench.run<Dispute>('disputes.update', { evidence: { uncategorized_text: text } }, dispute.id)
  expect(sent).toMatchObject({
    evidence_details: { has_evidence: true, submission_count: 1, submission_method: 'manual' },
    status: 'under_review',
  })
  expect(bench.takeEvents()).toEqual(['charge.dispute.updated'])
  bench.advanceTo(bench.now + 4)
  expect(bench.get('disputes', dispute.id).status).toBe(status)
  expect(bench.takeEvents()).toEqual(events)
  expect(balanceOf(bench)).toBe(balance)
  bench.advanceTo(START + 100 * DAY)
  expect(bench.takeEvents().filter((type) => type.startsWith('charge.dispute'))).toEqual([])
})

test('evidence that is not submitted is kept, and emptied by name', () => {
  const bench = new Bench()
  const { dispute } = disputed(bench, 'pm_card_createDisputeProductNotReceived')
  expect(dispute.reason).toBe('product_not_received')
  const evidence = { customer_name: 'Ada', product_description: 'Shoes' }
  bench.run('disputes.update', { evidence, submit: false }, dispute.id)
  const after = bench.run<Dispute>('disputes.update', { evidence: { customer_name: '' }, submit: false }, dispute.id)
  expect(after.evidence).toMatchObject({ customer_name: null, product_description: 'Shoes' })
  expect(after).toMatchObject({
    status: 'needs_response',
    evidence_details: { submission_count: 0, has_evidence: true },
  })
  expect(bench.run('disputes.update', { metadata: { foo: 'bar' } }, dispute.id)).toMatchObject({
    metadata: { foo: 'bar' },
  })
})

test('what nobody answers is lost on the day', () => {
  const bench = new Bench()
  const { dispute } = disputed(bench, 'pm_card_createDispute')
  bench.takeEvents()
  bench.advanceTo((dispute.evidence_details.due_by ?? 0) - 1)
  expect(bench.get('disputes', dispute.id).status).toBe('needs_response')
  bench.advanceTo(dispute.evidence_details.due_by ?? 0)
  expect(bench.get('disputes', dispute.id)).toMatchObject({ status: 'lost', evidence_details: { past_due: true } })
  expect(bench.fail('disputes.close', {}, dispute.id).status).toBe(400)
  expect(bench.fail('disputes.update', { evidence: { customer_name: 'Ada' } }, dispute.id).status).toBe(400)
})

test('closing accepts that a dispute is lost', () => {
  const bench = new Bench()
  const { dispute } = disputed(bench, 'pm_card_createDispute')
  bench.takeEvents()
  expect(bench.run('disputes.close', {}, dispute.id)).toMatchObject({ status: 'lost' })
  expect(bench.takeEvents()).toEqual(['charge.dispute.closed'])
  bench.advanceTo(START + 100 * DAY)
  expect(bench.takeEvents()).toEqual([])
})

test('an inquiry takes no money, and its charge can be refunded', () => {
  const bench = new Bench()
  const { charge, dispute } = disputed(bench, 'pm_card_createDisputeInquiry')
  expect(dispute).toMatchObject({
    status: 'warning_needs_response',
    is_charge_refundable: true,
    balance_transactions: [],
  })
  expect(bench.takeEvents()).not.toContain('charge.dispute.funds_withdrawn')
  bench.run('refunds.create', { charge })
  expect(bench.run('disputes.close', {}, dispute.id)).toMatchObject({ status: 'warning_closed' })
})

test('an inquiry that nobody escalates is over after 120 days', () => {
  const bench = new Bench()
  const { dispute } = disputed(bench, 'pm_card_createDisputeInquiry')
  bench.advanceTo(START + 120 * DAY)
  expect(bench.get('disputes', dispute.id).status).toBe('warning_closed')
  expect(balanceOf(bench)).toBe(1000 - 59)
})

test('an escalated inquiry is a dispute, and can be won', () => {
  const bench = new Bench()
  const { dispute } = disputed(bench, 'pm_card_createDisputeInquiry')
  const evidence = { uncategorized_text: 'escalate_inquiry_evidence' }
  expect(bench.run('disputes.update', { evidence }, dispute.id)).toMatchObject({ status: 'warning_under_review' })
  bench.takeEvents()
  bench.advanceTo(bench.now + 4)
  expect(bench.takeEvents()).toEqual(['charge.dispute.updated', 'charge.dispute.funds_withdrawn'])
  expect(bench.get('disputes', dispute.id)).toMatchObject({ status: 'needs_response', is_charge_refundable: false })
  bench.run('disputes.update', { evidence: { uncategorized_text: 'winning_evidence' } }, dispute.id)
  bench.advanceTo(bench.now + 4)
  expect(bench.get('disputes', dispute.id).status).toBe('won')
})

test.each([
  ['pm_card_createMultipleDisputes', ['fraudulent', 'fraudulent'], []],
  ['pm_card_createCe3EligibleDispute', ['fraudulent'], ['visa_compelling_evidence_3']],
  ['pm_card_createComplianceDispute', ['noncompliant'], ['visa_compliance']],
])('%s', (card, reasons, eligible) => {
  const bench = new Bench()
  disputed(bench, card)
  const disputes = bench.all('disputes')
  expect(disputes.map(({ reason }) => reason)).toEqual(reasons)
  expect(disputes.reduce((sum, { amount }) => sum + amount, 0)).toBe(1000)
  expect(disputes.flatMap((dispute) => dispute.enhanced_eligibility_types)).toEqual(eligible)
})

test('a warning calls for something until the charge is refunded', () => {
  const bench = new Bench()
  const params = { ...pay, payment_method: 'pm_card_createIssuerFraudRecord' }
  const intent = bench.run<Records['payment_intents']>('payment_intents.create', params)
  expect(bench.takeEvents()).toContain('radar.early_fraud_warning.created')
  const [warning] = bench.all('early_fraud_warnings')
  const id = warning?.id ?? ''
  expect(bench.run('early_fraud_warnings.retrieve', {}, id)).toMatchObject({
    actionable: true,
    payment_intent: intent.id,
  })
  bench.run('refunds.create', { payment_intent: intent.id })
  expect(bench.run('early_fraud_warnings.retrieve', {}, id)).toMatchObject({ actionable: false })
})
