import { createServer, type Server } from 'node:http'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from './server.js'

const NOW = Date.parse('2026-01-15T12:00:00Z') / 1000
const NAMES = ['webhook_endpoint.signing_secret', 'webhook_endpoint.url']

interface Received {
  readonly body: string
  readonly signature: string
}

let simulator: Simulator
let stripe: Stripe
let server: Server
let url: string
let received: Received[]

beforeEach(async () => {
  simulator = await createSimulator({ now: NOW, deliveryMode: 'manual' })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
  received = []
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({
        body: Buffer.concat(chunks).toString(),
        signature: String(request.headers['stripe-signature']),
      })
      response.end()
    })
  })
  url = await new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/thin`)
    }),
  )
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await simulator.close()
})

type DestinationParams = Partial<Stripe.V2.Core.EventDestinationCreateParams>

function createDestination(params: DestinationParams = {}): Promise<Stripe.V2.Core.EventDestination> {
  return stripe.v2.core.eventDestinations.create({
    name: 'Usage',
    type: 'webhook_endpoint',
    event_payload: 'thin',
    enabled_events: ['v1.customer.created', 'v1.billing.meter.no_meter_found'],
    webhook_endpoint: { url },
    include: NAMES,
    ...params,
  })
}

/** What the endpoint received since the last call, verified by the SDK. */
async function notifications(secret: string | undefined): Promise<readonly Stripe.V2.Core.EventNotification[]> {
  await simulator.deliveries.drain()
  return received
    .splice(0)
    .map(({ body, signature }) =>
      stripe.parseEventNotification(body, signature, secret ?? '', undefined, undefined, simulator.clock.now() * 1000),
    )
}

describe('event destinations', () => {
  it('are made, found, changed, switched off and on, and removed', async () => {
    const made = await createDestination({ description: 'All of it', metadata: { team: 'billing' } })
    expect(made).toMatchObject({
      object: 'v2.core.event_destination',
      created: '2026-01-15T12:00:00.000Z',
      event_payload: 'thin',
      status: 'enabled',
      webhook_endpoint: { url },
    })
    expect(made.webhook_endpoint?.signing_secret).toMatch(/^whsec_/)
    const found = await stripe.v2.core.eventDestinations.retrieve(made.id, { include: ['webhook_endpoint.url'] })
    expect(found.webhook_endpoint).toEqual({ url })
    const renamed = await stripe.v2.core.eventDestinations.update(made.id, { name: 'Other', metadata: { team: '' } })
    expect([renamed.name, renamed.metadata, renamed.webhook_endpoint]).toEqual(['Other', {}, {}])
    const off = await stripe.v2.core.eventDestinations.disable(made.id)
    expect([off.status, off.status_details?.disabled?.reason]).toEqual(['disabled', 'user'])
    expect((await stripe.v2.core.eventDestinations.enable(made.id)).status).toBe('enabled')
    expect((await stripe.webhookEndpoints.list()).data).toEqual([])
    await expect(stripe.webhookEndpoints.retrieve(made.id)).rejects.toMatchObject({ statusCode: 404 })
    expect(await stripe.v2.core.eventDestinations.del(made.id)).toMatchObject({ id: made.id })
    await expect(stripe.v2.core.eventDestinations.retrieve(made.id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('are listed page by page', async () => {
    const ids: string[] = []
    for (const name of ['a', 'b', 'c']) ids.unshift((await createDestination({ name })).id)
    const listed: string[] = []
    for await (const { id } of stripe.v2.core.eventDestinations.list({ limit: 2 })) listed.push(id)
    expect(listed).toEqual(ids)
  })

  it.each<[string, DestinationParams]>([
    ['snapshot types for thin events', { enabled_events: ['customer.created'] }],
    ['no types', { enabled_events: [] }],
    ['a version for thin events', { snapshot_api_version: '2026-10-28.endive' }],
  ])('refuse %s', async (_, params) => {
    await expect(createDestination(params)).rejects.toMatchObject({ code: 'invalid_fields' })
  })

  it('send snapshots when they were asked for', async () => {
    const made = await createDestination({ event_payload: 'snapshot', enabled_events: ['customer.created'] })
    const customer = await stripe.customers.create({})
    await simulator.deliveries.drain()
    const [first] = received
    const secret = made.webhook_endpoint?.signing_secret ?? ''
    const at = simulator.clock.now() * 1000
    const event = stripe.webhooks.constructEvent(first?.body ?? '', first?.signature ?? '', secret, 300, undefined, at)
    expect([event.type, event.data.object]).toEqual(['customer.created', customer])
    expect(received).toHaveLength(1)
  })
})

describe('thin events', () => {
  it('tell what happened, and where it is', async () => {
    const made = await createDestination()
    const customer = await stripe.customers.create({})
    const [notification, ...others] = await notifications(made.webhook_endpoint?.signing_secret)
    expect(others).toEqual([])
    expect(notification).toMatchObject({
      object: 'v2.core.event',
      created: '2026-01-15T12:00:00.000Z',
      related_object: { id: customer.id, type: 'customer', url: `/v1/customers/${customer.id}` },
      type: 'v1.customer.created',
    })
    if (notification?.type !== 'v1.customer.created') throw new Error('Another event came.')
    expect(await notification.fetchRelatedObject()).toMatchObject({ id: customer.id })
    const event = await notification.fetchEvent()
    expect((await stripe.events.retrieve(event.snapshot_event ?? '')).data.object).toEqual(customer)
  })

  it('keep their data until they are fetched', async () => {
    const made = await createDestination()
    await stripe.billing.meterEvents.create({ event_name: 'unknown', payload: { stripe_customer_id: 'x', value: '1' } })
    const [notification] = await notifications(made.webhook_endpoint?.signing_secret)
    expect(notification).not.toHaveProperty('data')
    if (notification?.type !== 'v1.billing.meter.no_meter_found') throw new Error('Another event came.')
    const event = await notification.fetchEvent()
    expect(event.data).toMatchObject({
      developer_message_summary: 'There is 1 invalid event',
      reason: { error_count: 1, error_types: [{ code: 'no_meter', error_count: 1 }] },
      validation_start: '2026-01-15T12:00:00.000Z',
      validation_end: '2026-01-15T12:00:10.000Z',
    })
  })

  it('can be all there are, and no snapshot among them', async () => {
    const made = await createDestination({ enabled_events: ['*'] })
    const product = await stripe.products.create({ name: 'Pro' })
    await stripe.products.update(product.id, { active: false })
    const sent = await notifications(made.webhook_endpoint?.signing_secret)
    expect(sent.map(({ type }) => type)).toEqual(['v1.product.created', 'v1.product.updated', 'v1.product.deactivated'])
    const { pending_webhooks: pending } = await stripe.events.retrieve((await stripe.events.list()).data[0]?.id ?? '')
    expect(pending).toBe(0)
  })

  it('can be sent again', async () => {
    const made = await createDestination()
    await stripe.customers.create({})
    const [first] = await notifications(made.webhook_endpoint?.signing_secret)
    await simulator.deliveries.resend(first?.id ?? '')
    const again = await notifications(made.webhook_endpoint?.signing_secret)
    expect(again.map(({ id }) => id)).toEqual([first?.id])
  })

  it('are not sent while the destination is switched off', async () => {
    const made = await createDestination()
    await stripe.v2.core.eventDestinations.disable(made.id)
    await stripe.customers.create({})
    expect(await notifications(made.webhook_endpoint?.signing_secret)).toEqual([])
    await expect(stripe.v2.core.eventDestinations.ping(made.id)).rejects.toMatchObject({ statusCode: 400 })
  })

  it('can be a ping, for the one destination alone', async () => {
    await createDestination()
    const pinged = await createDestination()
    const event = await stripe.v2.core.eventDestinations.ping(pinged.id)
    expect(event.type).toBe('v2.core.event_destination.ping')
    const types = (await notifications(pinged.webhook_endpoint?.signing_secret)).map(({ id, type }) => [id, type])
    expect(types).toEqual([[event.id, 'v2.core.event_destination.ping']])
  })

  it('are listed with those for the parts of a change, by type and by object', async () => {
    const product = await stripe.products.create({ name: 'Pro' })
    await stripe.products.update(product.id, { active: false })
    await stripe.customers.create({})
    const typesOf = async (params: Stripe.V2.Core.EventListParams): Promise<readonly string[]> =>
      (await stripe.v2.core.events.list(params)).data.map(({ type }) => type)
    expect(await typesOf({ object_id: product.id })).toEqual([
      'v1.product.deactivated',
      'v1.product.updated',
      'v1.product.created',
    ])
    expect(await typesOf({ types: ['v1.customer.created'] })).toEqual(['v1.customer.created'])
    const all: string[] = []
    for await (const { type } of stripe.v2.core.events.list({ limit: 1 })) all.push(type)
    expect(all).toEqual(['v1.customer.created', 'v1.product.deactivated', 'v1.product.updated', 'v1.product.created'])
    const [changed] = (await stripe.v2.core.events.list({ types: ['v1.product.updated'] })).data
    expect(changed?.changes).toMatchObject({ before: { active: true }, after: { active: false } })
  })

  it('follow a subscription from state to state', async () => {
    const customer = await stripe.customers.create({})
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
    const price = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 1000,
      recurring: { interval: 'month' },
      product_data: { name: 'Pro' },
    })
    const { id, items } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      default_payment_method: card.id,
    })
    await stripe.subscriptions.update(id, {
      items: [{ id: items.data[0]?.id ?? '', quantity: 3 }],
      cancel_at_period_end: true,
    })
    const types = (await stripe.v2.core.events.list({ object_id: id })).data.map(({ type }) => type)
    expect(types.toReversed()).toEqual([
      'v1.customer.subscription.created',
      'v1.customer.subscription.active',
      'v1.customer.subscription.updated',
      'v1.customer.subscription.cancel_at_changed',
      'v1.customer.subscription.item_quantity_changed',
    ])
  })

  it('belong to the account that the context names', async () => {
    const there = { stripeContext: 'acct_other' }
    const { id } = await stripe.customers.create({}, there)
    expect((await stripe.v2.core.events.list()).data).toEqual([])
    const { data } = await stripe.v2.core.events.list({}, there)
    expect(data).toMatchObject([{ type: 'v1.customer.created', related_object: { id } }])
  })
})
