import type { DeliveryAttempt, DeliveryRecord } from '../core/edge-records.js'
import type { EventRecord, WebhookEndpointRecord } from '../core/private-records.js'
import type { Transaction } from '../core/transaction.js'
import type { UnixSeconds } from '../core/unix-seconds.js'
import { queuesIn, waitingIn, type Queues } from '../core/state.js'
import { activeSecrets } from '../core/events/webhook-endpoints.js'
import { noteDelivered } from '../core/invoices/webhooks-delivered.js'
import { findThinEvent } from '../core/v2/core-events.js'
import { bodyOf, isThin } from '../core/v2/thin-deliveries.js'
import { earlierForm } from '../http/earlier-answers.js'
import type { World } from '../world.js'
import { happens, type DeliveryFaults } from './faults.js'
import { withRecord } from './plan.js'
import { sendWebhook } from './send.js'

const HOUR = 3600
const LARGEST_LOT = 500
const DISABLE_AFTER = 3 * 24 * HOUR
/** Twice what the SDK tolerates. */
const STALE_BY = 600

/**
 * When a failed delivery is tried again, in seconds after the attempt before. Stripe says only that a sandbox tries three
 * times over a few hours; the intervals are inferred. https://docs.stripe.com/webhooks#automatic-retries
 */
export const RETRY_AFTER: readonly UnixSeconds[] = [5 * 60, HOUR, 3 * HOUR]

/** Whether events are sent by themselves as soon as they happen, or only when a test says so. */
export type DeliveryMode = 'immediate' | 'manual'

export interface DeliveryOptions {
  readonly worlds: () => Iterable<World>
  readonly faults: () => DeliveryFaults
  /** Resolves when everything decided so far is on disk: nothing is announced that a crash could undo. */
  readonly saved: () => Promise<void>
  readonly mode: DeliveryMode
}

/** Sends the events of all worlds to their endpoints, to each endpoint one after the other. */
export class Deliveries {
  mode: DeliveryMode
  readonly #options: DeliveryOptions
  readonly #lanes = new Map<string, Promise<void>>()
  readonly #stop = new AbortController()

  constructor(options: DeliveryOptions) {
    this.#options = options
    this.mode = options.mode
  }

  /** Starts to send what is due, if deliveries are sent by themselves. */
  wake(): void {
    if (this.mode === 'immediate') void this.#sendDue()
  }

