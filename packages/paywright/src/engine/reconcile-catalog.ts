import { type Drift, findCatalogDrift } from '../domain/drift.js'
import { CATALOG_SUBJECT } from '../domain/subject.js'
import type { EngineContext } from './context.js'
import { type Reconciling, SETTLE_MILLISECONDS } from './reconcile-customers.js'
import { tellDrift } from './tell-drift.js'

/** Compares products and prices, and puts right what differs. */
export async function reconcileCatalog(context: EngineContext, reconciling: Reconciling): Promise<void> {
  if ((await look(context)).length === 0) return
  await context.wait(SETTLE_MILLISECONDS)
  const drift = await look(context)
  if (drift.length === 0) return
  const left = reconciling.isRepairing ? await repair(context, drift, reconciling.occurrence) : drift
  const isStillWrong = (id: string): boolean => left.some((object) => object.id === id)
  reconciling.tally.found(
    drift.map((object) => ({ ...object, stripeCustomerId: null, isRepaired: !isStillWrong(object.id) })),
  )
}

/** A sync that is due or under way explains any difference. */
async function look({ store, gateway, scope }: EngineContext): Promise<readonly Drift[]> {
  const read = await gateway.readCatalog()
  const { isWaiting } = await store.subjectFacts(await scope(), CATALOG_SUBJECT)
  return isWaiting ? [] : findCatalogDrift(await store.loadCatalog(await scope()), read)
}

async function repair(context: EngineContext, drift: readonly Drift[], occurrence: string): Promise<readonly Drift[]> {
  const about = { stripeCustomerId: null, occurrence }
  await tellDrift(context, 'drift.found', { ...about, drift })
  await context.syncNow(CATALOG_SUBJECT)
  const left = await look(context)
  const repaired = drift.filter(({ id }) => left.every((object) => object.id !== id))
  if (repaired.length > 0) await tellDrift(context, 'drift.repaired', { ...about, drift: repaired })
  return left
}
