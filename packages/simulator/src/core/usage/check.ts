import type { Transaction } from '../transaction.js'
import type { UnixSeconds } from '../unix-seconds.js'
import { activeMeter } from './meters.js'
import type { Meter } from './readings.js'

/** A meter event as it is sent, by either version of the API. */
export interface SentEvent {
  readonly eventName: string
  readonly identifier: string
  readonly payload: Readonly<Record<string, string>>
  /** Now, when it is left out. */
  readonly timestamp: UnixSeconds | undefined
}

/** Why usage was not counted. https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api#handle-meter-event-errors */
export interface Refusal {
  readonly code: string
  readonly message: string
  readonly identifier: string
  /** The meter that it was meant for, where there is one. */
  readonly meter: string | null
}

export type Checked =
  | {
      readonly ok: true
      readonly meter: Meter
      readonly customer: string
      readonly value: string
      readonly date: UnixSeconds
    }
  | { readonly ok: false; readonly refusal: Refusal }

const DAY = 86_400
const OLDEST = 35 * DAY
const FURTHEST_AHEAD = 5 * 60
const MOST_DIGITS = 15

/** From here on the command runs at the time of the customer whom an event names, if it names one. */
export function enterClockOfEvent(transaction: Transaction, { eventName, payload }: SentEvent): void {
  const [meter] = transaction.by('meters', 'event_name', eventName)
  const customer = payload[meter?.customer_mapping.event_payload_key ?? '']
  transaction.enterClockOf(customer ?? null)
}

/** What an event counts, or why it counts nothing. */
export function checkEvent(transaction: Transaction, event: SentEvent): Checked {
  const { eventName, identifier, payload } = event
  const meter = activeMeter(transaction, eventName)
  const refuse = (code: string, message: string): Checked => ({
    ok: false,
    refusal: { code, message, identifier, meter: meter?.id ?? null },
  })
  if (meter === undefined) return withoutMeter(transaction, event)
  const key = meter.customer_mapping.event_payload_key
  const customer = payload[key]
  if (customer === undefined || customer === '') {
    return refuse('meter_event_no_customer_defined', `Customer mapping key ${key} not found in payload.`)
  }
  if (transaction.get('customers', customer) === undefined) {
    return refuse('meter_event_customer_not_found', `The customer ${customer} was not found.`)
  }
  const date = event.timestamp ?? transaction.now
  const untimely = outOfTime(date, transaction.now)
  if (untimely !== undefined) return refuse(...untimely)
  const value = readValue(meter, payload)
  return value.ok ? { ok: true, meter, customer, value: value.text, date } : refuse(value.code, value.message)
}

function withoutMeter(transaction: Transaction, { eventName, identifier }: SentEvent): Checked {
  const [archived] = transaction.by('meters', 'event_name', eventName)
  const refusal =
    archived === undefined
      ? { code: 'no_meter', message: `No meter found for the event name ${eventName}.`, meter: null }
      : { code: 'archived_meter', message: `The meter ${archived.id} is archived.`, meter: archived.id }
  return { ok: false, refusal: { ...refusal, identifier } }
}

function outOfTime(date: UnixSeconds, now: UnixSeconds): [string, string] | undefined {
  if (date < now - OLDEST) {
    return ['timestamp_too_far_in_past', 'The timestamp must be within the past 35 calendar days.']
  }
  if (date > now + FURTHEST_AHEAD) {
    return ['timestamp_in_future', 'The timestamp must be at most 5 minutes in the future.']
  }
  return undefined
}

type Value =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: string; readonly message: string }

/** A meter that counts events needs no value. */
function readValue(meter: Meter, payload: SentEvent['payload']): Value {
  const { event_payload_key: key } = meter.value_settings
  const text = payload[key]
  if (meter.default_aggregation.formula === 'count') return { ok: true, text: '1' }
  if (text === undefined || text === '') {
    return { ok: false, code: 'meter_event_value_not_found', message: `Value key ${key} not found in payload.` }
  }
  if (!/^-?\d+(\.\d+)?$/.test(text)) {
    return { ok: false, code: 'meter_event_invalid_value', message: `The value ${text} is not a number.` }
  }
  if (text.replaceAll(/\D/g, '').length > MOST_DIGITS) {
    const message = `The value ${text} has more than ${MOST_DIGITS} digits.`
    return { ok: false, code: 'meter_event_value_too_many_digits', message }
  }
  return { ok: true, text }
}
