import type { EventRecord, WebhookEndpointRecord } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import type { ThinEventRecord } from '../usage-records.js'
import { findThinEvent } from './core-events.js'
import { PING } from './event-destinations.js'
import { thinEventsOf } from './thin-event.js'

/** An event on its way to an endpoint, as far as it is named. */
export interface Sent {
  readonly event: { readonly id: string; readonly type: string }
  readonly endpoint: WebhookEndpointRecord
}

/** Whether an endpoint is sent thin events rather than snapshots. */
export function isThin({ destination }: WebhookEndpointRecord): boolean {
  return destination?.payload === 'thin'
}

/** To whom the thin events of a snapshot event go. */
export function thinDeliveriesOf(thin: readonly WebhookEndpointRecord[], event: EventRecord): readonly Sent[] {
  if (thin.length === 0) return []
  return thinEventsOf(event).flatMap(({ id, type }) => sent(thin, { id, type }))
}

/** To whom an event goes that has no snapshot. */
export function deliveriesOfThin(thin: readonly WebhookEndpointRecord[], event: ThinEventRecord): readonly Sent[] {
  const { id, type, related } = event
  if (type !== PING) return sent(thin, { id, type })
  return thin.filter((endpoint) => endpoint.id === related?.id).map((endpoint) => ({ event: { id, type }, endpoint }))
}

function sent(thin: readonly WebhookEndpointRecord[], event: Sent['event']): readonly Sent[] {
  return thin
    .filter(({ enabled_events: types }) => types.includes('*') || types.includes(event.type))
    .map((endpoint) => ({ event, endpoint }))
}

/** The body of a delivery: a snapshot event as it stands, a thin one without its data. */
export function bodyOf(transaction: Transaction, id: string): unknown {
  const snapshot = transaction.get('events', id)
  if (snapshot !== undefined) return transaction.render('events', snapshot)
  const thin = findThinEvent(transaction, id)
  if (thin === undefined) return undefined
  const { data: _data, ...notification } = thin
  return notification
}
