import { indexes, instantOf, queues, WORLD_CLOCK, type QueuedTable, type Waiting } from './indexes.js'
import type { Timer } from './private-records.js'
import type { Records, TableName } from './records.js'
import {
  allIn,
  firstOf,
  insertKey,
  noKeys,
  removeKey,
  sizeOf,
  walk,
  type Key,
  type KeyList,
} from './storage/key-list.js'
import { newOwner, type Owner } from './storage/owner.js'
import { emptyTrie, entriesIn, getIn, removeIn, setIn, type Trie } from './storage/trie.js'
import type { UnixSeconds } from './unix-seconds.js'

export interface Entry<Value> {
  /** Where the record stands in its table's lists: by its instant, then by age. */
  readonly key: Key
  readonly value: Value
}

/** One table. Its parts are shared with the copies of its state, and replaced as they change. */
export interface Table<Value> {
  records: Trie<Entry<Value>>
  /** All records, in the order of lists; the index that needs no key. */
  all: KeyList
  readonly indexes: Map<string, Trie<KeyList>>
  /** What waits for its instant, by the name of the queue. */
  queues: Trie<KeyList>
}

/** A whole world at one instant. Records are immutable; tables change only by `applyChanges`. */
export interface State {
  readonly seed: number
  readonly tables: Map<TableName, Table<unknown>>
  counters: { readonly ids: number; readonly sequence: number }
  owner: Owner
}

/** What one command changed: a plan, not yet applied. */
export interface Changes {
  readonly writes: readonly Write[]
  readonly counters: State['counters']
}

export interface Write {
  readonly table: TableName
  readonly id: string
  /** `undefined` removes the record. */
  readonly value: unknown
  readonly sequence: number
  /** Its id was made for it, so that nothing is there yet and need not be looked for. */
  readonly isNew?: boolean
}

/** An empty world. The seed decides every id that it will give out. */
export function createState(seed: number): State {
  return { seed, tables: new Map(), counters: { ids: 0, sequence: 0 }, owner: newOwner() }
}

/**
 * An independent copy: what happens in one is not seen in the other. It takes microseconds whatever the world holds, as
 * both share everything until they change it.
 */
export function forkState(state: State): State {
  state.owner = newOwner()
  const tables = new Map<TableName, Table<unknown>>()
  for (const [name, table] of state.tables) tables.set(name, { ...table, indexes: new Map(table.indexes) })
  return { seed: state.seed, tables, counters: state.counters, owner: newOwner() }
}

function tableOf<Name extends TableName>(state: State, name: Name): Table<Records[Name]> {
  let table = state.tables.get(name)
  if (table === undefined) {
    table = { records: emptyTrie(), all: noKeys, indexes: new Map(), queues: emptyTrie() }
    state.tables.set(name, table)
  }
  // Guaranteed: `applyChanges` writes under a table's name only what a transaction put under that name.
  return table as Table<Records[Name]>
}

export function entryOf<Name extends TableName>(
  state: State,
  name: Name,
  id: string,
): Entry<Records[Name]> | undefined {
  return getIn(tableOf(state, name).records, id)
}

export function recordOf<Name extends TableName>(state: State, name: Name, id: string): Records[Name] | undefined {
  return entryOf(state, name, id)?.value
}

/** All records of a table, in the order of lists. */
export function* recordsOf<Name extends TableName>(state: State, name: Name): Generator<Records[Name]> {
  const { records, all } = tableOf(state, name)
  for (const { id } of allIn(all)) {
    const entry = getIn(records, id)
    if (entry !== undefined) yield entry.value
  }
}

/** The keys of the records that have this key in an index; without an index, of all records. */
export function keysOf(state: State, name: TableName, bucket?: { index: string; key: string }): KeyList {
  const table = tableOf(state, name)
  if (bucket === undefined) return table.all
  const buckets = table.indexes.get(bucket.index)
  return (buckets && getIn(buckets, bucket.key)) ?? noKeys
}

/** Carries out what a command planned. */
export function applyChanges(state: State, changes: Changes): void {
  for (const write of changes.writes) applyWrite(state, write)
  state.counters = changes.counters
}

function applyWrite(state: State, write: Write): void {
  const { owner } = state
  const table: Table<unknown> = tableOf(state, write.table)
  const { id, value } = write
  const before = write.isNew === true ? undefined : getIn(table.records, id)
  const after = value === undefined ? undefined : { key: keyFor(before?.key, write), value }
  const isNew = before === undefined
  if (after !== undefined) table.records = setIn(table.records, { key: id, value: after, isNew }, owner)
  else if (before !== undefined) table.records = removeIn(table.records, id, owner)
  if (before?.key !== after?.key) {
    const rest = before === undefined ? table.all : removeKey(table.all, before.key, owner)
    table.all = after === undefined ? rest : insertKey(rest, after.key, owner)
  }
  reindex(table, { name: write.table, before, after }, owner)
}

