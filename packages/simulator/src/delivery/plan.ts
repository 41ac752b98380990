import type { DeliveryRecord } from '../core/edge-records.js'
import { idAt } from '../core/ids.js'
import { view } from '../core/machine.js'
import type { EventRecord, WebhookEndpointRecord } from '../core/private-records.js'
import type { UnixSeconds } from '../core/unix-seconds.js'
import type { Changes, State, Write } from '../core/state.js'
import { endpointsFor } from '../core/events/webhook-endpoints.js'
import type { Commit } from '../world.js'
import { delayOf, draw, type DeliveryFaults } from './faults.js'

/** Adds to what a command decided the deliveries of its events, so that both are kept or neither. */
export function planDeliveries(
  state: State,
  commit: Commit,
  options: { now: UnixSeconds; faults: DeliveryFaults },
): Commit {
  if (commit.events.length === 0) return commit
  const transaction = view(state, options.now, '')
  let changes = commit.changes
  for (const event of commit.events) {
    const endpoints = endpointsFor(transaction, event)
    if (endpoints.length === 0) continue
    changes = endpoints.reduce((sum, endpoint) => withDeliveries(state, sum, { event, endpoint, ...options }), changes)
    changes = { ...changes, writes: changes.writes.map((write) => counted(write, event, endpoints.length)) }
  }
  return { ...commit, changes }
}

interface Planned {
  readonly event: EventRecord
  readonly endpoint: WebhookEndpointRecord
  readonly now: UnixSeconds
  readonly faults: DeliveryFaults
}

function withDeliveries(state: State, changes: Changes, planned: Planned): Changes {
  const { event, endpoint, now, faults } = planned
  const isDuplicate = draw(state.seed, `${event.id}${endpoint.id}`, 'duplicate') < faults.duplicate
  const once = withDelivery(state, changes, { event, endpoint, now, faults })
  return isDuplicate ? withDelivery(state, once, { event, endpoint, now, faults }) : once
}

function withDelivery(state: State, changes: Changes, { event, endpoint, now, faults }: Planned): Changes {
  const sequence = changes.counters.sequence + 1
  const id = idAt('dlv', state.seed, sequence)
  const isDropped = draw(state.seed, id, 'drop') < faults.drop
  const delivery: DeliveryRecord = {
    id,
    event: event.id,
    eventType: event.type,
    endpoint: endpoint.id,
    url: endpoint.url,
    status: isDropped ? 'dropped' : 'pending',
    created: now,
    nextAttemptAt: isDropped ? null : now + delayOf(state.seed, id, faults),
    attempts: [],
  }
  return withRecord(changes, { table: 'deliveries', id, value: delivery })
}

/** The changes and one new record more. */
export function withRecord(changes: Changes, record: Omit<Write, 'sequence'>): Changes {
  const sequence = changes.counters.sequence + 1
  return {
    writes: [...changes.writes, { ...record, sequence }],
    counters: { ...changes.counters, sequence },
  }
}

function counted(write: Write, event: EventRecord, pending: number): Write {
  if (write.table !== 'events' || write.id !== event.id) return write
  return { ...write, value: { ...event, pending_webhooks: pending } }
}
