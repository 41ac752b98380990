import type Stripe from 'stripe'
import { checkedUrl } from '../events/webhook-endpoints.js'
import { invalidRequest, missingParameter, noSuch, notSimulated } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { WebhookEndpointRecord } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import { findThinEvent } from './core-events.js'
import { emitThin } from './emit-thin.js'
import { isoOf } from './instants.js'
import { listOfPage, type Paged } from './lists.js'

type CreateParams = Stripe.V2.Core.EventDestinationCreateParams
type Destination = WebhookEndpointRecord & { readonly destination: NonNullable<WebhookEndpointRecord['destination']> }

const MOST_DESTINATIONS = 16
const SECRET = 'webhook_endpoint.signing_secret'
const URL_FIELD = 'webhook_endpoint.url'

/** A destination is a webhook endpoint that can also be sent thin events; the other kinds of it are others' services. */
const create: Handler<CreateParams> = (transaction, { params }) => {
  if (params.type !== 'webhook_endpoint') throw notSimulated(`A destination of the type ${params.type}`, 'type')
  const { webhook_endpoint: endpoint, event_payload: payload } = params
  if (endpoint === undefined) throw missingParameter('webhook_endpoint')
  refuseForeign(params.events_from)
  if (payload === 'thin' && params.snapshot_api_version !== undefined) {
    const message = 'You cannot set a snapshot_api_version for thin events.'
    throw invalidRequest(message, { code: 'invalid_fields', param: 'snapshot_api_version' })
  }
  if (destinationsOf(transaction).length >= MOST_DESTINATIONS) {
    throw invalidRequest(`You have reached the maximum of ${MOST_DESTINATIONS} event destinations.`)
  }
  const { now } = transaction
  const version = payload === 'snapshot' ? (params.snapshot_api_version ?? transaction.apiVersion) : null
  const made = transaction.put('webhook_endpoints', {
    id: transaction.newId('ed_test'),
    object: 'webhook_endpoint',
    api_version: version,
    application: null,
    created: now,
    description: params.description ?? '',
    destination: { name: params.name, payload, updated: now },
    enabled_events: checkedTypes(params.enabled_events, payload),
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    replacedSecrets: [],
    secret: transaction.newId('whsec'),
    status: 'enabled',
    url: checkedUrl(endpoint.url),
  })
  return shown(asDestination(made), params.include ?? [])
}

function refuseForeign(from: readonly string[] | undefined): void {
  if (from === undefined || from.every((source) => source === '@self')) return
  throw notSimulated('Events of other accounts', 'events_from')
}

/** Thin events have types of their own, all of which begin with a version of the API. */
function checkedTypes(types: readonly string[], payload: string): readonly string[] {
  const strange = types.find((type) => type !== '*' && /^v[12]\./.test(type) !== (payload === 'thin'))
  if (strange === undefined && types.length > 0) return types
  const message =
    strange === undefined
      ? 'At least one event type is needed.'
      : `The event type ${strange} has no ${payload} payload.`
  throw invalidRequest(message, { code: 'invalid_fields', param: 'enabled_events' })
}

function destinationsOf(transaction: Transaction): readonly Destination[] {
  return transaction
    .all('webhook_endpoints')
    .filter((endpoint) => endpoint.destination !== undefined)
    .map(asDestination)
}

function asDestination(endpoint: WebhookEndpointRecord): Destination {
  const { destination } = endpoint
  if (destination === undefined) throw new Error(`The endpoint ${endpoint.id} is no event destination.`)
  return { ...endpoint, destination }
}

function destinationInPath(transaction: Transaction, id: string | undefined): Destination {
  const kind = 'event destination'
  const endpoint = recordInPath(transaction, 'webhook_endpoints', { id, kind })
  if (endpoint.destination === undefined) throw noSuch(kind, endpoint.id, { param: 'id', status: 404 })
  return asDestination(endpoint)
}