/** A record keeps its key as long as its instant is the same. */
function keyFor(known: Key | undefined, { id, value, sequence }: Write): Key {
  const at = instantOf(value)
  return known?.at === at && known.sequence === sequence ? known : { at, sequence, id }
}

interface Change {
  readonly name: TableName
  readonly before: Entry<unknown> | undefined
  readonly after: Entry<unknown> | undefined
}

function reindex(table: Table<unknown>, { name, before, after }: Change, owner: Owner): void {
  for (const [index, keyOf] of indexesOf(name)) {
    const was = before === undefined ? undefined : keyOf(before.value)
    const is = after === undefined ? undefined : keyOf(after.value)
    if (was === is && before?.key === after?.key) continue
    let buckets = table.indexes.get(index) ?? emptyTrie<KeyList>()
    if (was != null && before !== undefined) buckets = takenFrom(buckets, { bucket: was, key: before.key }, owner)
    if (is != null && after !== undefined) buckets = putInto(buckets, { bucket: is, key: after.key }, owner)
    table.indexes.set(index, buckets)
  }
  const queue = queuesByTable.get(name)
  if (queue === undefined) return
  const was = before && inQueue(queue(before.value), before.key)
  const is = after && inQueue(queue(after.value), after.key)
  if (was?.bucket === is?.bucket && was?.key.at === is?.key.at) return
  if (was !== undefined) table.queues = takenFrom(table.queues, was, owner)
  if (is !== undefined) table.queues = putInto(table.queues, is, owner)
}

/** A key in the bucket it belongs to. */
interface Bucketed {
  readonly bucket: string
  readonly key: Key
}

function inQueue(waiting: Waiting | undefined, key: Key): Bucketed | undefined {
  if (waiting === undefined) return undefined
  const { queue: bucket, at } = waiting
  return { bucket, key: at === key.at ? key : { ...key, at } }
}

function takenFrom(buckets: Trie<KeyList>, { bucket, key }: Bucketed, owner: Owner): Trie<KeyList> {
  const rest = removeKey(getIn(buckets, bucket) ?? noKeys, key, owner)
  return sizeOf(rest) === 0 ? removeIn(buckets, bucket, owner) : setIn(buckets, { key: bucket, value: rest }, owner)
}

function putInto(buckets: Trie<KeyList>, { bucket, key }: Bucketed, owner: Owner): Trie<KeyList> {
  const known = getIn(buckets, bucket)
  const list = insertKey(known ?? noKeys, key, owner)
  // A long list of one's own has changed in place.
  return list === known ? buckets : setIn(buckets, { key: bucket, value: list, isNew: known === undefined }, owner)
}

type KeyOf = (record: unknown) => string | null | undefined

// Guaranteed: the definitions of a table take that table's records.
const indexesByTable = new Map(
  Object.entries(indexes as Readonly<Record<string, Readonly<Record<string, KeyOf>>>>).map(([name, definitions]) => [
    name,
    Object.entries(definitions),
  ]),
)
const queuesByTable = new Map(
  Object.entries(queues as Readonly<Record<string, (record: unknown) => Waiting | undefined>>),
)

export function indexesOf(name: TableName): readonly (readonly [string, KeyOf])[] {
  return indexesByTable.get(name) ?? []
}

/** What waits longest in a queue and is due at or before `until`, if anything is. */
function nextInQueue<Name extends QueuedTable>(
  state: State,
  name: Name,
  { queue, until }: { queue: string; until: UnixSeconds },
): Records[Name] | undefined {
  const first = firstOf(getIn(tableOf(state, name).queues, queue) ?? noKeys)
  return first === undefined || first.at > until ? undefined : recordOf(state, name, first.id)
}

/** What waits in a queue and is due at or before `until`, by its instant. */
export function* waitingIn<Name extends QueuedTable>(
  state: State,
  name: Name,
  { queue, until }: { queue: string; until: UnixSeconds },
): Generator<Records[Name]> {
  for (const { at, id } of allIn(getIn(tableOf(state, name).queues, queue) ?? noKeys)) {
    if (at > until) return
    const record = recordOf(state, name, id)
    if (record !== undefined) yield record
  }
}

/** The queues of a table in which something is due by now, and when the next thing in any of them is due after that. */
export function queuesIn(state: State, name: QueuedTable, now: UnixSeconds): Queues {
  const due: string[] = []
  let next = Infinity
  for (const [queue, list] of entriesIn(tableOf(state, name).queues)) {
    if ((firstOf(list)?.at ?? Infinity) <= now) due.push(queue)
    for (const { at } of walk(list, { from: 'oldest', above: { at: now, sequence: Infinity } })) {
      next = Math.min(next, at)
      break
    }
  }
  return { due, next: next === Infinity ? undefined : next }
}

export interface Queues {
  readonly due: readonly string[]
  readonly next: UnixSeconds | undefined
}

/** The next timer of a clock that is due at or before `until`, if any. */
export function nextTimer(state: State, clock: string | null, until: UnixSeconds): Timer | undefined {
  return nextInQueue(state, 'timers', { queue: clock ?? WORLD_CLOCK, until })
}
