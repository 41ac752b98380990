import { effectKey } from '../domain/effect-keys.js'
import type { DriftEffect } from '../domain/effects.js'
import type { Drift } from '../domain/drift.js'
import { CATALOG_SUBJECT } from '../domain/subject.js'
import type { EngineContext } from './context.js'

/** So many objects fit into one effect. */
const MOST_TOLD = 100

/** Puts into the outbox that drift was found or is repaired: once for each time of reconciling. */
export async function tellDrift(
  context: EngineContext,
  type: DriftEffect['type'],
  about: { readonly stripeCustomerId: string | null; readonly drift: readonly Drift[]; readonly occurrence: string },
): Promise<void> {
  const { store, clock } = context
  const { stripeCustomerId, drift, occurrence } = about
  const scope = await context.scope()
  const subject = stripeCustomerId ?? CATALOG_SUBJECT
  const row = stripeCustomerId === null ? null : await store.findCustomer(scope, { stripeCustomerId })
  const effect: DriftEffect = {
    type,
    key: effectKey(type, { of: subject, occurrence }),
    customerId: row?.customerId ?? null,
    stripeCustomerId,
    drift: drift.slice(0, MOST_TOLD),
  }
  await store.tellEffect(scope, { subject, effect, now: clock.now() })
}