/** The address and the secret are told only to those who ask for them, the secret only at first. */
function shown(endpoint: Destination, include: readonly string[]): unknown {
  const { destination, status } = endpoint
  return {
    id: endpoint.id,
    object: 'v2.core.event_destination',
    created: isoOf(endpoint.created),
    description: endpoint.description ?? '',
    enabled_events: endpoint.enabled_events,
    event_payload: destination.payload,
    events_from: ['@self'],
    livemode: false,
    metadata: endpoint.metadata,
    name: destination.name,
    ...(endpoint.api_version !== null && { snapshot_api_version: endpoint.api_version }),
    status,
    ...(status === 'disabled' && { status_details: { disabled: { reason: 'user' } } }),
    type: 'webhook_endpoint',
    updated: isoOf(destination.updated),
    webhook_endpoint: {
      ...(include.includes(SECRET) && { signing_secret: endpoint.secret }),
      ...(include.includes(URL_FIELD) && { url: endpoint.url }),
    },
  }
}

const retrieve: Handler<Stripe.V2.Core.EventDestinationRetrieveParams> = (transaction, { path, params }) =>
  shown(destinationInPath(transaction, path['id']), params.include ?? [])

const update: Handler<Stripe.V2.Core.EventDestinationUpdateParams> = (transaction, { path, params }) => {
  const before = destinationInPath(transaction, path['id'])
  const { destination } = before
  const { enabled_events: types, webhook_endpoint: endpoint } = params
  const after = changed(transaction, before, {
    description: params.description ?? before.description,
    destination: { ...destination, name: params.name ?? destination.name },
    ...(types !== undefined && { enabled_events: [...checkedTypes(types, destination.payload)] }),
    metadata: mergeMetadata(before.metadata, params.metadata),
    ...(endpoint !== undefined && { url: checkedUrl(endpoint.url) }),
  })
  return shown(after, params.include ?? [])
}

function changed(transaction: Transaction, before: Destination, fields: Partial<Destination>): Destination {
  const { destination = before.destination, ...rest } = fields
  const now = { ...destination, updated: transaction.now }
  return asDestination(transaction.put('webhook_endpoints', { ...before, ...rest, destination: now }))
}

function become(status: 'enabled' | 'disabled'): Handler {
  return (transaction, { path }) => {
    const before = destinationInPath(transaction, path['id'])
    if (before.status === status) throw invalidRequest(`The event destination is already ${status}.`)
    return shown(changed(transaction, before, { status }), [])
  }
}

const remove: Handler = (transaction, { path }) => {
  const { id } = destinationInPath(transaction, path['id'])
  transaction.remove('webhook_endpoints', id)
  return { id, object: 'v2.core.event_destination' }
}

const list: Handler<Stripe.V2.Core.EventDestinationListParams & Paged> = (transaction, { params }) => {
  const page = listOfPage(destinationsOf(transaction).toReversed(), params, { path: '/v2/core/event_destinations' })
  return { ...page, data: page.data.map((destination) => shown(destination, params.include ?? [])) }
}

/** A ping goes to the one destination, whatever events it asked for. */
const ping: Handler = (transaction, { path }) => {
  const { id, status } = destinationInPath(transaction, path['id'])
  if (status === 'disabled') throw invalidRequest('You cannot ping an event destination that is disabled.')
  const related = { id, type: 'v2.core.event_destination', url: `/v2/core/event_destinations/${id}` }
  const event = emitThin(transaction, { type: PING, related })
  return findThinEvent(transaction, event.id)
}

export const PING = 'v2.core.event_destination.ping'

export const eventDestinationHandlers: Handlers = {
  'event_destinations.create': create,
  'event_destinations.retrieve': retrieve,
  'event_destinations.update': update,
  'event_destinations.delete': remove,
  'event_destinations.list': list,
  'event_destinations.enable': become('enabled'),
  'event_destinations.disable': become('disabled'),
  'event_destinations.ping': ping,
}
