import { type Drift, findDrift } from '../domain/drift.js'
import { findRecordDrift } from '../domain/record-drift.js'
import type { CustomerState } from '../domain/mirror.js'
import type { EngineContext } from './context.js'
import type { CustomerRead, ReadDepth, SubjectFacts } from './ports.js'

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
export async function lookAtCustomer(
  context: EngineContext,
  stripeCustomerId: string,
  depth: ReadDepth,
): Promise<CustomerLook> {
  const { store, gateway } = context
  const scope = await context.scope()
  const answer = await gateway.readCustomer(stripeCustomerId, depth)
  const read = answer?.state ?? null
  const facts = await store.subjectFacts(scope, stripeCustomerId)
  const stored = await store.loadCustomer(scope, stripeCustomerId)
  const drift = [...findDrift(stored, read), ...(await recordDrift(context, answer))]
  return { stripeCustomerId, ...facts, read, drift }
}

/** Of what was read only, and of nobody who is gone. */
async function recordDrift({ store, scope }: EngineContext, answer: CustomerRead | null): Promise<readonly Drift[]> {
  if (answer === null || answer.state.customer.isDeleted || !answer.isDeep) return []
  const kinds = [...new Set([...answer.lists, ...answer.records].map(({ kind }) => kind))]
  const { stripeCustomerId } = answer.state.customer
  const stored = await store.loadRecords(await scope(), stripeCustomerId, { refs: [], kinds })
  return findRecordDrift(stored, answer)
}
