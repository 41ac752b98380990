import type { UnixSeconds } from '../domain/time.js'
import { toDate, toSeconds } from './dates.js'
import type { EngineContext } from './context.js'
import type { Run } from './ports.js'

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

/** A catch-up that nobody has asked for. */
export interface DueCatchUp {
  /** The last one must have begun so long ago. */
  readonly everySeconds: number
  /** Ends it after the page under way; whoever comes next goes on there. */
  readonly signal: AbortSignal
}

/** https://docs.stripe.com/api/events */
const KEPT_SECONDS = 30 * 86_400

/** Clocks differ, and an event may come into the list later than others of its second. */
const OVERLAP_SECONDS = 3600

/** Ten million events; a bound, so that a list that never ends is a fault. */
const MOST_PAGES = 100_000

/** Who has a run in hand writes how far it is after each page, so after this nobody has. */
const LEFT_AFTER_SECONDS = 300

/**
 * Stores the events that Stripe has had in the meantime as if their webhooks came now. Killed on the way it begins again:
 * what was stored is not stored twice, and its beginning only counts once it has come to its end.
 */
export async function catchUp(context: EngineContext, options: CatchUpOptions = {}): Promise<CatchUpReport> {
  const { store, clock, ids } = context
  const now = clock.now()
  const run = await store.openRun(await context.scope(), { name: 'catch_up', token: ids.token(), now, isNew: true })
  const span = spanOf({ wanted: options.since, last: run.lastCompletedStart, now })
  return readEvents(context, { run, span, signal: new AbortController().signal })
}

/**
 * The same where it is time for it, by one instance of all. Answers how many events had not come before. The first one of
 * an account looks back to when it began to be listened to, and no further: what was before is for `backfill`.
 */
export async function catchUpIfDue(context: EngineContext, { everySeconds, signal }: DueCatchUp): Promise<number> {
  const { store, clock, ids } = context
  const now = clock.now()
  const wish = { name: 'catch_up', token: ids.token(), now } as const
  const due = { begunUntil: now - everySeconds, idleSince: now - LEFT_AFTER_SECONDS }
  const scope = await context.scope()
  const run = await store.openDueRun(scope, { ...wish, ...due })
  if (run === null) return 0
  const last = run.lastCompletedStart ?? (await store.listeningSince(scope, now))
  const span = spanOf({ wanted: undefined, last, now })
  return (await readEvents(context, { run, span, signal })).stored
}

type Span = { readonly since: UnixSeconds; readonly lost: CatchUpReport['lost'] }

function spanOf(facts: {
  readonly wanted: Date | undefined
  readonly last: UnixSeconds | null
  readonly now: UnixSeconds
}): Span {
  const oldest = facts.now - KEPT_SECONDS
  const last = facts.last === null ? null : facts.last - OVERLAP_SECONDS
  const wanted = facts.wanted === undefined ? last : toSeconds(facts.wanted)
  if (wanted === null) return { since: oldest, lost: null }
  if (wanted >= oldest) return { since: wanted, lost: null }
  return { since: oldest, lost: { from: toDate(wanted), until: toDate(oldest) } }
}

interface Reading {
  readonly run: Run
  readonly span: Span
  readonly signal: AbortSignal
}

async function readEvents(context: EngineContext, { run, span, signal }: Reading): Promise<CatchUpReport> {
  const { store, clock, log } = context
  const { isAtEnd, ...counts } = await storePages(context, { run, span, signal })
  if (isAtEnd) await store.completeRun(await context.scope(), { ...run, now: clock.now() })
  log.info('Caught up with the events of Stripe.', counts)
  if (span.lost !== null) log.warn('Stripe does not keep events for so long; run reconcile().', { since: span.since })
  return { since: toDate(span.since), ...counts, lost: span.lost }
}

interface Counts {
  readonly read: number
  readonly stored: number
  readonly isAtEnd: boolean
}

/** The place in the list is written down after each page. Whoever is overtaken, or is to stop, leaves the rest to the other. */
async function storePages(context: EngineContext, { run, span, signal }: Reading): Promise<Counts> {
  const { store, gateway, clock } = context
  const scope = await context.scope()
  const counts = { read: 0, stored: 0 }
  let after = run.cursor
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { events, next } = await gateway.listEvents({ since: span.since, after })
    // The list has events of all types; an endpoint is sent those it asks for.
    const ours = events.filter(({ subject }) => subject !== null)
    counts.read += ours.length
    if (ours.length > 0) counts.stored += (await store.receive(scope, ours, clock.now())).size
    if (next === null) return { ...counts, isAtEnd: true }
    after = next
    const progress = { ...run, cursor: next, done: run.done + counts.read, now: clock.now() }
    const isOurs = await store.saveRun(scope, progress)
    if (!isOurs || signal.aborted) return { ...counts, isAtEnd: false }
  }
  throw new Error(`Stripe lists more than ${MOST_PAGES} pages of events.`)
}