  /** Sends everything that is due by now, and what comes due meanwhile, and resolves when all of it was tried. */
  async drain(): Promise<void> {
    while (!this.#stop.signal.aborted && this.isAnyDue()) await this.#sendDue()
    await Promise.all(this.#lanes.values())
  }

  /** When the next attempt is due after now, if any is planned. */
  nextDue(): UnixSeconds | undefined {
    const times = [...this.#options.worlds()].flatMap((world) => queuesOf(world).next ?? [])
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /** Whether something waits to be sent, and its time has come. */
  isAnyDue(): boolean {
    return [...this.#options.worlds()].some((world) => queuesOf(world).due.length > 0)
  }

  /** Sends no more. */
  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#lanes.values())
  }

  async #sendDue(): Promise<void> {
    const lanes: Promise<void>[] = []
    for (const world of this.#options.worlds()) {
      for (const endpoint of queuesOf(world).due) lanes.push(this.#lane(world, endpoint))
    }
    await Promise.all(lanes)
  }

  /** One endpoint's queue; who comes while it is being worked off waits for the same work. */
  #lane(world: World, endpoint: string): Promise<void> {
    const key = `${world.account ?? ''} ${endpoint}`
    const running = this.#lanes.get(key)
    if (running !== undefined) return running
    const lane = this.#work(world, endpoint).finally(() => this.#lanes.delete(key))
    this.#lanes.set(key, lane)
    return lane
  }

  async #work(world: World, endpoint: string): Promise<void> {
    await this.#options.saved()
    for (let queue = queueOf(world, endpoint); queue.length > 0; queue = queueOf(world, endpoint)) {
      for (const delivery of this.#reordered(world, queue)) {
        if (this.#stop.signal.aborted) return
        await this.#attempt(world, delivery)
      }
      await this.#options.saved()
    }
  }

  /** The queue, in which by way of a fault some change places with the one behind them. */
  #reordered(world: World, queue: readonly DeliveryRecord[]): readonly DeliveryRecord[] {
    const { reorder } = this.#options.faults()
    const places = queue.map((delivery, index) => ({
      delivery,
      place: index + (happens(world.state.seed, delivery.id, { name: 'reorder', rate: reorder }) ? 1.5 : 0),
    }))
    return places.toSorted((left, right) => left.place - right.place).map(({ delivery }) => delivery)
  }

  async #attempt(world: World, queued: DeliveryRecord): Promise<void> {
    const transaction = world.view()
    const delivery = transaction.get('deliveries', queued.id)
    if (delivery?.status !== 'pending') return
    const endpoint = transaction.get('webhook_endpoints', delivery.endpoint)
    const event = bodyOf(transaction, delivery.event)
    if (endpoint?.status !== 'enabled' || event === undefined) {
      settle(world, delivery, { status: 'canceled', attempts: delivery.attempts, nextAttemptAt: null })
      return
    }
    const attempt = await sendWebhook(endpoint.url, JSON.stringify(inFormOf(endpoint, event, transaction)), {
      at: world.now,
      signedAt: this.#isStale(world, delivery) ? world.now - STALE_BY : world.now,
      secrets: activeSecrets(endpoint, world.now),
      signal: this.#stop.signal,
    })
    if (this.#stop.signal.aborted && attempt.status === null) return
    settle(world, delivery, outcomeOf(delivery, attempt))
    noteHealth(world, endpoint.id, attempt)
  }

  #isStale({ state }: World, { id }: DeliveryRecord): boolean {
    return happens(state.seed, id, { name: 'stale', rate: this.#options.faults().stale })
  }
}

/** An endpoint that is pinned to an earlier version gets the object as it was then. */
function inFormOf({ api_version: version }: WebhookEndpointRecord, event: unknown, transaction: Transaction): unknown {
  if (version === null) return event
  const shape = earlierForm(transaction, version)
  const { data, ...rest } = event as EventRecord
  const object = shape === undefined || data === undefined ? data : { ...data, object: shape(data.object) }
  return { ...rest, api_version: version, ...(object !== undefined && { data: object }) }
}

/**
 * Stripe disables an endpoint that nothing has reached for several days. How many is not published: three are inferred.
 * https://docs.stripe.com/webhooks#disable
 */
function noteHealth(world: World, id: string, { at, status }: DeliveryAttempt): void {
  const endpoint = world.view().get('webhook_endpoints', id)
  if (endpoint === undefined) return
  const { failingSince: since, ...healthy } = endpoint
  if (isSuccess(status)) {
    if (since !== undefined) world.put('webhook_endpoints', healthy)
    return
  }
  if (since === undefined) world.put('webhook_endpoints', { ...endpoint, failingSince: at })
  else if (at - since >= DISABLE_AFTER) world.put('webhook_endpoints', { ...healthy, status: 'disabled' })
}

function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300
}

type Outcome = Pick<DeliveryRecord, 'status' | 'attempts' | 'nextAttemptAt'>

function outcomeOf(delivery: DeliveryRecord, attempt: DeliveryAttempt): Outcome {
  const attempts = [...delivery.attempts, attempt]
  if (isSuccess(attempt.status)) return { status: 'succeeded', attempts, nextAttemptAt: null }
  const wait = RETRY_AFTER[attempts.length - 1]
  if (wait === undefined) return { status: 'failed', attempts, nextAttemptAt: null }
  return { status: 'pending', attempts, nextAttemptAt: attempt.at + wait }
}

/** Keeps what came of an attempt, and counts the event's endpoints that are still to be reached. */
function settle(world: World, delivery: DeliveryRecord, outcome: Outcome): void {
  const transaction = world.view()
  if (transaction.get('deliveries', delivery.id) === undefined) return
  transaction.put('deliveries', { ...delivery, ...outcome })
  const event = transaction.get('events', delivery.event)
  if (event !== undefined) {
    const open = openEndpoints(transaction.by('deliveries', 'event', event.id))
    transaction.put('events', { ...event, pending_webhooks: open })
    if (open === 0 && outcome.status === 'succeeded') noteDelivered(transaction, event)
  }
  world.commit({ changes: transaction.finish().changes, events: [] })
}

/** How many endpoints were to get the event and have not. */
function openEndpoints(deliveries: readonly DeliveryRecord[]): number {
  const wanted = deliveries.filter(({ status }) => status !== 'canceled').map(({ endpoint }) => endpoint)
  const reached = new Set(deliveries.filter(({ status }) => status === 'succeeded').map(({ endpoint }) => endpoint))
  return new Set(wanted.filter((endpoint) => !reached.has(endpoint))).size
}

function queuesOf(world: World): Queues {
  return queuesIn(world.state, 'deliveries', world.now)
}

/** What is to be sent next to an endpoint, in order. However much waits, it is taken up in small lots. */
function queueOf(world: World, endpoint: string): readonly DeliveryRecord[] {
  const lot: DeliveryRecord[] = []
  for (const delivery of waitingIn(world.state, 'deliveries', { queue: endpoint, until: world.now })) {
    if (lot.push(delivery) === LARGEST_LOT) break
  }
  return lot
}

/** Sends an event once more, to one endpoint or to all that want it, whatever came of it before. */
export function resend(world: World, event: string, endpoint?: string): readonly DeliveryRecord[] {
  const transaction = world.view()
  const thin = findThinEvent(transaction, event)
  const { type } = thin ?? transaction.require('events', event, { kind: 'event' })
  const endpoints = transaction
    .all('webhook_endpoints')
    .filter((candidate) => candidate.status === 'enabled' && isThin(candidate) === (thin !== undefined))
    .filter(({ id }) => endpoint === undefined || id === endpoint)
  let { changes } = transaction.finish()
  const made = endpoints.map(({ id, url }): DeliveryRecord => {
    const number = changes.counters.sequence + 1
    const value: DeliveryRecord = {
      id: `dlv_${event.slice('evt_'.length)}_${number}`,
      event,
      eventType: type,
      endpoint: id,
      url,
      status: 'pending',
      created: world.now,
      nextAttemptAt: world.now,
      attempts: [],
    }
    changes = withRecord(changes, { table: 'deliveries', id: value.id, value })
    return value
  })
  world.commit({ changes, events: [] })
  return made
}
