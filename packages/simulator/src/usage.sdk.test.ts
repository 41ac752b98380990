import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from './server.js'

const NOW = Date.parse('2026-01-15T12:00:00Z') / 1000

let simulator: Simulator
let stripe: Stripe
let customer: string

beforeEach(async () => {
  simulator = await createSimulator({ now: NOW })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
  customer = (await stripe.customers.create({ name: 'Ada' })).id
})

afterEach(async () => {
  await simulator.close()
})

function createMeter(params: Partial<Stripe.Billing.MeterCreateParams> = {}): Promise<Stripe.Billing.Meter> {
  return stripe.billing.meters.create({
    default_aggregation: { formula: 'sum' },
    display_name: 'API calls',
    event_name: 'api_call',
    ...params,
  })
}

function use(
  value: string,
  params: Partial<Stripe.Billing.MeterEventCreateParams> = {},
): Promise<Stripe.Billing.MeterEvent> {
  const payload = { stripe_customer_id: customer, value }
  return stripe.billing.meterEvents.create({ event_name: 'api_call', payload, ...params })
}

async function usageOf(meter: string): Promise<number | undefined> {
  const { data } = await stripe.billing.meters.listEventSummaries(meter, {
    customer,
    start_time: NOW - 40 * 86_400,
    end_time: NOW + 86_400,
  })
  return data[0]?.aggregated_value
}

/** The codes of the errors that thin events report, the newest first. */
async function reported(): Promise<readonly string[]> {
  const { data } = await stripe.v2.core.events.list({
    types: ['v1.billing.meter.error_report_triggered', 'v1.billing.meter.no_meter_found'],
  })
  return data.flatMap((event) =>
    event.type === 'v1.billing.meter.error_report_triggered' || event.type === 'v1.billing.meter.no_meter_found'
      ? event.data.reason.error_types.map(({ code }) => code)
      : [],
  )
}

describe('meters', () => {
  it('are made, found, renamed, switched off and on again', async () => {
    const meter = await createMeter({ event_time_window: 'hour' })
    expect(meter).toMatchObject({
      object: 'billing.meter',
      customer_mapping: { event_payload_key: 'stripe_customer_id', type: 'by_id' },
      event_time_window: 'hour',
      status: 'active',
      value_settings: { event_payload_key: 'value' },
    })
    await stripe.billing.meters.update(meter.id, { display_name: 'Calls' })
    expect((await stripe.billing.meters.retrieve(meter.id)).display_name).toBe('Calls')
    const off = await stripe.billing.meters.deactivate(meter.id)
    expect([off.status, off.status_transitions.deactivated_at]).toEqual(['inactive', NOW])
    expect((await stripe.billing.meters.list({ status: 'active' })).data).toEqual([])
    expect((await stripe.billing.meters.reactivate(meter.id)).status).toBe('active')
    const types = (await stripe.events.list({ types: ['billing.meter.*'] })).data.map(({ type }) => type)
    expect(types.toReversed()).toEqual([
      'billing.meter.created',
      'billing.meter.updated',
      'billing.meter.deactivated',
      'billing.meter.reactivated',
    ])
  })

  it('have the name of their events to themselves', async () => {
    const meter = await createMeter()
    await expect(createMeter()).rejects.toMatchObject({ param: 'event_name' })
    await stripe.billing.meters.deactivate(meter.id)
    await createMeter()
    await expect(stripe.billing.meters.reactivate(meter.id)).rejects.toMatchObject({ param: 'event_name' })
  })
})

