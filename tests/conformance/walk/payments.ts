import { holding, idOf, type Stretches, type Walk } from './walk.js'

const TEN = { amount: 1000, currency: 'usd' } as const
const CARD = { number: '4242424242424242', exp_month: '12', exp_year: '2034', cvc: '123' }
/** Seconds after which a payment that was captured by itself is on the balance. */
const SETTLED_AFTER = 5
const RISKY = 'pm_card_createIssuerFraudRecord'
const BACK = 'https://app.example/back'
const PAID = { ...TEN, payment_method: 'pm_card_visa', confirm: true, return_url: BACK }

async function walkMethods({ stripe, visit }: Walk): Promise<void> {
  const { id: customer } = await stripe.customers.create()
  const card = { type: 'card', card: { token: 'tok_visa' } } as const
  const method = await visit('POST /v1/payment_methods', () => stripe.paymentMethods.create(card), { type: 'card' })
  await visit('GET /v1/payment_methods/:id', () => stripe.paymentMethods.retrieve(method.id), method)
  await visit('POST /v1/payment_methods/:id/attach', () => stripe.paymentMethods.attach(method.id, { customer }), {
    customer,
  })
  await visit('POST /v1/payment_methods/:id', () => stripe.paymentMethods.update(method.id, { metadata: { a: 'b' } }), {
    metadata: { a: 'b' },
  })
  await visit('GET /v1/payment_methods', () => stripe.paymentMethods.list({ customer }), holding(method))
  await visit('POST /v1/payment_methods/:id/detach', () => stripe.paymentMethods.detach(method.id), { customer: null })
  const token = await visit('POST /v1/tokens', () => stripe.tokens.create({ card: CARD }), { used: false })
  await visit('GET /v1/tokens/:id', () => stripe.tokens.retrieve(token.id), token)
}

async function walkPaymentIntents({ stripe, visit }: Walk): Promise<void> {
  const { paymentIntents } = stripe
  const waiting = { status: 'requires_payment_method' }
  const intent = await visit('POST /v1/payment_intents', () => paymentIntents.create(TEN), waiting)
  await visit('GET /v1/payment_intents/:id', () => paymentIntents.retrieve(intent.id), intent)
  await visit(
    'POST /v1/payment_intents/:id',
    () => paymentIntents.update(intent.id, { amount: 1200, payment_method: 'pm_card_visa' }),
    { amount: 1200, status: 'requires_confirmation' },
  )
  await visit('POST /v1/payment_intents/:id/confirm', () => paymentIntents.confirm(intent.id, { return_url: BACK }), {
    status: 'succeeded',
    amount_received: 1200,
  })
  await visit('GET /v1/payment_intents', () => paymentIntents.list(), holding(intent))
  const query = "amount>1100 AND status:'succeeded'"
  await visit('GET /v1/payment_intents/search', () => paymentIntents.search({ query }), { data: [{ id: intent.id }] })
  const held = await paymentIntents.create({ ...PAID, capture_method: 'manual' })
  await visit(
    'POST /v1/payment_intents/:id/capture',
    () => paymentIntents.capture(held.id, { amount_to_capture: 400 }),
    { status: 'succeeded', amount_received: 400 },
  )
  const dropped = await paymentIntents.create(TEN)
  await visit('POST /v1/payment_intents/:id/cancel', () => paymentIntents.cancel(dropped.id), { status: 'canceled' })
}

const ACCOUNT = {
  payment_method_data: {
    type: 'us_bank_account',
    billing_details: { name: 'Ada', email: 'ada@example.com' },
    us_bank_account: { account_holder_type: 'individual', account_number: '000123456789', routing_number: '110000000' },
  },
  confirm: true,
  mandate_data: { customer_acceptance: { type: 'offline' } },
  payment_method_options: { us_bank_account: { verification_method: 'microdeposits' } },
  return_url: BACK,
} as const

async function walkDebits({ stripe, visit, refused }: Walk): Promise<void> {
  const { paymentIntents, setupIntents } = stripe
  const payment = await paymentIntents.create({ ...TEN, ...ACCOUNT, allowed_payment_method_types: ['us_bank_account'] })
  await visit(
    'POST /v1/payment_intents/:id/verify_microdeposits',
    () => paymentIntents.verifyMicrodeposits(payment.id, { amounts: [32, 45] }),
    { status: 'processing' },
  )
  const setup = await setupIntents.create({ ...ACCOUNT, allowed_payment_method_types: ['us_bank_account'] })
  const verified = await visit(
    'POST /v1/setup_intents/:id/verify_microdeposits',
    () => setupIntents.verifyMicrodeposits(setup.id, { descriptor_code: 'SM11AA' }),
    { status: 'succeeded' },
  )
  await visit('GET /v1/mandates/:id', () => stripe.mandates.retrieve(idOf(verified.mandate)), { status: 'active' })
  const held = await paymentIntents.create({ ...PAID, capture_method: 'manual' })
  await refused(
    'POST /v1/payment_intents/:id/increment_authorization',
    () => paymentIntents.incrementAuthorization(held.id, { amount: 1500 }),
    'charge_not_incrementally_authorizable',
  )
}

async function walkConfirmationTokens({ stripe, visit }: Walk): Promise<void> {
  const token = await visit(
    'POST /v1/test_helpers/confirmation_tokens',
    () => stripe.testHelpers.confirmationTokens.create({ payment_method: 'pm_card_visa' }),
    { object: 'confirmation_token' },
  )
  await visit('GET /v1/confirmation_tokens/:id', () => stripe.confirmationTokens.retrieve(token.id), { id: token.id })
}

