import { CATALOG_SUBJECT } from '../domain/subject.js'
import { withoutSecrets } from '../errors.js'
import type { EngineContext } from './context.js'
import { countCustomers } from './count-customers.js'
import { inLanes, type LaneFailure, lanesFor } from './in-lanes.js'
import type { Run, RunProgress } from './ports.js'

/** How a backfill is done. */
export interface BackfillOptions {
  /** Customers that are read at the same time, from 1 to 32; 4 where left out. */
  readonly concurrency?: number
  /** Begins anew instead of going on where the last one ended. */
  readonly restart?: boolean
  /** Told after each hundred customers. What it throws ends the backfill, which goes on from there next time. */
  readonly onProgress?: (progress: BackfillProgress) => void
}

/** How far a backfill is. */
export interface BackfillProgress {
  readonly resource: 'customers'
  /** Customers that were read since the backfill began, by all its processes. */
  readonly done: number
  /** Those of them that could not be read, and are tried again by the workers. */
  readonly failed: number
  /** Customers a second, in this process. */
  readonly perSecond: number
  /** `null` until they are counted. */
  readonly total: number | null
  readonly secondsLeft: number | null
}

/** What a backfill has done. */
export interface BackfillReport {
  readonly done: number
  readonly failed: number
  /** It went on where another one had ended. */
  readonly isResumed: boolean
  /** False where another process has begun anew, or came to the end first. */
  readonly isComplete: boolean
}

/** A hundred million customers; a bound, so that a list that never ends is a fault. */
const MOST_PAGES = 1_000_000

/**
 * Reads every customer of Stripe into the mirror, and tells nothing of what those who were not known have had before. The place in Stripe's list is written down after each page, so that the
 * next process goes on there; what it does twice does no harm.
 */
export async function backfill(context: EngineContext, options: BackfillOptions = {}): Promise<BackfillReport> {
  const { store, clock, ids } = context
  const lanes = lanesFor(options.concurrency)
  const { onProgress, restart = false } = options
  const scope = await context.scope()
  await context.syncNow(CATALOG_SUBJECT)
  const wish = { name: 'backfill.customers', token: ids.token(), now: clock.now(), isNew: restart } as const
  const run = await store.openRun(scope, wish)
  const counting = onProgress === undefined ? null : countCustomers(context)
  const startedAt = clock.now()
  const tell = (progress: RunProgress): void =>
    onProgress?.(
      describe(progress, {
        here: progress.done - run.done,
        seconds: clock.now() - startedAt,
        total: counting?.total() ?? null,
      }),
    )
  try {
    const end = await readPages(context, run, { lanes, tell })
    const isResumed = run.token !== wish.token
    return { done: end.done, failed: end.failed, isResumed, isComplete: end.isComplete }
  } finally {
    await counting?.stop()
  }
}

async function readPages(
  context: EngineContext,
  run: Run,
  { lanes, tell }: { readonly lanes: number; readonly tell: (progress: RunProgress) => void },
): Promise<RunProgress & { readonly isComplete: boolean }> {
  const { store, gateway, clock } = context
  const scope = await context.scope()
  let progress: RunProgress = run
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { stripeCustomerIds, next } = await gateway.listCustomers({ after: progress.cursor })
    const failures = await inLanes(lanes, stripeCustomerIds, context.syncQuietly)
    await keepFailures(context, failures)
    const { name, token, done, failed } = progress
    const counts = { done: done + stripeCustomerIds.length, failed: failed + failures.length }
    progress = { name, token, cursor: next, ...counts }
    if (!(await store.saveRun(scope, { ...progress, now: clock.now() }))) return { ...progress, isComplete: false }
    tell(progress)
    if (next === null) {
      return { ...progress, isComplete: await store.completeRun(scope, { ...progress, now: clock.now() }) }
    }
  }
  throw new Error(`Stripe lists more than ${MOST_PAGES} pages of customers.`)
}

/** What failed stays wanted, so that the workers try it again and set it aside after the last attempt. */
async function keepFailures(context: EngineContext, failures: readonly LaneFailure<string>[]): Promise<void> {
  const { store, clock, log } = context
  const scope = await context.scope()
  for (const { item: subject, error } of failures) {
    await store.wantQuietSync(scope, subject, clock.now())
    log.warn('A customer could not be read and is tried again.', { subject, error: withoutSecrets(String(error)) })
  }
}

function describe(
  { done, failed }: RunProgress,
  { here, seconds, total }: { readonly here: number; readonly seconds: number; readonly total: number | null },
): BackfillProgress {
  const perSecond = here / Math.max(1, seconds)
  const secondsLeft = total === null || here === 0 ? null : Math.ceil(Math.max(0, total - done) / perSecond)
  return { resource: 'customers', done, failed, perSecond, total, secondsLeft }
}