describe('meter events', () => {
  it('are counted once for an identifier, and can be canceled within a day', async () => {
    const { id } = await createMeter()
    const event = await use('25', { identifier: 'request-1' })
    expect(event).toEqual({
      object: 'billing.meter_event',
      created: NOW,
      event_name: 'api_call',
      identifier: 'request-1',
      livemode: false,
      payload: { stripe_customer_id: customer, value: '25' },
      timestamp: NOW,
    })
    await expect(use('25', { identifier: 'request-1' })).rejects.toMatchObject({
      message: 'An event already exists with identifier request-1.',
    })
    await use('5', { identifier: 'request-2' })
    expect(await usageOf(id)).toBe(30)
    const cancel = { event_name: 'api_call', type: 'cancel', cancel: { identifier: 'request-1' } } as const
    expect((await stripe.billing.meterEventAdjustments.create(cancel)).status).toBe('complete')
    expect(await usageOf(id)).toBe(5)
    await expect(stripe.billing.meterEventAdjustments.create(cancel)).rejects.toMatchObject({ statusCode: 400 })
    await simulator.clock.advance(86_400)
    await use('1', { identifier: 'request-1' })
    const late = { ...cancel, cancel: { identifier: 'request-2' } }
    await expect(stripe.billing.meterEventAdjustments.create(late)).rejects.toMatchObject({ statusCode: 400 })
  })

  it.each<[string, Partial<Stripe.Billing.MeterEventCreateParams>]>([
    ['no_meter', { event_name: 'unknown' }],
    ['meter_event_no_customer_defined', { payload: { value: '1' } }],
    ['meter_event_customer_not_found', { payload: { stripe_customer_id: 'cus_unknown', value: '1' } }],
    ['timestamp_too_far_in_past', { timestamp: NOW - 35 * 86_400 - 1 }],
    ['timestamp_in_future', { timestamp: NOW + 301 }],
  ])('are accepted and then reported with %s', async (code, params) => {
    const { id } = await createMeter()
    await use('1', params)
    expect(await reported()).toEqual([code])
    expect(await usageOf(id)).toBe(0)
  })

  it.each([
    ['meter_event_invalid_value', 'many'],
    ['meter_event_value_too_many_digits', '1234567890123456'],
  ])('are reported with %s for a value like "%s"', async (code, value) => {
    await createMeter()
    await use(value)
    expect(await reported()).toEqual([code])
  })

  it('are reported when there is nothing to add up, which a meter that counts does without', async () => {
    const { id } = await createMeter()
    const payload = { stripe_customer_id: customer }
    await stripe.billing.meterEvents.create({ event_name: 'api_call', payload })
    expect([await usageOf(id), await reported()]).toEqual([0, ['meter_event_value_not_found']])
    const counter = await createMeter({ default_aggregation: { formula: 'count' }, event_name: 'login' })
    await stripe.billing.meterEvents.create({ event_name: 'login', payload })
    expect([await usageOf(counter.id), await reported()]).toEqual([1, ['meter_event_value_not_found']])
  })

  it('count at the ends of the time they may be dated', async () => {
    const { id } = await createMeter()
    await use('1', { timestamp: NOW - 35 * 86_400 })
    await use('2.5', { timestamp: NOW + 300 })
    expect([await usageOf(id), await reported()]).toEqual([3.5, []])
  })

  it('of a meter that is switched off are reported as archived', async () => {
    const { id } = await createMeter()
    await stripe.billing.meters.deactivate(id)
    await use('1')
    expect(await reported()).toEqual(['archived_meter'])
  })

  it.each<[string, Stripe.Billing.MeterCreateParams['event_time_window'], number]>([
    ['sum', undefined, 15],
    ['count', undefined, 4],
    ['last', undefined, 2],
    ['sum', 'hour', 13],
    ['count', 'day', 2],
    ['last', 'day', 2],
  ])('show the %s with the window %s', async (formula, window, expected) => {
    const { id } = await createMeter({ default_aggregation: { formula }, ...(window && { event_time_window: window }) })
    await use('2', { timestamp: NOW - 10 })
    await use('8', { timestamp: NOW - 3 * 3600 + 600 })
    await use('2', { timestamp: NOW - 3 * 3600 + 300 })
    await use('3', { timestamp: NOW - 86_400 })
    expect(await usageOf(id)).toBe(expected)
  })

  it('are summed up by hour, the newest first, page by page', async () => {
    const { id } = await createMeter()
    for (const hours of [0, 1, 5]) await use(String(hours + 1), { timestamp: NOW - hours * 3600 })
    const params = {
      customer,
      start_time: NOW - 86_400,
      end_time: NOW + 3600,
      value_grouping_window: 'hour',
      limit: 2,
    } as const
    const sums: [number, number][] = []
    for await (const summary of stripe.billing.meters.listEventSummaries(id, params)) {
      sums.push([(NOW - summary.start_time) / 3600, summary.aggregated_value])
    }
    expect(sums).toEqual([
      [0, 1],
      [1, 2],
      [5, 6],
    ])
    const crooked = { ...params, start_time: NOW - 60 }
    await expect(stripe.billing.meters.listEventSummaries(id, crooked)).rejects.toMatchObject({ param: 'start_time' })
  })

  it('live by the clock of their customer', async () => {
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: NOW + 90 * 86_400 })
    customer = (await stripe.customers.create({ test_clock: clock.id })).id
    const meter = await createMeter()
    const { timestamp } = await use('7')
    expect(timestamp).toBe(NOW + 90 * 86_400)
    expect(await reported()).toEqual([])
    const { data } = await stripe.billing.meters.listEventSummaries(meter.id, {
      customer,
      start_time: NOW + 89 * 86_400,
      end_time: NOW + 91 * 86_400,
    })
    expect(data[0]?.aggregated_value).toBe(7)
    await use('many')
    await simulator.clock.advance(200 * 86_400)
    expect(await reported()).toEqual(['meter_event_invalid_value'])
  })
})

