import { keysOf, recordOf, type State, type Write } from './core/state.js'
import { firstOf, sizeOf, walk } from './core/storage/key-list.js'
import type { UnixSeconds } from './core/unix-seconds.js'
import { view } from './core/machine.js'
import { isForgotten, RETENTION } from './core/events/events.js'
import type { Commit } from './world.js'

/** Where the clock stands still no month is ever over, and the oldest events go all the same. */
const MOST_EVENTS = 1_000_000

/** No commit takes more with it than this for each event it adds: enough to keep up, too little to be felt. */
const PER_EVENT = 2

/** Events of test clocks stay, and may stand before those that go. */
const MOST_LOOKED_AT = 32

/** Adds to a commit that the oldest events, and what was delivered of them, are forgotten, once Stripe forgets them. */
export function withoutExpired(state: State, commit: Commit, now: UnixSeconds): Commit {
  if (commit.events.length === 0) return commit
  const limit = { now, most: PER_EVENT * commit.events.length }
  const removed: Write[] = []
  for (const table of EVENT_TABLES) {
    for (const { id } of expiredEvents(state, table, limit)) removed.push(...removalOf(state, { table, id, now }))
  }
  if (removed.length === 0) return commit
  return { ...commit, changes: { ...commit.changes, writes: [...commit.changes.writes, ...removed] } }
}

/** Events, and those that have no snapshot. */
const EVENT_TABLES = ['events', 'thin_events'] as const

type EventTable = (typeof EVENT_TABLES)[number]

function expiredEvents(
  state: State,
  table: EventTable,
  { now, most }: { now: UnixSeconds; most: number },
): readonly { readonly id: string }[] {
  const keys = keysOf(state, table)
  const tooMany = sizeOf(keys) - MOST_EVENTS
  const oldest = firstOf(keys)
  if (oldest === undefined || (tooMany <= 0 && oldest.at > now - RETENTION)) return []
  const expired: { readonly id: string }[] = []
  let looked = 0
  for (const { id } of walk(keys, { from: 'oldest' })) {
    const event = recordOf(state, table, id)
    if (event === undefined || looked === MOST_LOOKED_AT || expired.length === most) break
    looked += 1
    if (expired.length < tooMany || isForgotten(event, now)) expired.push(event)
    else if (event.clock === undefined) break
  }
  return expired
}

function removalOf(
  state: State,
  { table, id: event, now }: { readonly table: EventTable; readonly id: string; readonly now: UnixSeconds },
): readonly Write[] {
  const deliveries = view(state, now, '').by('deliveries', 'event', event)
  // The number of a record that goes means nothing.
  const gone = { value: undefined, sequence: 0 }
  return [{ table, id: event, ...gone }, ...deliveries.map(({ id }): Write => ({ table: 'deliveries', id, ...gone }))]
}