async function walkSetupIntents({ stripe, visit }: Walk): Promise<void> {
  const { setupIntents } = stripe
  const intent = await visit('POST /v1/setup_intents', () => setupIntents.create({ payment_method: 'pm_card_visa' }), {
    status: 'requires_confirmation',
  })
  await visit('GET /v1/setup_intents/:id', () => setupIntents.retrieve(intent.id), intent)
  await visit('POST /v1/setup_intents/:id', () => setupIntents.update(intent.id, { description: 'Later' }), {
    description: 'Later',
  })
  await visit('POST /v1/setup_intents/:id/confirm', () => setupIntents.confirm(intent.id, { return_url: BACK }), {
    status: 'succeeded',
  })
  await visit('GET /v1/setup_intents', () => setupIntents.list(), holding(intent))
  const attempts = { data: [{ object: 'setup_attempt', status: 'succeeded' }] }
  await visit('GET /v1/setup_attempts', () => stripe.setupAttempts.list({ setup_intent: intent.id }), attempts)
  const dropped = await setupIntents.create()
  await visit('POST /v1/setup_intents/:id/cancel', () => setupIntents.cancel(dropped.id), { status: 'canceled' })
}

async function walkCharges({ stripe, simulator, visit }: Walk): Promise<void> {
  await visit('POST /v1/charges', () => stripe.charges.create({ ...TEN, source: 'tok_visa' }), { paid: true })
  const { latest_charge: paid } = await stripe.paymentIntents.create(PAID)
  const charge = await visit('GET /v1/charges/:id', () => stripe.charges.retrieve(idOf(paid)), { paid: true })
  await visit('POST /v1/charges/:id', () => stripe.charges.update(charge.id, { description: 'Book' }), {
    description: 'Book',
  })
  await visit('GET /v1/charges', () => stripe.charges.list(), holding(charge))
  const query = "amount:1000 AND status:'succeeded'"
  await visit('GET /v1/charges/search', () => stripe.charges.search({ query }), { object: 'search_result' })
  const held = await stripe.paymentIntents.create({ ...PAID, capture_method: 'manual' })
  await visit('POST /v1/charges/:id/capture', () => stripe.charges.capture(idOf(held.latest_charge)), {
    captured: true,
  })
  await simulator.clock.advance(SETTLED_AFTER)
  const { balance_transaction: settled } = await stripe.charges.retrieve(charge.id)
  const transaction = await visit(
    'GET /v1/balance_transactions/:id',
    () => stripe.balanceTransactions.retrieve(idOf(settled)),
    { amount: 1000, source: charge.id },
  )
  await visit('GET /v1/balance_transactions', () => stripe.balanceTransactions.list(), holding(transaction))
  await visit('GET /v1/balance', () => stripe.balance.retrieve(), { object: 'balance' })
}

async function walkRefunds({ stripe, visit, refused }: Walk): Promise<void> {
  const { id: payment_intent } = await stripe.paymentIntents.create(PAID)
  const refund = await visit('POST /v1/refunds', () => stripe.refunds.create({ payment_intent, amount: 300 }), {
    amount: 300,
    status: 'succeeded',
  })
  await visit('GET /v1/refunds/:id', () => stripe.refunds.retrieve(refund.id), { id: refund.id })
  await visit('POST /v1/refunds/:id', () => stripe.refunds.update(refund.id, { metadata: { a: 'b' } }), {
    metadata: { a: 'b' },
  })
  await refused('POST /v1/refunds/:id/cancel', () => stripe.refunds.cancel(refund.id), undefined)
  await visit('GET /v1/refunds', () => stripe.refunds.list({ payment_intent }), holding(refund))
}

async function walkWarnings({ stripe, visit }: Walk): Promise<void> {
  const { id: payment_intent } = await stripe.paymentIntents.create({ ...PAID, payment_method: RISKY })
  const warnings = await visit(
    'GET /v1/radar/early_fraud_warnings',
    () => stripe.radar.earlyFraudWarnings.list({ payment_intent }),
    { data: [{ actionable: true }] },
  )
  const [warning = { id: '' }] = warnings.data
  await visit(
    'GET /v1/radar/early_fraud_warnings/:id',
    () => stripe.radar.earlyFraudWarnings.retrieve(warning.id),
    warning,
  )
}

async function walkDisputes({ stripe, visit }: Walk): Promise<void> {
  const { id: payment_intent } = await stripe.paymentIntents.create({
    ...PAID,
    payment_method: 'pm_card_createDispute',
  })
  const disputes = await visit('GET /v1/disputes', () => stripe.disputes.list({ payment_intent }), {
    data: [{ status: 'needs_response', amount: 1000 }],
  })
  const [dispute = { id: '' }] = disputes.data
  await visit('GET /v1/disputes/:id', () => stripe.disputes.retrieve(dispute.id), dispute)
  await visit('POST /v1/disputes/:id', () => stripe.disputes.update(dispute.id, { metadata: { a: 'b' } }), {
    metadata: { a: 'b' },
  })
  await visit('POST /v1/disputes/:id/close', () => stripe.disputes.close(dispute.id), { status: 'lost' })
}

/** Payments, what they are made with, and what comes of them. */
export const payments: Stretches = {
  'payment methods and tokens': walkMethods,
  'payment intents': walkPaymentIntents,
  'setup intents': walkSetupIntents,
  'debits and mandates': walkDebits,
  'confirmation tokens': walkConfirmationTokens,
  'early fraud warnings': walkWarnings,
  'charges and the balance': walkCharges,
  refunds: walkRefunds,
  disputes: walkDisputes,
}
