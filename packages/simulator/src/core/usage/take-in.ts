import { invalidRequest } from '../error.js'
import type { Transaction } from '../transaction.js'
import { checkEvent, enterClockOfEvent, type Refusal, type SentEvent } from './check.js'
import { reportRefusals } from './reports.js'

/** How long an identifier cannot be used again, and how long an event can be canceled. */
const KEPT_FOR = 24 * 3600

/**
 * Counts usage, in the order in which it was sent. What cannot be counted was accepted all the same, and is reported
 * afterwards. Stripe does this asynchronously; here it is done when the request is answered.
 */
export function takeIn(transaction: Transaction, events: readonly SentEvent[]): void {
  const refusals = events.flatMap((event): Refusal[] => {
    enterClockOfEvent(transaction, event)
    if (isKnown(transaction, event.identifier)) return []
    const checked = checkEvent(transaction, event)
    const receivedAt = transaction.now
    transaction.put('meter_identifiers', { id: event.identifier, receivedAt, usage: null })
    if (!checked.ok) return [checked.refusal]
    const { meter, customer, value, date } = checked
    const { identifier, eventName } = event
    const id = transaction.newId('mtrevt')
    transaction.put('meter_usage', { id, identifier, eventName, meter: meter.id, customer, value, date, receivedAt })
    transaction.put('meter_identifiers', { id: identifier, receivedAt, usage: id })
    transaction.send({ type: 'meter.used', meter: meter.id, customer })
    return []
  })
  reportRefusals(transaction, refusals)
}

/** Refuses an event that was sent before; of a whole batch, such ones are left out instead. */
export function refuseKnown(transaction: Transaction, event: SentEvent): void {
  const { identifier } = event
  enterClockOfEvent(transaction, event)
  if (!isKnown(transaction, identifier)) return
  throw invalidRequest(`An event already exists with identifier ${identifier}.`, { param: 'identifier' })
}

function isKnown(transaction: Transaction, identifier: string): boolean {
  const seen = transaction.get('meter_identifiers', identifier)
  return seen !== undefined && Math.abs(transaction.now - seen.receivedAt) < KEPT_FOR
}

/** Takes back what an event counted, within a day of its coming. */
export function cancelEvent(
  transaction: Transaction,
  { identifier, eventName }: { readonly identifier: string; readonly eventName: string },
): void {
  const usage = transaction.get('meter_usage', transaction.get('meter_identifiers', identifier)?.usage ?? '')
  if (usage === undefined || usage.eventName !== eventName) {
    const message = `No meter event was found with the identifier ${identifier} for the event name ${eventName}.`
    throw invalidRequest(message, { code: 'resource_missing', param: 'cancel[identifier]' })
  }
  transaction.enterClockOf(usage.customer)
  if (transaction.now - usage.receivedAt >= KEPT_FOR) {
    const message = 'A meter event can be canceled only within 24 hours of its receipt.'
    throw invalidRequest(message, { param: 'cancel[identifier]' })
  }
  transaction.remove('meter_usage', usage.id)
  transaction.put('meter_identifiers', { id: identifier, receivedAt: usage.receivedAt, usage: null })
}
