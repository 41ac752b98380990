import type { ClockSetting } from './clock.js'
import type { TableName } from './core/records.js'
import { applyChanges, createState, forkState, keysOf, recordOf, type Changes, type State } from './core/state.js'
import { allIn } from './core/storage/key-list.js'

/** A record as it is written down: table, id, sequence number and value; without a value, it was removed. */
type WrittenRecord = readonly [table: TableName, id: string, sequence: number, value?: unknown]

/** One line of the journal. */
export type Entry =
  | { readonly seed: number }
  | { readonly clock: ClockSetting }
  | { readonly account: string | null; readonly counters: State['counters']; readonly writes: readonly WrittenRecord[] }

/** A whole simulator at one instant, as plain JSON. */
export interface Snapshot {
  readonly entries: readonly Entry[]
}

/** A whole simulator at one instant, as it is held in memory. */
export interface Image {
  readonly seed: number
  readonly clock: ClockSetting | undefined
  readonly states: ReadonlyMap<string | null, State>
}

/** The images of snapshots that have not left the process, so that going back to one takes no time. */
const images = new WeakMap<Snapshot, Image>()

/** An image as a snapshot, which is written out only when somebody looks. The image is the snapshot's from here on. */
export function snapshotOf(image: Image): Snapshot {
  let entries: readonly Entry[] | undefined
  const snapshot = {
    get entries() {
      return (entries ??= [...entriesOf(image)])
    },
  }
  images.set(snapshot, image)
  return snapshot
}

/** The image in a snapshot, the reader's own. */
export function imageIn(snapshot: Snapshot): Image {
  const image = images.get(snapshot)
  if (image === undefined) return replay(snapshot.entries)
  const states = new Map([...image.states].map(([account, state]) => [account, forkState(state)]))
  return { ...image, states }
}

/** A line that grows too long is slow to read back. */
const RECORDS_PER_ENTRY = 500

/** What a journal keeps of one commit. */
export function entryOf(account: string | null, { writes, counters }: Changes): Entry {
  const written = writes.map(({ table, id, sequence, value }): WrittenRecord =>
    value === undefined ? [table, id, sequence] : [table, id, sequence, value],
  )
  return { account, counters, writes: written }
}

/** A whole simulator in entries. */
export function* entriesOf({ seed, clock, states }: Image): Generator<Entry> {
  yield { seed }
  if (clock !== undefined) yield { clock }
  for (const [account, state] of states) yield* entriesOfState(account, state)
}

/** In an order that does not depend on how the state came about: equal states are equal in writing. */
function* entriesOfState(account: string | null, state: State): Generator<Entry> {
  const { counters } = state
  let writes: WrittenRecord[] = []
  for (const table of [...state.tables.keys()].toSorted()) {
    for (const { id, sequence } of allIn(keysOf(state, table))) {
      if (writes.push([table, id, sequence, recordOf(state, table, id)]) < RECORDS_PER_ENTRY) continue
      yield { account, counters, writes }
      writes = []
    }
  }
  yield { account, counters, writes }
}

/** What entries amount to when they are applied in their order. */
export function replay(entries: Iterable<Entry>): Image {
  const states = new Map<string | null, State>()
  let seed = 1
  let clock: ClockSetting | undefined
  for (const entry of entries) {
    if ('seed' in entry) seed = entry.seed
    else if ('clock' in entry) clock = entry.clock
    else applyEntry(states, entry, seed)
  }
  return { seed, clock, states }
}

function applyEntry(
  states: Map<string | null, State>,
  entry: Extract<Entry, { account: unknown }>,
  seed: number,
): void {
  const { account, counters, writes } = entry
  let state = states.get(account)
  if (state === undefined) states.set(account, (state = createState(seedOf(seed, account))))
  applyChanges(state, {
    counters,
    writes: writes.map(([table, id, sequence, value]) => ({ table, id, sequence, value })),
  })
}

/** Each account has a seed of its own, so that the ids of two never meet. */
export function seedOf(seed: number, account: string | null): number {
  let mixed = seed
  for (const character of account ?? '') mixed = (Math.imul(mixed, 31) + character.charCodeAt(0)) | 0
  return mixed
}
