import type { DeliveryRecord } from '../core/edge-records.js'
import { idAt } from '../core/ids.js'
import { view } from '../core/machine.js'
import type { EventRecord, WebhookEndpointRecord } from '../core/private-records.js'
import type { UnixSeconds } from '../core/unix-seconds.js'
import type { Changes, State, Write } from '../core/state.js'
import { endpointsFor } from '../core/events/webhook-endpoints.js'
import type { ThinEventRecord } from '../core/usage-records.js'
import { deliveriesOfThin, isThin, thinDeliveriesOf, type Sent } from '../core/v2/thin-deliveries.js'
import type { Commit } from '../world.js'
import { happens, sendingTime, type DeliveryFaults } from './faults.js'

/** Adds to what a command decided the deliveries of its events, so that both are kept or neither. */
export function planDeliveries(state: State, commit: Commit, options: Options): Commit {
  const alone = commit.changes.writes.filter(({ table }) => table === 'thin_events')
  if (commit.events.length + alone.length === 0) return commit
  const transaction = view(state, options.now, '')
  const thin = transaction
    .all('webhook_endpoints')
    .filter((endpoint) => endpoint.status === 'enabled' && isThin(endpoint))
  const writes = [...commit.changes.writes]
  let { sequence } = commit.changes.counters
  const plan = (sent: Sent): void => {
    for (const endpoint of repeated(state.seed, sent, options)) {
      sequence += 1
      const value = deliveryOf(state.seed, { event: sent.event, endpoint, sequence }, options)
      writes.push({ table: 'deliveries', id: value.id, value, sequence, isNew: true })
    }
  }
  for (const event of commit.events) {
    const endpoints = endpointsFor(transaction, event)
    countPending(writes, event, endpoints.length)
    for (const endpoint of endpoints) plan({ event, endpoint })
    for (const sent of thinDeliveriesOf(thin, event)) plan(sent)
  }
  // Guaranteed: what is written to this table is such records.
  for (const { value } of alone) for (const sent of deliveriesOfThin(thin, value as ThinEventRecord)) plan(sent)
  return { ...commit, changes: { writes, counters: { ...commit.changes.counters, sequence } } }
}

function countPending(writes: Write[], event: EventRecord, count: number): void {
  if (count === 0) return
  const place = writes.findIndex(({ table, id }) => table === 'events' && id === event.id)
  const write = writes[place]
  if (write !== undefined) writes[place] = { ...write, value: { ...event, pending_webhooks: count } }
}

/** Shared by all that have not been tried yet. */
const NO_ATTEMPTS: DeliveryRecord['attempts'] = []

interface Options {
  readonly now: UnixSeconds
  readonly faults: DeliveryFaults
}

/** The endpoint as often as it is to get the event. */
function repeated(seed: number, { event, endpoint }: Sent, { faults }: Options): readonly WebhookEndpointRecord[] {
  const isTwice = happens(seed, `${event.id}${endpoint.id}`, { name: 'duplicate', rate: faults.duplicate })
  return isTwice ? [endpoint, endpoint] : [endpoint]
}

function deliveryOf(
  seed: number,
  { event, endpoint, sequence }: Sent & { readonly sequence: number },
  { now, faults }: Options,
): DeliveryRecord {
  const id = idAt('dlv', seed, sequence)
  const isDropped = happens(seed, id, { name: 'drop', rate: faults.drop })
  return {
    id,
    event: event.id,
    eventType: event.type,
    endpoint: endpoint.id,
    url: endpoint.url,
    status: isDropped ? 'dropped' : 'pending',
    created: now,
    nextAttemptAt: isDropped ? null : sendingTime(seed, { id, at: now }, faults),
    attempts: NO_ATTEMPTS,
  }
}

/** The changes and one new record more. */
export function withRecord(changes: Changes, record: Omit<Write, 'sequence'>): Changes {
  const sequence = changes.counters.sequence + 1
  return {
    writes: [...changes.writes, { ...record, sequence }],
    counters: { ...changes.counters, sequence },
  }
}