describe('version 2', () => {
  it('takes events one by one', async () => {
    const { id } = await createMeter()
    const payload = { stripe_customer_id: customer, value: '12' }
    const event = await stripe.v2.billing.meterEvents.create({ event_name: 'api_call', identifier: 'a', payload })
    expect(event).toMatchObject({ object: 'v2.billing.meter_event', timestamp: '2026-01-15T12:00:00.000Z' })
    await expect(
      stripe.v2.billing.meterEvents.create({ event_name: 'api_call', identifier: 'a', payload }),
    ).rejects.toMatchObject({ message: 'An event already exists with identifier a.' })
    const cancel = { event_name: 'api_call', type: 'cancel', cancel: { identifier: 'a' } } as const
    expect(await stripe.v2.billing.meterEventAdjustments.create(cancel)).toMatchObject({
      object: 'v2.billing.meter_event_adjustment',
      status: 'complete',
    })
    expect(await usageOf(id)).toBe(0)
  })

  it('takes a hundred events at once from whoever has a session', async () => {
    const { id } = await createMeter()
    const session = await stripe.v2.billing.meterEventSession.create()
    const { host, port } = simulator
    const client = new Stripe(session.authentication_token, { host, port, protocol: 'http', maxNetworkRetries: 0 })
    const event = (value: string, identifier?: string): { event_name: string; payload: Record<string, string> } => ({
      event_name: 'api_call',
      payload: { stripe_customer_id: customer, value },
      ...(identifier !== undefined && { identifier }),
    })
    const events = Array.from({ length: 100 }, () => event('1'))
    await client.v2.billing.meterEventStream.create({ events })
    await client.v2.billing.meterEventStream.create({ events: [event('5', 'x'), event('5', 'x'), event('no')] })
    expect([await usageOf(id), await reported()]).toEqual([105, ['meter_event_invalid_value']])
    await expect(client.v2.billing.meterEventStream.create({ events: [...events, event('1')] })).rejects.toMatchObject({
      code: 'invalid_fields',
    })
    await expect(stripe.v2.billing.meterEventStream.create({ events })).rejects.toMatchObject({ statusCode: 401 })
    await simulator.clock.advance(15 * 60)
    await expect(client.v2.billing.meterEventStream.create({ events })).rejects.toThrow(
      Stripe.errors.TemporarySessionExpiredError,
    )
  })

  it('repeats what succeeded with a key, and carries out again what failed', async () => {
    const { id } = await createMeter()
    const event = (identifier: string): Stripe.V2.Billing.MeterEventCreateParams => ({
      event_name: 'api_call',
      identifier,
      payload: { stripe_customer_id: customer, value: '1' },
    })
    const first = { idempotencyKey: 'first' }
    const once = await stripe.v2.billing.meterEvents.create(event('a'), first)
    await simulator.clock.advance(29 * 86_400)
    expect(await stripe.v2.billing.meterEvents.create(event('a'), first)).toEqual(once)
    const cancel = { event_name: 'api_call', type: 'cancel', cancel: { identifier: 'b' } } as const
    const second = { idempotencyKey: 'second' }
    await expect(stripe.v2.billing.meterEventAdjustments.create(cancel, second)).rejects.toMatchObject({
      code: 'not_found',
    })
    await stripe.v2.billing.meterEvents.create(event('b'))
    expect((await stripe.v2.billing.meterEventAdjustments.create(cancel, second)).status).toBe('complete')
    expect(await usageOf(id)).toBe(1)
  })

  it('refuses what it does not know, in its own words', async () => {
    const payload = { stripe_customer_id: customer }
    const strange = { event_name: 'api_call', payload, colour: 'red' }
    await expect(stripe.v2.billing.meterEvents.create(strange)).rejects.toMatchObject({ code: 'invalid_fields' })
    await expect(stripe.v2.core.events.retrieve('evt_test_unknown')).rejects.toMatchObject({
      code: 'not_found',
      statusCode: 404,
    })
  })
})

