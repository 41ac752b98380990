import { type Duration, parseDuration } from '../domain/time.js'
import { BillingError } from '../errors.js'
import type { EngineContext } from './context.js'
import type { ReceiptPlace } from './ports.js'

/** What is old enough to go. */
export interface PruneOptions {
  /** `90d` where left out, and 31 days at least. */
  readonly olderThan?: Duration
}

/** What was deleted. */
export interface PruneReport {
  /** Processed receipts. */
  readonly receipts: number
  /** Delivered effects and mails. */
  readonly messages: number
  /** False where there is more to delete than one call does. */
  readonly isDone: boolean
}

const DEFAULT_AGE = '90d'

/**
 * Stripe lists, and by hand sends, events for 30 days. One whose receipt was deleted before would be taken for a new one.
 */
const SHORTEST_AGE_SECONDS = 31 * 86_400

/** Few enough to lock nobody out for long; together a million rows in one call. */
const ROWS_PER_STEP = 1000
const MOST_STEPS = 1000

/** Deletes receipts and messages that are done with and old, in small steps. What waits or was set aside stays. */
export async function prune(context: EngineContext, options: PruneOptions = {}): Promise<PruneReport> {
  const before = context.clock.now() - ageOf(options.olderThan ?? DEFAULT_AGE)
  const receipts = await pruneReceipts(context, before)
  const messages = await pruneMessages(context, before)
  return { receipts: receipts.count, messages: messages.count, isDone: receipts.isDone && messages.isDone }
}

function ageOf(text: Duration): number {
  const seconds = parseDuration(text)
  if (seconds !== null && seconds >= SHORTEST_AGE_SECONDS) return seconds
  const detail = `\`olderThan\` is "${text}"; give 31d or longer, because Stripe may send an event again for 30 days.`
  throw new BillingError('configuration_invalid', { detail })
}

interface Pruned {
  readonly count: number
  readonly isDone: boolean
}

async function pruneReceipts({ store, scope }: EngineContext, before: number): Promise<Pruned> {
  let count = 0
  let after: ReceiptPlace | null = null
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { deleted, walkedTo, isEnd } = await store.pruneReceipts(await scope(), {
      before,
      after,
      limit: ROWS_PER_STEP,
    })
    count += deleted
    if (isEnd) return { count, isDone: true }
    after = walkedTo
  }
  return { count, isDone: false }
}

async function pruneMessages({ store, scope }: EngineContext, before: number): Promise<Pruned> {
  let count = 0
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const deleted = await store.pruneOutbox(await scope(), { before, limit: ROWS_PER_STEP })
    count += deleted
    if (deleted < ROWS_PER_STEP) return { count, isDone: true }
  }
  return { count, isDone: false }
}
