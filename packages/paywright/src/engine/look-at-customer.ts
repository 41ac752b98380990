import { type Drift, findDrift } from '../domain/drift.js'
import type { CustomerState } from '../domain/mirror.js'
import type { EngineContext } from './context.js'
import type { SubjectFacts } from './ports.js'

/** A customer at Stripe held against the mirror; nothing is changed. */
export interface CustomerLook extends SubjectFacts {
  readonly stripeCustomerId: string
  /** As Stripe says; `null` where there is none, and never was. */
  readonly read: CustomerState | null
  readonly drift: readonly Drift[]
}

/**
 * Stripe is read first and the mirror after it. What was written in between is then taken for a difference that the next
 * look does not see, and never the other way round.
 */
export async function lookAtCustomer(context: EngineContext, stripeCustomerId: string): Promise<CustomerLook> {
  const { store, gateway } = context
  const scope = await context.scope()
  const read = (await gateway.readCustomer(stripeCustomerId))?.state ?? null
  const facts = await store.subjectFacts(scope, stripeCustomerId)
  const stored = await store.loadCustomer(scope, stripeCustomerId)
  return { stripeCustomerId, ...facts, read, drift: findDrift(stored, read) }
}
