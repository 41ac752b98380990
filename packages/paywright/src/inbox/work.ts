import type { WorkReport } from '../engine/ports.js'
import type { InboxContext } from './context.js'
import { deliver } from './deliver.js'
import { runLanes, type Step } from './lanes.js'
import { newLease } from './lease.js'
import { processClaim } from './process.js'

/** One bounded pass: first the subjects that are due, then the messages that they and earlier passes have left. */
export async function work(context: InboxContext, most: number): Promise<WorkReport> {
  const bounds = { lanes: context.policy.lanes, most }
  const subjects = await runLanes(bounds, () => syncOne(context))
  const messages = await runLanes(bounds, () => deliverOne(context))
  return {
    synced: subjects.done,
    delivered: messages.done,
    failed: subjects.failed + messages.failed,
    isDrained: subjects.isDrained && messages.isDrained,
  }
}

/** A lane takes one subject at a time: of several taken at once the last would have no lease left when its turn comes. */
async function syncOne(context: InboxContext): Promise<Step> {
  const [claim] = await context.store.claim(await newLease(context))
  if (claim === undefined) return 'nothing'
  const { outcome } = await processClaim(context, claim)
  return outcome === 'synced' ? 'done' : 'failed'
}

async function deliverOne(context: InboxContext): Promise<Step> {
  const lease = await newLease(context)
  const [row] = await context.store.claimOutbox(lease)
  if (row === undefined) return 'nothing'
  return (await deliver(context, row, lease.token)) === 'delivered' ? 'done' : 'failed'
}
