import { payingCustomer } from './subscriptions.js'
import type { Stretches, Walk } from './walk.js'

async function walkMeterEvents(walk: Walk): Promise<void> {
  const { stripe, visit } = walk
  const { billing } = stripe.v2
  const customer = await payingCustomer(walk)
  const default_aggregation = { formula: 'sum' } as const
  await stripe.billing.meters.create({ display_name: 'Mails', event_name: 'mails', default_aggregation })
  const event = { event_name: 'mails', identifier: 'mail-1', payload: { stripe_customer_id: customer, value: '3' } }
  await visit('POST /v2/billing/meter_events', () => billing.meterEvents.create(event), { identifier: 'mail-1' })
  await visit(
    'POST /v2/billing/meter_event_adjustments',
    () =>
      billing.meterEventAdjustments.create({ event_name: 'mails', type: 'cancel', cancel: { identifier: 'mail-1' } }),
    { type: 'cancel' },
  )
  const session = await visit('POST /v2/billing/meter_event_session', () => billing.meterEventSession.create(), {
    object: 'v2.billing.meter_event_session',
  })
  const stream = walk.sdk(session.authentication_token)
  const events = [{ ...event, identifier: 'mail-2' }]
  await visit('POST /v2/billing/meter_event_stream', () => stream.v2.billing.meterEventStream.create({ events }))
}

async function walkDestinations({ stripe, visit }: Walk): Promise<void> {
  const { eventDestinations, events } = stripe.v2.core
  const destination = await visit(
    'POST /v2/core/event_destinations',
    () =>
      eventDestinations.create({
        name: 'Thin',
        type: 'webhook_endpoint',
        event_payload: 'thin',
        enabled_events: ['v1.billing.meter.no_meter_found'],
        webhook_endpoint: { url: 'https://app.example/thin' },
      }),
    { status: 'enabled' },
  )
  const { id } = destination
  await visit('GET /v2/core/event_destinations/:id', () => eventDestinations.retrieve(id), { id })
  await visit('POST /v2/core/event_destinations/:id', () => eventDestinations.update(id, { name: 'Slim' }), {
    name: 'Slim',
  })
  await visit('GET /v2/core/event_destinations', async () => eventDestinations.list(), { data: [{ id }] })
  await visit('POST /v2/core/event_destinations/:id/ping', () => eventDestinations.ping(id), {
    type: 'v2.core.event_destination.ping',
  })
  await visit('POST /v2/core/event_destinations/:id/disable', () => eventDestinations.disable(id), {
    status: 'disabled',
  })
  await visit('POST /v2/core/event_destinations/:id/enable', () => eventDestinations.enable(id), { status: 'enabled' })
  const list = await visit('GET /v2/core/events', async () => events.list())
  const [event = { id: '' }] = list.data
  await visit('GET /v2/core/events/:id', () => events.retrieve(event.id), { id: event.id })
  await visit('DELETE /v2/core/event_destinations/:id', () => eventDestinations.del(id), { id })
}

/** The second version of the API: JSON bodies, lists by pages, thin events. */
export const versionTwo: Stretches = {
  'meter events of v2': walkMeterEvents,
  'event destinations and core events': walkDestinations,
}
