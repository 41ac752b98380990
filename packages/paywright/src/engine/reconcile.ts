import { BillingError } from '../errors.js'
import type { EngineContext } from './context.js'
import { lanesFor } from './in-lanes.js'
import { reconcileCatalog } from './reconcile-catalog.js'
import { reconcileCustomers, type Reconciling } from './reconcile-customers.js'
import { createTally, type ReconcileReport } from './reconcile-report.js'

/** What is looked at, and whether it is put right. */
export interface ReconcileOptions {
  /**
   * So many customers by chance, and as many of the newest ones, and of these only what access is decided from; all
   * customers with all that is mirrored of them where left out.
   */
  readonly sample?: number
  /** `false`: nothing is changed and nobody is told, only answered. */
  readonly repair?: boolean
  /** Customers that are read at the same time, from 1 to 32; 4 where left out. */
  readonly concurrency?: number
}

const PAGE = 100

/** A hundred million customers; a bound, so that a list that never ends is a fault. */
const MOST_PAGES = 1_000_000

/** Compares the mirror with Stripe, tells what differs, and reads those customers anew. */
export async function reconcile(context: EngineContext, options: ReconcileOptions = {}): Promise<ReconcileReport> {
  const { sample, repair = true } = options
  if (sample !== undefined) assertSample(sample)
  const reconciling: Reconciling = {
    tally: createTally(),
    lanes: lanesFor(options.concurrency),
    isRepairing: repair,
    isDeep: sample === undefined,
    occurrence: context.ids.token(),
  }
  await reconcileCatalog(context, reconciling)
  await (sample === undefined ? everything(context, reconciling) : someOf(context, reconciling, sample))
  return reconciling.tally.report()
}

const LARGEST_SAMPLE = 100_000

function assertSample(sample: number): void {
  if (Number.isInteger(sample) && sample >= 1 && sample <= LARGEST_SAMPLE) return
  const detail = `\`sample\` is ${sample}; give a whole number from 1 to ${LARGEST_SAMPLE}, or leave it out.`
  throw new BillingError('configuration_invalid', { detail })
}

/** What is stored is looked at first, then what Stripe has besides. */
async function everything(context: EngineContext, reconciling: Reconciling): Promise<void> {
  const { store, gateway } = context
  const scope = await context.scope()
  let last: string | undefined = ''
  for (let page = 0; page < MOST_PAGES && last !== undefined; page += 1) {
    const ids: readonly string[] = await store.storedCustomers(scope, { after: last, limit: PAGE })
    await reconcileCustomers(context, reconciling, ids)
    last = ids.at(-1)
  }
  let after: string | null = null
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { stripeCustomerIds, next } = await gateway.listCustomers({ after })
    await reconcileCustomers(context, reconciling, await store.notStored(scope, stripeCustomerIds))
    if (next === null) return
    after = next
  }
}

/** Stripe draws its ids, so those that follow on one drawn by us are as good as drawn one by one, and cost no scan. */
async function someOf(context: EngineContext, reconciling: Reconciling, sample: number): Promise<void> {
  const { store, gateway } = context
  const scope = await context.scope()
  const start = `cus_${context.ids.token()}`
  const above = await store.storedCustomers(scope, { after: start, limit: sample })
  const fromBelow = await store.storedCustomers(scope, { after: '', limit: sample - above.length })
  const ids = [...new Set([...above, ...fromBelow])]
  for (let from = 0; from < ids.length; from += PAGE) {
    await reconcileCustomers(context, reconciling, ids.slice(from, from + PAGE))
  }
  const { stripeCustomerIds } = await gateway.listCustomers({ after: null })
  await reconcileCustomers(context, reconciling, await store.notStored(scope, stripeCustomerIds.slice(0, sample)))
}