describe('alerts', () => {
  it('go off once for each customer, also for usage from before', async () => {
    const { id: meter } = await createMeter()
    await use('60')
    const alert = await stripe.billing.alerts.create({
      alert_type: 'usage_threshold',
      title: 'Much used',
      usage_threshold: { gte: 100, meter, recurrence: 'one_time' },
    })
    expect(alert).toMatchObject({
      object: 'billing.alert',
      status: 'active',
      usage_threshold: { filters: null, gte: 100 },
    })
    await use('39')
    expect(await triggered()).toEqual([])
    await use('1')
    await use('500')
    expect(await triggered()).toEqual([[alert.id, customer, 100]])
    customer = (await stripe.customers.create({})).id
    await use('100')
    expect(await triggered()).toHaveLength(2)
  })

  it('heed their filter, and can be switched off, on, and put away', async () => {
    const { id: meter } = await createMeter()
    const other = await stripe.customers.create({})
    const { id } = await stripe.billing.alerts.create({
      alert_type: 'usage_threshold',
      title: 'Much used',
      usage_threshold: {
        filters: [{ type: 'customer', customer: other.id }],
        gte: 1,
        meter,
        recurrence: 'one_time',
      },
    })
    await use('10')
    customer = other.id
    expect((await stripe.billing.alerts.deactivate(id)).status).toBe('inactive')
    await use('10')
    expect(await triggered()).toEqual([])
    expect((await stripe.billing.alerts.activate(id)).status).toBe('active')
    await use('1')
    expect(await triggered()).toEqual([[id, other.id, 11]])
    expect((await stripe.billing.alerts.archive(id)).status).toBe('archived')
    await expect(stripe.billing.alerts.activate(id)).rejects.toMatchObject({ statusCode: 400 })
    expect((await stripe.billing.alerts.retrieve(id)).title).toBe('Much used')
    expect((await stripe.billing.alerts.list({ meter })).data).toHaveLength(1)
  })

  async function triggered(): Promise<readonly unknown[]> {
    const { data } = await stripe.events.list({ type: 'billing.alert.triggered' })
    return data.flatMap((event) =>
      event.type === 'billing.alert.triggered'
        ? [[event.data.object.alert.id, event.data.object.customer, event.data.object.value]]
        : [],
    )
  }
})

describe('credits', () => {
  it('are granted, listed, changed, expired and made void', async () => {
    const grant = (value: number): Promise<Stripe.Billing.CreditGrant> =>
      stripe.billing.creditGrants.create({
        amount: { type: 'monetary', monetary: { currency: 'usd', value } },
        applicability_config: { scope: { price_type: 'metered' } },
        category: 'promotional',
        customer,
        expires_at: NOW + 86_400,
        name: 'Welcome',
      })
    const [first, second] = [await grant(500), await grant(70)]
    expect(first).toMatchObject({ object: 'billing.credit_grant', effective_at: NOW, priority: 50, voided_at: null })
    expect((await stripe.billing.creditGrants.retrieve(first.id)).name).toBe('Welcome')
    expect((await stripe.billing.creditGrants.list({ customer })).data.map(({ id }) => id)).toEqual([
      second.id,
      first.id,
    ])
    const filter = { type: 'credit_grant', credit_grant: first.id } as const
    const { balances } = await stripe.billing.creditBalanceSummaries.retrieve({ customer, filter })
    expect(balances.map(({ available_balance: { monetary } }) => monetary)).toEqual([{ currency: 'usd', value: 500 }])
    const later = await stripe.billing.creditGrants.update(first.id, { expires_at: NOW + 2 * 86_400 })
    expect(later.expires_at).toBe(NOW + 2 * 86_400)
    expect((await stripe.billing.creditGrants.expire(first.id)).expires_at).toBe(NOW)
    expect((await stripe.billing.creditGrants.voidGrant(second.id)).voided_at).toBe(NOW)
    const { data } = await stripe.billing.creditBalanceTransactions.list({ customer })
    expect(data.map(({ credit, debit }) => credit?.type ?? debit?.type)).toEqual([
      'credits_voided',
      'credits_expired',
      'credits_granted',
      'credits_granted',
    ])
    const entry = await stripe.billing.creditBalanceTransactions.retrieve(data[0]?.id ?? '')
    expect([entry.credit_grant, 'customer' in entry]).toEqual([second.id, false])
  })
})
