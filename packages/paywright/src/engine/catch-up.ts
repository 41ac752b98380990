import type { UnixSeconds } from '../domain/time.js'
import { toDate, toSeconds } from './dates.js'
import type { EngineContext } from './context.js'

/** How far back to look for events. */
export interface CatchUpOptions {
  /** Where left out: a little before the last catch-up that came to its end had begun, or as far back as Stripe goes. */
  readonly since?: Date
}

/** What a catch-up has found. */
export interface CatchUpReport {
  readonly since: Date
  /** Events that Stripe has listed and that are about something of ours. */
  readonly read: number
  /** Those of them that had not come before. */
  readonly stored: number
  /** The time of which Stripe keeps no events any more; what changed then is found by `reconcile`. */
  readonly lost: { readonly from: Date; readonly until: Date } | null
}

/** https://docs.stripe.com/api/events */
const KEPT_SECONDS = 30 * 86_400

/** Clocks differ, and an event may come into the list later than others of its second. */
const OVERLAP_SECONDS = 3600

/** Ten million events; a bound, so that a list that never ends is a fault. */
const MOST_PAGES = 100_000

/**
 * Stores the events that Stripe has had in the meantime as if their webhooks came now. Killed on the way it begins again:
 * what was stored is not stored twice, and its beginning only counts once it has come to its end.
 */
export async function catchUp(context: EngineContext, options: CatchUpOptions = {}): Promise<CatchUpReport> {
  const { store, clock, ids, log } = context
  const scope = await context.scope()
  const now = clock.now()
  const run = await store.openRun(scope, { name: 'catch_up', token: ids.token(), now, isNew: true })
  const span = spanOf({ wanted: options.since, last: run.lastCompletedStart, now })
  const counts = await storeEvents(context, span.since)
  await store.completeRun(scope, { ...run, now: clock.now() })
  const report = { since: toDate(span.since), ...counts, lost: span.lost }
  log.info('Caught up with the events of Stripe.', counts)
  if (span.lost !== null) log.warn('Stripe does not keep events for so long; run reconcile().', { since: span.since })
  return report
}

function spanOf(facts: {
  readonly wanted: Date | undefined
  readonly last: UnixSeconds | null
  readonly now: UnixSeconds
}): { readonly since: UnixSeconds; readonly lost: CatchUpReport['lost'] } {
  const oldest = facts.now - KEPT_SECONDS
  const last = facts.last === null ? null : facts.last - OVERLAP_SECONDS
  const wanted = facts.wanted === undefined ? last : toSeconds(facts.wanted)
  if (wanted === null) return { since: oldest, lost: null }
  if (wanted >= oldest) return { since: wanted, lost: null }
  return { since: oldest, lost: { from: toDate(wanted), until: toDate(oldest) } }
}

async function storeEvents(
  context: EngineContext,
  since: UnixSeconds,
): Promise<{ readonly read: number; readonly stored: number }> {
  const { store, gateway, clock } = context
  const scope = await context.scope()
  const counts = { read: 0, stored: 0 }
  let after: string | null = null
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { events, next } = await gateway.listEvents({ since, after })
    // The list has events of all types; an endpoint is sent those it asks for.
    const ours = events.filter(({ subject }) => subject !== null)
    counts.read += ours.length
    if (ours.length > 0) counts.stored += (await store.receive(scope, ours, clock.now())).size
    if (next === null) return counts
    after = next
  }
  throw new Error(`Stripe lists more than ${MOST_PAGES} pages of events.`)
}
