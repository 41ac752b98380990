import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../../index.js'
import { startReceiver } from '../../testing/receiver.js'

let simulator: Simulator
let stripe: Stripe

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000, deliveryMode: 'manual' })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
})

afterAll(() => simulator.close())

test('the secret is shown once', async () => {
  const made = await stripe.webhookEndpoints.create({ url: 'https://example.com/hook', enabled_events: ['*'] })
  expect(made).toMatchObject({
    object: 'webhook_endpoint',
    status: 'enabled',
    api_version: null,
    secret: expect.stringMatching(/^whsec_/),
  })
  const read = await stripe.webhookEndpoints.retrieve(made.id)
  expect(Object.keys(read)).not.toContain('secret')
  expect(Object.keys(read)).not.toContain('replacedSecrets')
  expect((await stripe.webhookEndpoints.list()).data.map(({ id }) => id)).toEqual([made.id])
  const changed = await stripe.webhookEndpoints.update(made.id, {
    url: 'http://localhost:1/',
    metadata: { team: 'billing' },
  })
  expect(changed).toMatchObject({ url: 'http://localhost:1/', metadata: { team: 'billing' }, enabled_events: ['*'] })
  expect(await stripe.webhookEndpoints.del(made.id)).toEqual({ id: made.id, object: 'webhook_endpoint', deleted: true })
  await expect(stripe.webhookEndpoints.retrieve(made.id)).rejects.toMatchObject({ code: 'resource_missing' })
})

test.each([
  ['an address that is none', { url: 'nowhere', enabled_events: ['*'] }, { code: 'url_invalid', param: 'url' }],
  ['an event that does not exist', { url: 'https://a.b', enabled_events: ['x.y'] }, { param: 'enabled_events[0]' }],
  [
    'everything and something',
    { url: 'https://a.b', enabled_events: ['*', 'customer.created'] },
    { param: 'enabled_events' },
  ],
])('%s is refused', async (_name, params, error) => {
  const create = stripe.webhookEndpoints.create(params as Stripe.WebhookEndpointCreateParams)
  await expect(create).rejects.toMatchObject({ statusCode: 400, ...error })
})

test('while a secret is replaced, both sign', async () => {
  const receiver = await startReceiver('whsec_old', () => simulator.clock.now())
  const made = await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['customer.created'] })
  const roll = (body: object): Promise<Response> =>
    fetch(`${simulator.url}/_sim/webhook_endpoints/${made.id}/roll_secret`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
  await roll({ secret: 'whsec_old', overlap: 0 })
  expect(await (await roll({ secret: 'whsec_new', overlap: 60 })).json()).toMatchObject({ secret: 'whsec_new' })
  await stripe.customers.create({ name: 'Ada' })
  await simulator.deliveries.drain()
  expect(receiver.signatures[0]?.match(/v1=/g)).toHaveLength(2)
  expect(receiver.events).toHaveLength(1)
  await receiver.close()
})
