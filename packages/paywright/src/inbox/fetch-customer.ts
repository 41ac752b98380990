import type { CustomerState, Price } from '../domain/mirror.js'
import type { Knowledge, Seen } from '../domain/sync-decision.js'
import type { Claim, Clock } from '../engine/ports.js'
import type { InboxContext } from './context.js'

/** A customer as Stripe says, with the prices of their subscriptions, and of what instant it is. */
export interface KnownCustomer {
  readonly state: CustomerState
  readonly prices: readonly Price[]
  readonly knowledge: Knowledge | null
}

/** Reads the whole customer from Stripe; `null` where there is none and never was. */
export async function fetchCustomer(
  context: InboxContext,
  claim: Claim,
  stored: CustomerState | null,
): Promise<KnownCustomer | null> {
  const { gateway, clock } = context
  const time = startTiming(clock)
  const answer = await gateway.readCustomer(claim.subject)
  if (answer === null) return asDeleted(stored)
  const { state, prices, seen } = answer
  return { state, prices, knowledge: seen === null ? null : { read: time.widen(seen), objects: {} } }
}

/** Test data that was wiped, or a key of another account: what Stripe does not know any more is as good as deleted. */
function asDeleted(stored: CustomerState | null): KnownCustomer | null {
  if (stored === null) return null
  const state = { ...stored, customer: { ...stored.customer, isDeleted: true }, subscriptions: [], paymentMethods: [] }
  return { state, prices: [], knowledge: null }
}

/**
 * Holds what Stripe's answer says of its time against our own clock. Where the two disagree nobody knows which is right, so
 * both count, and fewer payloads are told to be newer.
 */
export function startTiming(clock: Clock): { widen(seen: Seen): Seen } {
  const start = clock.now()
  return { widen: ({ from, until }) => ({ from: Math.min(from, start), until: Math.max(until, clock.now()) }) }
}
