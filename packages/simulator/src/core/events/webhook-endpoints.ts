import type Stripe from 'stripe'
import { invalidRequest, noSuch, notSimulated } from '../error.js'
import { listReply, type Handler, type Handlers, type Renderers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { EventRecord, WebhookEndpointRecord } from '../private-records.js'
import type { UnixSeconds } from '../unix-seconds.js'
import type { Transaction } from '../transaction.js'

const MOST_ENDPOINTS = 16
/** How long a replaced secret goes on signing unless told otherwise. https://docs.stripe.com/webhooks#roll-endpoint-secrets */
const LONGEST_OVERLAP = 24 * 3600

/** The parameters of Stripe's, and a secret of one's own for endpoints that the simulator is started with. */
type CreateParams = Stripe.WebhookEndpointCreateParams & { readonly secret?: string }

const create: Handler<CreateParams> = (transaction, { params }) => {
  if (params.connect === true) throw notSimulated('Endpoints for connected accounts', 'connect')
  if (transaction.all('webhook_endpoints').length >= MOST_ENDPOINTS) {
    throw invalidRequest(`You have reached the maximum of ${MOST_ENDPOINTS} test webhook endpoints.`)
  }
  const endpoint: WebhookEndpointRecord = {
    id: transaction.newId('we'),
    object: 'webhook_endpoint',
    api_version: params.api_version ?? null,
    application: null,
    created: transaction.now,
    description: params.description || null,
    enabled_events: checkedEvents(params.enabled_events),
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    replacedSecrets: [],
    secret: params.secret ?? transaction.newId('whsec'),
    status: 'enabled',
    url: checkedUrl(params.url),
  }
  transaction.put('webhook_endpoints', endpoint)
  return { ...onWire(endpoint), secret: endpoint.secret }
}

const retrieve: Handler = (transaction, { path }) => onWire(endpointInPath(transaction, path['id']))

const update: Handler<Stripe.WebhookEndpointUpdateParams> = (transaction, { path, params }) => {
  const before = endpointInPath(transaction, path['id'])
  const { failingSince: _since, ...rest } = before
  const after: WebhookEndpointRecord = {
    ...(params.disabled === false ? rest : before),
    description: params.description === undefined ? before.description : params.description || null,
    enabled_events: params.enabled_events === undefined ? before.enabled_events : checkedEvents(params.enabled_events),
    metadata: mergeMetadata(before.metadata, params.metadata),
    status: params.disabled === undefined ? before.status : params.disabled ? 'disabled' : 'enabled',
    url: params.url === undefined ? before.url : checkedUrl(params.url),
  }
  return onWire(transaction.put('webhook_endpoints', after))
}

const remove: Handler = (transaction, { path }) => {
  const { id } = endpointInPath(transaction, path['id'])
  transaction.remove('webhook_endpoints', id)
  return { id, object: 'webhook_endpoint', deleted: true }
}

const list: Handler<Stripe.WebhookEndpointListParams> = (transaction, { params }) => {
  const where = ({ destination }: WebhookEndpointRecord): boolean => destination === undefined
  const page = transaction.page('webhook_endpoints', params, { where, kind: 'webhook endpoint' })
  return listReply(transaction, 'webhook_endpoints', { page, url: '/v1/webhook_endpoints' })
}

/** As in the Dashboard: a new secret, while the old one goes on signing for a while. Not a route of the API. */
const rollSecret: Handler<{ readonly secret?: string; readonly overlap?: number }> = (
  transaction,
  { path, params },
) => {
  const before = endpointInPath(transaction, path['id'])
  const { secret = transaction.newId('whsec'), overlap = LONGEST_OVERLAP } = params
  const replaced = { secret: before.secret, expiresAt: transaction.now + overlap }
  const replacedSecrets = [replaced, ...before.replacedSecrets.filter(({ expiresAt }) => expiresAt > transaction.now)]
  const after = transaction.put('webhook_endpoints', { ...before, secret, replacedSecrets })
  return { ...onWire(after), secret }
}

/** The endpoints to which an event is sent as a snapshot. */
export function endpointsFor(
  transaction: Transaction,
  event: Pick<EventRecord, 'type'>,
): readonly WebhookEndpointRecord[] {
  return transaction
    .all('webhook_endpoints')
    .filter(
      ({ status, enabled_events: types, destination }) =>
        status === 'enabled' && destination?.payload !== 'thin' && (types.includes('*') || types.includes(event.type)),
    )
}

/** The secrets that sign for an endpoint at an instant, the newest first. */
export function activeSecrets(endpoint: WebhookEndpointRecord, now: UnixSeconds): readonly string[] {
  const replaced = endpoint.replacedSecrets.filter(({ expiresAt }) => expiresAt > now)
  return [endpoint.secret, ...replaced.map(({ secret }) => secret)]
}

function endpointInPath(transaction: Transaction, id: string | undefined): WebhookEndpointRecord {
  const [kind, param] = ['webhook endpoint', 'webhook_endpoint'] as const
  const endpoint = recordInPath(transaction, 'webhook_endpoints', { id, kind, param })
  // What version 2 of the API made is known to it alone.
  if (endpoint.destination !== undefined) throw noSuch(kind, endpoint.id, { param, status: 404 })
  return endpoint
}

/** The secret is shown once, when the endpoint is made. */
function onWire(endpoint: WebhookEndpointRecord): object {
  const {
    secret: _secret,
    replacedSecrets: _replaced,
    failingSince: _since,
    destination: _destination,
    ...shown
  } = endpoint
  return shown
}

function checkedEvents(types: readonly string[]): string[] {
  if (types.includes('*') && types.length > 1) {
    throw invalidRequest("'*' cannot be used together with other events.", { param: 'enabled_events' })
  }
  return [...types]
}

export function checkedUrl(url: string): string {
  const isWeb = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
  if (!isWeb) throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: 'url' })
  return url
}

export const webhookEndpointsHandlers: Handlers = {
  'webhook_endpoints.create': create,
  'webhook_endpoints.retrieve': retrieve,
  'webhook_endpoints.update': update,
  'webhook_endpoints.delete': remove,
  'webhook_endpoints.list': list,
  'webhook_endpoints.roll_secret': rollSecret,
}

export const webhookEndpointsRenderers: Renderers = {
  webhook_endpoints: (_transaction, endpoint) => onWire(endpoint),
}
