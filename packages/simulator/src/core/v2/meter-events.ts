import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import type { Transaction } from '../transaction.js'
import type { SentEvent } from '../usage/check.js'
import { cancelEvent, refuseKnown, takeIn } from '../usage/take-in.js'
import { isoOf, readInstant } from './instants.js'

type EventParams = Stripe.V2.Billing.MeterEventCreateParams

/** How long a session's token is good for. */
const SESSION_LENGTH = 15 * 60
const MOST_EVENTS = 100

const openSession: Handler = (transaction) => {
  const { now } = transaction
  const token = transaction.newId('token_meter_events')
  transaction.put('meter_sessions', { id: token, expiresAt: now + SESSION_LENGTH })
  return {
    id: transaction.newId('mes_test'),
    object: 'v2.billing.meter_event_session',
    authentication_token: token,
    created: isoOf(now),
    expires_at: isoOf(now + SESSION_LENGTH),
    livemode: false,
  }
}

/** Whether a token opens the stream of meter events at this instant. */
export function sessionState(transaction: Transaction, token: string): 'open' | 'expired' | 'unknown' {
  const session = transaction.get('meter_sessions', token)
  if (session === undefined) return 'unknown'
  return session.expiresAt > transaction.now ? 'open' : 'expired'
}

/** Nothing is refused here but what cannot be read: events are checked after the request was answered. */
const stream: Handler<{ readonly events: readonly EventParams[] }> = (transaction, { params }) => {
  const { events } = params
  if (events.length > MOST_EVENTS) {
    throw invalidRequest(`You may send up to ${MOST_EVENTS} events.`, { code: 'invalid_fields', param: 'events' })
  }
  takeIn(
    transaction,
    events.map((event) => sentEvent(transaction, event)),
  )
  return {}
}

function sentEvent(transaction: Transaction, params: EventParams): SentEvent {
  const { event_name: eventName, identifier = transaction.newId('mtrevt'), payload, timestamp } = params
  const at = timestamp === undefined ? undefined : readInstant(timestamp, 'timestamp')
  return { eventName, identifier, payload, timestamp: at }
}

const create: Handler<EventParams> = (transaction, { params }) => {
  const event = sentEvent(transaction, params)
  refuseKnown(transaction, event)
  const { now } = transaction
  takeIn(transaction, [event])
  return {
    object: 'v2.billing.meter_event',
    created: isoOf(now),
    event_name: event.eventName,
    identifier: event.identifier,
    livemode: false,
    payload: event.payload,
    timestamp: isoOf(event.timestamp ?? now),
  }
}

const adjust: Handler<Stripe.V2.Billing.MeterEventAdjustmentCreateParams> = (transaction, { params }) => {
  const { event_name: eventName, cancel } = params
  const { identifier } = cancel
  const { now } = transaction
  cancelEvent(transaction, { identifier, eventName })
  return {
    id: transaction.newId('mtradj_test'),
    object: 'v2.billing.meter_event_adjustment',
    cancel: { identifier },
    created: isoOf(now),
    event_name: eventName,
    livemode: false,
    status: 'complete',
    type: 'cancel',
  }
}

export const version2MeterEventHandlers: Handlers = {
  'v2_meter_event_adjustments.create': adjust,
  'v2_meter_event_session.create': openSession,
  'v2_meter_event_stream.create': stream,
  'v2_meter_events.create': create,
}
