import { withoutSecrets } from '../errors.js'
import type { EngineContext } from './context.js'
import { inLanes } from './in-lanes.js'
import { type CustomerLook, lookAtCustomer } from './look-at-customer.js'
import type { Tally } from './reconcile-report.js'
import { tellDrift } from './tell-drift.js'

/** One time of reconciling. */
export interface Reconciling {
  readonly tally: Tally
  readonly lanes: number
  readonly isRepairing: boolean
  /** All kinds of records are compared, too. */
  readonly isDeep: boolean
  /** Tells it from all other times. */
  readonly occurrence: string
}

/** Webhooks of what has just changed are on their way for so long, and are no drift. */
export const SETTLE_MILLISECONDS = 10_000

/** Compares these customers, and puts right what differs. */
export async function reconcileCustomers(
  context: EngineContext,
  reconciling: Reconciling,
  stripeCustomerIds: readonly string[],
): Promise<void> {
  if (stripeCustomerIds.length === 0) return
  const suspects = settle(reconciling, await look(context, reconciling, stripeCustomerIds))
  if (suspects.length === 0) return
  await context.wait(SETTLE_MILLISECONDS)
  const again = await look(
    context,
    reconciling,
    suspects.map(({ stripeCustomerId }) => stripeCustomerId),
  )
  const drifted = settle(reconciling, again)
  const failures = await inLanes(reconciling.lanes, drifted, (found) => putRight(context, reconciling, found))
  keepFailures(
    context,
    reconciling,
    failures.map(({ item, error }) => ({ subject: item.stripeCustomerId, error })),
  )
}

/** Counts those that need nothing more, and answers the others. */
function settle({ tally }: Reconciling, looks: readonly CustomerLook[]): readonly CustomerLook[] {
  const isOver = ({ isWaiting, drift }: CustomerLook): boolean => isWaiting || drift.length === 0
  for (const seen of looks.filter(isOver)) {
    tally.count('customers')
    if (seen.isWaiting) tally.count('waiting')
    countOrphan(tally, seen)
  }
  return looks.filter((seen) => !isOver(seen))
}

async function putRight(context: EngineContext, reconciling: Reconciling, seen: CustomerLook): Promise<void> {
  const { tally, isRepairing } = reconciling
  const { stripeCustomerId, drift } = seen
  let after = seen
  try {
    if (isRepairing) after = await repair(context, reconciling, seen)
  } finally {
    const isStillWrong = (id: string): boolean => after.drift.some((left) => left.id === id)
    tally.count('customers')
    tally.found(drift.map((object) => ({ ...object, stripeCustomerId, isRepaired: !isStillWrong(object.id) })))
    countOrphan(tally, after)
  }
}

async function repair(
  context: EngineContext,
  { occurrence, isDeep }: Reconciling,
  seen: CustomerLook,
): Promise<CustomerLook> {
  const { stripeCustomerId, drift } = seen
  await tellDrift(context, 'drift.found', { stripeCustomerId, drift, occurrence })
  await context.syncDeeply(stripeCustomerId)
  const after = await lookAtCustomer(context, stripeCustomerId, { isDeep })
  const repaired = drift.filter(({ id }) => after.drift.every((left) => left.id !== id))
  if (repaired.length > 0) await tellDrift(context, 'drift.repaired', { stripeCustomerId, drift: repaired, occurrence })
  return after
}

const ENDED = ['canceled', 'incomplete_expired']

/** Somebody at Stripe for whom there is no customer of the app: nobody has what they may be paying for. */
function countOrphan(tally: Tally, { stripeCustomerId, isLinked, read }: CustomerLook): void {
  if (isLinked || read === null || read.customer.isDeleted) return
  const running = read.subscriptions.filter(({ status }) => !ENDED.includes(status))
  const stripeSubscriptionIds = running.map(({ stripeSubscriptionId }) => stripeSubscriptionId)
  tally.orphan({ stripeCustomerId, stripeSubscriptionIds })
}

async function look(
  context: EngineContext,
  reconciling: Reconciling,
  stripeCustomerIds: readonly string[],
): Promise<readonly CustomerLook[]> {
  const looks: CustomerLook[] = []
  const failures = await inLanes(reconciling.lanes, stripeCustomerIds, async (id) => {
    looks.push(await lookAtCustomer(context, id, { isDeep: reconciling.isDeep }))
  })
  keepFailures(
    context,
    reconciling,
    failures.map(({ item, error }) => ({ subject: item, error })),
  )
  return looks
}

/** What failed stays as it is, and is looked at the next time. */
function keepFailures(
  { log }: EngineContext,
  { tally }: Reconciling,
  failures: readonly { readonly subject: string; readonly error: unknown }[],
): void {
  tally.count('failed', failures.length)
  for (const { subject, error } of failures) {
    log.warn('A customer could not be reconciled.', { subject, error: withoutSecrets(String(error)) })
  }
}
