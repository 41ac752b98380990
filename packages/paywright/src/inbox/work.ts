import type { WorkReport } from '../engine/ports.js'
import type { InboxContext } from './context.js'
import { deliver } from './deliver.js'
import { allOf, runLanes, type Step } from './lanes.js'
import { newLease } from './lease.js'
import { processClaim } from './process.js'

/** What one lane takes with one look. All of it is begun at once, so that none waits while its lease runs. */
const TOGETHER = { subjects: 5, messages: 10 }

/**
 * One bounded pass: first the subjects that are due, then the messages that they and earlier passes have left. While
 * deliveries wait for their answer, most lanes step aside: Stripe waits for those, and what comes meanwhile about a subject
 * is then done at once.
 */
export async function work(
  context: InboxContext,
  { most, isBusy }: { readonly most: number; readonly isBusy: () => boolean },
): Promise<WorkReport> {
  const bounds = { lanes: context.policy.lanes, most, isBusy }
  const subjects = await runLanes({ ...bounds, together: TOGETHER.subjects }, (limit) => syncSome(context, limit))
  const messages = await runLanes({ ...bounds, together: TOGETHER.messages }, (limit) => deliverSome(context, limit))
  return {
    synced: subjects.done,
    delivered: messages.done,
    failed: subjects.failed + messages.failed,
    isDrained: subjects.isDrained && messages.isDrained,
  }
}

async function syncSome(context: InboxContext, limit: number): Promise<Step> {
  const claims = await context.store.claim({ ...(await newLease(context)), limit })
  return countsOf(claims, async (claim) => (await processClaim(context, claim)).outcome === 'synced')
}

async function deliverSome(context: InboxContext, limit: number): Promise<Step> {
  const lease = await newLease(context)
  const rows = await context.store.claimOutbox({ ...lease, limit })
  return countsOf(rows, async (row) => (await deliver(context, row, lease.token)) === 'delivered')
}

async function countsOf<Item>(items: readonly Item[], attempt: (item: Item) => Promise<boolean>): Promise<Step> {
  const successes = await allOf(items.map(attempt))
  const done = successes.filter(Boolean).length
  return { done, failed: successes.length - done }
}
