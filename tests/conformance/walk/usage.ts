import { holding, type Stretches, type Walk } from './walk.js'
import { payingCustomer } from './subscriptions.js'

const HOUR = 3600

async function walkMeters(walk: Walk): Promise<void> {
  const { stripe, simulator, visit } = walk
  const customer = await payingCustomer(walk)
  const { meters, meterEvents, meterEventAdjustments } = stripe.billing
  const wanted = { display_name: 'Calls', event_name: 'calls', default_aggregation: { formula: 'sum' } } as const
  const meter = await visit('POST /v1/billing/meters', () => meters.create(wanted), { status: 'active' })
  await visit('GET /v1/billing/meters/:id', () => meters.retrieve(meter.id), meter)
  await visit('POST /v1/billing/meters/:id', () => meters.update(meter.id, { display_name: 'API' }), {
    display_name: 'API',
  })
  await visit('GET /v1/billing/meters', () => meters.list({ status: 'active' }), holding(meter))
  const event = { event_name: 'calls', identifier: 'call-1', payload: { stripe_customer_id: customer, value: '7' } }
  await visit('POST /v1/billing/meter_events', () => meterEvents.create(event), { identifier: 'call-1' })
  const day = Math.floor(simulator.clock.now() / HOUR) * HOUR
  const range = { customer, start_time: day, end_time: day + HOUR }
  await visit('GET /v1/billing/meters/:id/event_summaries', () => meters.listEventSummaries(meter.id, range), {
    data: [{ aggregated_value: 7 }],
  })
  await visit(
    'POST /v1/billing/meter_event_adjustments',
    () => meterEventAdjustments.create({ event_name: 'calls', type: 'cancel', cancel: { identifier: 'call-1' } }),
    { type: 'cancel', cancel: { identifier: 'call-1' } },
  )
  await visit('POST /v1/billing/meters/:id/deactivate', () => meters.deactivate(meter.id), { status: 'inactive' })
  await visit('POST /v1/billing/meters/:id/reactivate', () => meters.reactivate(meter.id), { status: 'active' })
}

async function walkAlerts({ stripe, visit }: Walk): Promise<void> {
  const { alerts, meters } = stripe.billing
  const wanted = { display_name: 'Seats', event_name: 'seats', default_aggregation: { formula: 'sum' } } as const
  const { id: meter } = await meters.create(wanted)
  const usage_threshold = { gte: 100, meter, recurrence: 'one_time' } as const
  const alert = await visit(
    'POST /v1/billing/alerts',
    () => alerts.create({ alert_type: 'usage_threshold', title: 'Much', usage_threshold }),
    { status: 'active' },
  )
  await visit('GET /v1/billing/alerts/:id', () => alerts.retrieve(alert.id), { id: alert.id })
  await visit('GET /v1/billing/alerts', () => alerts.list(), holding(alert))
  await visit('POST /v1/billing/alerts/:id/deactivate', () => alerts.deactivate(alert.id), { status: 'inactive' })
  await visit('POST /v1/billing/alerts/:id/activate', () => alerts.activate(alert.id), { status: 'active' })
  await visit('POST /v1/billing/alerts/:id/archive', () => alerts.archive(alert.id), { status: 'archived' })
}

async function walkCredits(walk: Walk): Promise<void> {
  const { stripe, visit } = walk
  const customer = await payingCustomer(walk)
  const { creditGrants, creditBalanceSummaries, creditBalanceTransactions } = stripe.billing
  const wanted = {
    customer,
    category: 'paid',
    amount: { type: 'monetary', monetary: { currency: 'usd', value: 1000 } },
    applicability_config: { scope: { price_type: 'metered' } },
  } as const
  const grant = await visit('POST /v1/billing/credit_grants', () => creditGrants.create(wanted), { category: 'paid' })
  await visit('GET /v1/billing/credit_grants/:id', () => creditGrants.retrieve(grant.id), { id: grant.id })
  await visit('POST /v1/billing/credit_grants/:id', () => creditGrants.update(grant.id, { metadata: { a: 'b' } }), {
    metadata: { a: 'b' },
  })
  await visit('GET /v1/billing/credit_grants', () => creditGrants.list({ customer }), holding(grant))
  const filter = { type: 'applicability_scope', applicability_scope: { price_type: 'metered' } } as const
  await visit('GET /v1/billing/credit_balance_summary', () => creditBalanceSummaries.retrieve({ customer, filter }), {
    balances: [{ available_balance: { monetary: { value: 1000 } } }],
  })
  const transactions = await visit(
    'GET /v1/billing/credit_balance_transactions',
    () => creditBalanceTransactions.list({ customer }),
    { data: [{ type: 'credit', credit_grant: grant.id }] },
  )
  const [transaction = { id: '' }] = transactions.data
  await visit(
    'GET /v1/billing/credit_balance_transactions/:id',
    () => creditBalanceTransactions.retrieve(transaction.id),
    { id: transaction.id },
  )
  await visit('POST /v1/billing/credit_grants/:id/expire', () => creditGrants.expire(grant.id), { id: grant.id })
  const other = await creditGrants.create(wanted)
  await visit('POST /v1/billing/credit_grants/:id/void', () => creditGrants.voidGrant(other.id), { id: other.id })
}

/** What is used, and what pays for it in advance. */
export const usage: Stretches = { meters: walkMeters, alerts: walkAlerts, credits: walkCredits }
