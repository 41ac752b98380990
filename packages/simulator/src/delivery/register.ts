import type { WebhookEndpointRecord } from '../core/private-records.js'
import type { World } from '../world.js'

/** An endpoint that the simulator is started with. */
export interface WebhookOption {
  readonly url: string
  /** The signing secret, `whsec_…`, made up when left out. With several, each delivery is signed with all of them. */
  readonly secret?: string | readonly string[]
  /** All events when left out. */
  readonly enabledEvents?: readonly string[]
}

/** Makes each option an endpoint of the account, or brings the one that is there up to date. Answers their secrets. */
export function registerWebhooks(world: World, options: readonly WebhookOption[]): readonly string[] {
  return options.map((option) => register(world, option).secret)
}

function register(world: World, { url, secret, enabledEvents = ['*'] }: WebhookOption): WebhookEndpointRecord {
  const [newest, ...older] = typeof secret === 'string' ? [secret] : (secret ?? [])
  const known = endpointAt(world, url) ?? create(world, url)
  const endpoint: WebhookEndpointRecord = {
    ...known,
    enabled_events: [...enabledEvents],
    status: 'enabled',
    secret: newest ?? known.secret,
    replacedSecrets: older.map((replaced) => ({ secret: replaced, expiresAt: Number.MAX_SAFE_INTEGER })),
  }
  world.put('webhook_endpoints', endpoint)
  return endpoint
}

function create(world: World, url: string): WebhookEndpointRecord {
  const reply = world.run({ name: 'webhook_endpoints.create', params: { url, enabled_events: ['*'] } })
  const endpoint = endpointAt(world, url)
  if (!reply.ok || endpoint === undefined) {
    throw new Error(
      `The webhook endpoint ${url} cannot be used: ${reply.ok ? 'it was not kept' : reply.error.message}.`,
    )
  }
  return endpoint
}

function endpointAt(world: World, url: string): WebhookEndpointRecord | undefined {
  return world
    .view()
    .all('webhook_endpoints')
    .find((endpoint) => endpoint.url === url)
}
