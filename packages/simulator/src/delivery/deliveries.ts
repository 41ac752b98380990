import type { DeliveryAttempt, DeliveryRecord } from '../core/edge-records.js'
import type { UnixSeconds } from '../core/unix-seconds.js'
import { activeSecrets } from '../core/events/webhook-endpoints.js'
import type { World } from '../world.js'
import { draw, type DeliveryFaults } from './faults.js'
import { withRecord } from './plan.js'
import { sendWebhook } from './send.js'

const HOUR = 3600

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
    while (!this.#stop.signal.aborted && this.due().length > 0) await this.#sendDue()
    await Promise.all(this.#lanes.values())
  }

  /** The deliveries whose next attempt is due. */
  due(): readonly DeliveryRecord[] {
    return [...this.#options.worlds()].flatMap((world) => dueIn(world))
  }

  /** When the next attempt is due after now, if any is planned. */
  nextDue(): UnixSeconds | undefined {
    const times = [...this.#options.worlds()].flatMap((world) =>
      pendingIn(world).flatMap(({ nextAttemptAt: at }) => (at !== null && at > world.now ? [at] : [])),
    )
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /** Sends no more. */
  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#lanes.values())
  }

  async #sendDue(): Promise<void> {
    const lanes: Promise<void>[] = []
    for (const world of this.#options.worlds()) {
      for (const endpoint of new Set(dueIn(world).map((delivery) => delivery.endpoint))) {
        lanes.push(this.#lane(world, endpoint))
      }
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
      place: index + (draw(world.state.seed, delivery.id, 'reorder') < reorder ? 1.5 : 0),
    }))
    return places.toSorted((left, right) => left.place - right.place).map(({ delivery }) => delivery)
  }

  async #attempt(world: World, queued: DeliveryRecord): Promise<void> {
    const transaction = world.view()
    const delivery = transaction.get('deliveries', queued.id)
    if (delivery?.status !== 'pending') return
    const endpoint = transaction.get('webhook_endpoints', delivery.endpoint)
    const event = transaction.get('events', delivery.event)
    if (endpoint?.status !== 'enabled' || event === undefined) {
      settle(world, delivery, { status: 'canceled', attempts: delivery.attempts, nextAttemptAt: null })
      return
    }
    const secrets = activeSecrets(endpoint, world.now)
    const body = JSON.stringify(transaction.render('events', event))
    const attempt = await sendWebhook(endpoint.url, body, { at: world.now, secrets, signal: this.#stop.signal })
    if (this.#stop.signal.aborted && attempt.status === null) return
    settle(world, delivery, outcomeOf(delivery, attempt))
  }
}

type Outcome = Pick<DeliveryRecord, 'status' | 'attempts' | 'nextAttemptAt'>

function outcomeOf(delivery: DeliveryRecord, attempt: DeliveryAttempt): Outcome {
  const attempts = [...delivery.attempts, attempt]
  const { status } = attempt
  if (status !== null && status >= 200 && status < 300) return { status: 'succeeded', attempts, nextAttemptAt: null }
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
  }
  world.commit({ changes: transaction.finish().changes, events: [] })
}

/** How many endpoints were to get the event and have not. */
function openEndpoints(deliveries: readonly DeliveryRecord[]): number {
  const wanted = deliveries.filter(({ status }) => status !== 'canceled').map(({ endpoint }) => endpoint)
  const reached = new Set(deliveries.filter(({ status }) => status === 'succeeded').map(({ endpoint }) => endpoint))
  return new Set(wanted.filter((endpoint) => !reached.has(endpoint))).size
}

function queueOf(world: World, endpoint: string): readonly DeliveryRecord[] {
  return dueIn(world).filter((delivery) => delivery.endpoint === endpoint)
}

function pendingIn(world: World): readonly DeliveryRecord[] {
  return world.view().by('deliveries', 'status', 'pending')
}

function dueIn(world: World): readonly DeliveryRecord[] {
  const { now } = world
  return pendingIn(world).filter(({ nextAttemptAt }) => nextAttemptAt !== null && nextAttemptAt <= now)
}

/** Sends an event once more, to one endpoint or to all that want it, whatever came of it before. */
export function resend(world: World, event: string, endpoint?: string): readonly DeliveryRecord[] {
  const transaction = world.view()
  const record = transaction.require('events', event, { kind: 'event' })
  const endpoints = transaction
    .all('webhook_endpoints')
    .filter(({ id, status }) => status === 'enabled' && (endpoint === undefined || id === endpoint))
  let { changes } = transaction.finish()
  const made = endpoints.map(({ id, url }): DeliveryRecord => {
    const number = changes.counters.sequence + 1
    const value: DeliveryRecord = {
      id: `dlv_${event.slice('evt_'.length)}_${number}`,
      event,
      eventType: record.type,
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
