import type { IdempotencyRecord } from '../core/edge-records.js'
import { StripeError, invalidRequest } from '../core/error.js'
import type { UnixSeconds } from '../core/unix-seconds.js'
import { entryOf, keysOf, recordOf, type Changes, type Write } from '../core/state.js'
import { firstOf, sizeOf, walk } from '../core/storage/key-list.js'
import type { World } from '../world.js'
import { isVersionTwo } from './version-two.js'

/** Stripe may forget a key after a day. https://docs.stripe.com/api/idempotent_requests */
const KEPT_FOR = 24 * 3600

/** Version 2 keeps its keys for longer. https://docs.stripe.com/api-v2-overview#idempotency */
const KEPT_FOR_IN_VERSION_TWO = 30 * 24 * 3600

/** Where the clock stands still no day is ever over, and the oldest are forgotten all the same. */
const MOST_KEYS = 100_000

/** Enough to keep up, and too few to be felt. */
const FORGOTTEN_AT_ONCE = 2

const LONGEST_KEY = 255

export interface KeyedRequest {
  readonly key: string
  /** Method and path as they were sent. */
  readonly route: string
  readonly fingerprint: number
}

/** The key of a request, if it has one and is of the kind that heeds it. */
export function readKey(request: {
  method: string
  path: string
  body: string
  header: string | undefined
}): KeyedRequest | undefined {
  const { method, path, body, header } = request
  const isHeeded = method === 'POST' || (method === 'DELETE' && isVersionTwo(path))
  if (!isHeeded || header === undefined) return undefined
  if (header.length > LONGEST_KEY) {
    throw invalidRequest(
      `Idempotency keys may be at most ${LONGEST_KEY} characters long; this one has ${header.length}.`,
    )
  }
  return { key: header, route: path, fingerprint: fingerprintOf(body) }
}

const AMPERSAND = 38

/**
 * Parameters are the same in whatever order they come: their digests are added up. By the steps of FNV-1a in 32 bits: only
 * requests with one and the same key are told apart by it, so nothing stronger is worth its time.
 */
function fingerprintOf(body: string): number {
  let sum = 0
  let digest = 0
  for (let index = 0; index <= body.length; index++) {
    const code = index < body.length ? body.charCodeAt(index) : AMPERSAND
    digest = Math.imul(digest ^ code, 0x01000193)
    if (code !== AMPERSAND) continue
    sum = (sum + digest) | 0
    digest = 0
  }
  return sum
}

/**
 * What was answered when this key was first used, or `undefined` when it is new.
 *
 * @throws StripeError when it was used for something else
 */
export function earlierAnswer(world: World, { key, route, fingerprint }: KeyedRequest): IdempotencyRecord | undefined {
  const record = recordOf(world.state, 'idempotency_keys', key)
  if (record === undefined || isOver(record, world.now)) return undefined
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

function isOver({ created, route }: Pick<IdempotencyRecord, 'created' | 'route'>, now: UnixSeconds): boolean {
  return now - created > (isVersionTwo(route) ? KEPT_FOR_IN_VERSION_TWO : KEPT_FOR)
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
export function withAnswer(world: World, changes: Changes, record: IdempotencyRecord): Changes {
  const known = entryOf(world.state, 'idempotency_keys', record.id)
  const { ids, sequence: last } = changes.counters
  const isNew = known === undefined
  const sequence = known?.key.sequence ?? last + 1
  return {
    writes: [
      ...changes.writes,
      ...(isNew ? forgotten(world) : []),
      { table: 'idempotency_keys', id: record.id, value: record, sequence, isNew },
    ],
    counters: { ids, sequence: Math.max(last, sequence) },
  }
}

/** Each new key takes the oldest ones with it whose time is over, so that their number stays bounded. */
function forgotten({ state, now }: World): readonly Write[] {
  const keys = keysOf(state, 'idempotency_keys')
  const tooMany = sizeOf(keys) >= MOST_KEYS
  const writes: Write[] = []
  if (!tooMany && (firstOf(keys)?.at ?? now) >= now - KEPT_FOR) return writes
  for (const { id, sequence } of walk(keys, { from: 'oldest' })) {
    const record = recordOf(state, 'idempotency_keys', id)
    const mayGo = (tooMany && writes.length === 0) || (record !== undefined && isOver(record, now))
    if (writes.length === FORGOTTEN_AT_ONCE || !mayGo) break
    writes.push({ table: 'idempotency_keys', id, value: undefined, sequence })
  }
  return writes
}
