import { expect } from 'vitest'
import { gone, holding, type Stretches, type Walk } from './walk.js'

async function walkAccount({ stripe, visit }: Walk): Promise<void> {
  const own = await visit('GET /v1/account', () => stripe.accounts.retrieveCurrent(), { object: 'account' })
  await visit('GET /v1/accounts/:id', () => stripe.accounts.retrieve(own.id), own)
  await visit('GET /v1/accounts', () => stripe.accounts.list(), { data: [] })
}

async function walkEvents({ stripe, visit }: Walk): Promise<void> {
  for (const name of ['One', 'Two', 'Three']) await stripe.products.create({ name })
  const events = await visit('GET /v1/events', () => stripe.events.list({ limit: 3 }), { object: 'list' })
  expect(events.data).toHaveLength(3)
  const [event = { id: '' }] = events.data
  await visit('GET /v1/events/:id', () => stripe.events.retrieve(event.id), event)
}

async function walkEndpoints({ stripe, visit }: Walk): Promise<void> {
  const { webhookEndpoints } = stripe
  const url = 'https://app.example/webhook'
  const endpoint = await visit(
    'POST /v1/webhook_endpoints',
    () => webhookEndpoints.create({ url, enabled_events: ['plan.created'] }),
    { status: 'enabled', url },
  )
  await visit('GET /v1/webhook_endpoints/:id', () => webhookEndpoints.retrieve(endpoint.id), { id: endpoint.id })
  await visit('POST /v1/webhook_endpoints/:id', () => webhookEndpoints.update(endpoint.id, { disabled: true }), {
    status: 'disabled',
  })
  await visit('GET /v1/webhook_endpoints', () => webhookEndpoints.list(), holding(endpoint))
  await visit('DELETE /v1/webhook_endpoints/:id', () => webhookEndpoints.del(endpoint.id), gone(endpoint))
}

/** The account, its events and where they go. */
export const edges: Stretches = { accounts: walkAccount, events: walkEvents, 'webhook endpoints': walkEndpoints }
