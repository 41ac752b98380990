import type Stripe from 'stripe'
import { missingParameter } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import { cancelEvent, refuseKnown, takeIn } from './take-in.js'

const create: Handler<Stripe.Billing.MeterEventCreateParams> = (transaction, { params }) => {
  const { event_name: eventName, payload, timestamp, identifier = transaction.newId('mtrevt') } = params
  const event = { eventName, identifier, payload, timestamp }
  refuseKnown(transaction, event)
  const { now } = transaction
  takeIn(transaction, [event])
  return {
    object: 'billing.meter_event',
    created: now,
    event_name: eventName,
    identifier,
    livemode: false,
    payload,
    timestamp: timestamp ?? now,
  }
}

const adjust: Handler<Stripe.Billing.MeterEventAdjustmentCreateParams> = (transaction, { params }) => {
  const { event_name: eventName, cancel } = params
  const identifier = cancel?.identifier
  if (identifier === undefined) throw missingParameter('cancel[identifier]')
  cancelEvent(transaction, { identifier, eventName })
  return {
    object: 'billing.meter_event_adjustment',
    cancel: { identifier },
    event_name: eventName,
    livemode: false,
    status: 'complete',
    type: 'cancel',
  }
}

export const meterEventHandlers: Handlers = {
  'meter_events.create': create,
  'meter_event_adjustments.create': adjust,
}
