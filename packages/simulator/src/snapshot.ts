import type { ClockSetting } from './clock.js'
import type { TableName } from './core/records.js'
import { applyChanges, createState, type Changes, type State } from './core/state.js'

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

/** A line that grows too long is slow to read back. */
const RECORDS_PER_ENTRY = 500

/** What a journal keeps of one commit. */
export function entryOf(account: string | null, { writes, counters }: Changes): Entry {
  const written = writes.map(({ table, id, sequence, value }): WrittenRecord =>
    value === undefined ? [table, id, sequence] : [table, id, sequence, value],
  )
  return { account, counters, writes: written }
}

/** A whole state in entries. */
export function entriesOf(account: string | null, state: State): readonly Entry[] {
  const records = [...state.tables].flatMap(([table, { byId }]) =>
    [...byId].map(([id, { sequence, value }]): WrittenRecord => [table, id, sequence, value]),
  )
  records.sort((left, right) => left[2] - right[2])
  const entries: Entry[] = []
  for (let start = 0; start < records.length; start += RECORDS_PER_ENTRY) {
    entries.push({ account, counters: state.counters, writes: records.slice(start, start + RECORDS_PER_ENTRY) })
  }
  return entries
}

/** What entries amount to when they are applied in their order. */
export function replay(entries: readonly Entry[]): Replayed {
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

export interface Replayed {
  readonly seed: number
  readonly clock: ClockSetting | undefined
  readonly states: Map<string | null, State>
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
