import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { isWithin } from '../lists.js'
import { recordInPath } from '../lookup.js'
import type { EventRecord } from '../private-records.js'

/** Stripe answers events of the last 30 days only. https://docs.stripe.com/api/events/list */
const RETENTION = 30 * 24 * 3600

const MOST_TYPES = 20

const retrieve: Handler = (transaction, { path }) => {
  const event = recordInPath(transaction, 'events', { id: path['id'], kind: 'event' })
  return transaction.render('events', event)
}

const list: Handler<Stripe.EventListParams> = (transaction, { params }) => {
  const { type, types, delivery_success: isDelivered } = params
  if (type !== undefined && types !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: type, types.', { code: 'parameters_exclusive' })
  }
  if (types !== undefined && types.length > MOST_TYPES) {
    throw invalidRequest(`You may pass up to ${MOST_TYPES} event types.`, { param: 'types' })
  }
  const wanted = type === undefined ? types : [type]
  const oldest = transaction.now - RETENTION
  const where = (event: EventRecord): boolean =>
    event.created >= oldest &&
    isWithin(event.created, params.created) &&
    (wanted === undefined || wanted.some((pattern) => matchesType(event.type, pattern))) &&
    (isDelivered === undefined || isDelivered === (event.pending_webhooks === 0))
  const bucket = type === undefined || type.endsWith('*') ? {} : { index: 'type' as const, key: type }
  const page = transaction.page('events', params, { ...bucket, where, kind: 'event' })
  return listReply(transaction, 'events', { page, url: '/v1/events' })
}

/** `customer.*` stands for all events about customers, `*` for all there are. */
function matchesType(type: string, pattern: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern
}

export const eventsHandlers: Handlers = {
  'events.retrieve': retrieve,
  'events.list': list,
}
