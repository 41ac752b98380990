import { createHash } from 'node:crypto'
import type { IdempotencyRecord } from '../core/edge-records.js'
import { StripeError, invalidRequest } from '../core/error.js'
import type { UnixSeconds } from '../core/unix-seconds.js'
import { tableOf, type Changes, type Write } from '../core/state.js'
import { withRecord } from '../delivery/plan.js'
import type { World } from '../world.js'

/** Stripe may forget a key after a day. https://docs.stripe.com/api/idempotent_requests */
const KEPT_FOR = 24 * 3600

const LONGEST_KEY = 255

export interface KeyedRequest {
  readonly key: string
  /** Method and path as they were sent. */
  readonly route: string
  readonly fingerprint: string
}

/** The key of a request, if it has one and is of the kind that heeds it. */
export function readKey(request: {
  method: string
  path: string
  body: string
  header: string | undefined
}): KeyedRequest | undefined {
  const { method, path, body, header } = request
  if (method !== 'POST' || header === undefined) return undefined
  if (header.length > LONGEST_KEY) {
    throw invalidRequest(
      `Idempotency keys may be at most ${LONGEST_KEY} characters long; this one has ${header.length}.`,
    )
  }
  return { key: header, route: path, fingerprint: fingerprintOf(body) }
}

/** Parameters are the same in whatever order they come. */
function fingerprintOf(body: string): string {
  const sorted = body.split('&').toSorted().join('&')
  return createHash('sha256').update(sorted).digest('base64url')
}

/**
 * What was answered when this key was first used, or `undefined` when it is new.
 *
 * @throws StripeError when it was used for something else
 */
export function earlierAnswer(world: World, { key, route, fingerprint }: KeyedRequest): IdempotencyRecord | undefined {
  const record = world.view().get('idempotency_keys', key)
  if (record === undefined || isForgotten(record, world.now)) return undefined
  if (record.route !== route) {
    throw conflict(
      `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${route}' vs ` +
        `'${record.route}'). Try using a key other than '${key}' if you meant to execute a different request.`,
    )
  }
  if (record.fingerprint !== fingerprint) {
    throw conflict(
      'Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key ' +
        `other than '${key}' if you meant to execute a different request.`,
    )
  }
  return record
}

function isForgotten(record: IdempotencyRecord, now: UnixSeconds): boolean {
  return now - record.created > KEPT_FOR
}

/** The refusal of a second request while the first with the same key is under way. */
export function keyInUse(key: string): StripeError {
  const message =
    'There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, ' +
    `and the other request is still going through): ${key}. Please try again later.`
  return new StripeError(409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message })
}

function conflict(message: string): StripeError {
  return new StripeError(400, { type: 'idempotency_error', message })
}

/** The changes and, with them, the answer that a later request with the same key will get. */
export function withAnswer(world: World, changes: Changes, answer: Omit<IdempotencyRecord, 'created'>): Changes {
  const record: IdempotencyRecord = { ...answer, created: world.now }
  const known = tableOf(world.state, 'idempotency_keys').byId.get(record.id)
  const kept = { table: 'idempotency_keys' as const, id: record.id, value: record }
  if (known === undefined) return withRecord({ ...changes, writes: [...changes.writes, ...forgotten(world)] }, kept)
  return { ...changes, writes: [...changes.writes, { ...kept, sequence: known.sequence }] }
}

/** Each new key takes the oldest ones with it whose day is over, so that their number stays bounded. */
function forgotten(world: World): Write[] {
  const table = tableOf(world.state, 'idempotency_keys')
  const writes: Write[] = []
  for (const sequence of table.all.slice(0, 2)) {
    const id = table.bySequence.get(sequence)
    const record = id === undefined ? undefined : table.byId.get(id)?.value
    if (record === undefined || !isForgotten(record, world.now)) break
    writes.push({ table: 'idempotency_keys', id: record.id, value: undefined, sequence })
  }
  return writes
}
