import type Stripe from 'stripe'
import { invalidRequest, noSuch } from '../error.js'
import { listReply, type Handler, type Handlers, type Renderers } from '../handler.js'
import { isWithin } from '../lists.js'
import { recordInPath } from '../lookup.js'
import { CLOCKED } from '../indexes.js'
import type { EventRecord } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import type { UnixSeconds } from '../unix-seconds.js'

/** Stripe answers events of the last 30 days only. https://docs.stripe.com/api/events/list */
export const RETENTION = 30 * 24 * 3600

const MOST_TYPES = 20

/** Whether Stripe no longer has an event. On a test clock time may have been long past when the event was made. */
export function isForgotten({ clock, created }: Pick<EventRecord, 'clock' | 'created'>, now: UnixSeconds): boolean {
  return clock === undefined && created < now - RETENTION
}

const retrieve: Handler = (transaction, { path }) => {
  const event = recordInPath(transaction, 'events', { id: path['id'], kind: 'event' })
  if (isForgotten(event, transaction.now)) throw noSuch('event', event.id, { param: 'id', status: 404 })
  return transaction.render('events', event)
}

const list: Handler<Stripe.EventListParams> = (transaction, { params }) => {
  const { type, types, delivery_success: isDelivered, created, ...paging } = params
  if (type !== undefined && types !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: type, types.', { code: 'parameters_exclusive' })
  }
  if (types !== undefined && types.length > MOST_TYPES) {
    throw invalidRequest(`You may pass up to ${MOST_TYPES} event types.`, { param: 'types' })
  }
  const wanted = type === undefined ? types : [type]
  const where = (event: EventRecord): boolean =>
    !isForgotten(event, transaction.now) &&
    isWithin(event.created, created) &&
    (wanted === undefined || wanted.some((pattern) => matchesType(event.type, pattern))) &&
    (isDelivered === undefined || isDelivered === (event.pending_webhooks === 0))
  const bucket = type === undefined || type.endsWith('*') ? {} : { index: 'type' as const, key: type }
  const bounded = created === undefined || anyOfTestClocks(transaction) ? paging : { ...paging, created }
  const page = transaction.page('events', bounded, { ...bucket, where, kind: 'event' })
  return listReply(transaction, 'events', { page, url: '/v1/events' })
}

/** Without test clocks, events stand in the order of their `created`, and need not be looked through for it. */
function anyOfTestClocks(transaction: Transaction): boolean {
  return transaction.page('events', { limit: 1 }, { index: 'clocked', key: CLOCKED, kind: 'event' }).data.length > 0
}

/** Which clock an event came from is nothing that Stripe tells. */
function onWire(event: EventRecord): object {
  if (event.clock === undefined) return event
  const { clock: _clock, recorded: _recorded, ...shown } = event
  return shown
}

/** `customer.*` stands for all events about customers, `*` for all there are. */
function matchesType(type: string, pattern: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern
}

export const eventsHandlers: Handlers = {
  'events.retrieve': retrieve,
  'events.list': list,
}

export const eventsRenderers: Renderers = {
  events: (_transaction, event) => onWire(event),
}
