import { indexes } from './indexes.js'
import type { Timer } from './private-records.js'
import type { Records, TableName } from './records.js'

interface Entry<Value> {
  readonly sequence: number
  readonly value: Value
}

/** A bucket of an index: the sequence numbers of its records, ascending. */
type Bucket = number[]

/** One table: its records by id, and by the order in which they were first written. */
export interface Table<Value> {
  readonly byId: Map<string, Entry<Value>>
  readonly bySequence: Map<number, string>
  /** Sequence numbers of all records, ascending; the index that needs no key. */
  readonly all: Bucket
  readonly indexes: Map<string, Map<string, Bucket>>
}

/** A whole world at one instant. Records are immutable; tables change only by `applyChanges`. */
export interface State {
  readonly seed: number
  readonly tables: Map<TableName, Table<unknown>>
  /** Timers by clock, each a binary heap ordered by instant, then by age. Fired or removed timers are dropped lazily. */
  readonly due: Map<string | null, DueTimer[]>
  counters: { readonly ids: number; readonly sequence: number }
}

interface DueTimer {
  readonly at: number
  readonly sequence: number
  readonly id: string
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
}

/** An empty world. The seed decides every id that it will give out. */
export function createState(seed: number): State {
  return { seed, tables: new Map(), due: new Map(), counters: { ids: 0, sequence: 0 } }
}

/** An independent copy: what happens in one is not seen in the other. */
export function forkState(state: State): State {
  const tables = new Map<TableName, Table<unknown>>()
  for (const [name, table] of state.tables) tables.set(name, copyTable(table))
  const due = new Map([...state.due].map(([clock, heap]) => [clock, [...heap]]))
  return { seed: state.seed, tables, due, counters: state.counters }
}

function copyTable(table: Table<unknown>): Table<unknown> {
  const copies = [...table.indexes].map(([index, buckets]): [string, Map<string, Bucket>] => [
    index,
    new Map([...buckets].map(([key, bucket]) => [key, [...bucket]])),
  ])
  return {
    byId: new Map(table.byId),
    bySequence: new Map(table.bySequence),
    all: [...table.all],
    indexes: new Map(copies),
  }
}

export function tableOf<Name extends TableName>(state: State, name: Name): Table<Records[Name]> {
  let table = state.tables.get(name)
  if (table === undefined) {
    table = { byId: new Map(), bySequence: new Map(), all: [], indexes: new Map() }
    state.tables.set(name, table)
  }
  // Guaranteed: `applyChanges` writes under a table's name only what a transaction put under that name.
  return table as Table<Records[Name]>
}

/** Carries out what a command planned. */
export function applyChanges(state: State, changes: Changes): void {
  for (const write of changes.writes) applyWrite(state, write)
  state.counters = changes.counters
}

function applyWrite(state: State, write: Write): void {
  const table = tableOf(state, write.table) as Table<unknown>
  const before = table.byId.get(write.id)
  if (write.value === undefined) {
    if (before === undefined) return
    table.byId.delete(write.id)
    table.bySequence.delete(before.sequence)
    removeFrom(table.all, before.sequence)
  } else {
    table.byId.set(write.id, { sequence: write.sequence, value: write.value })
    if (before === undefined) {
      table.bySequence.set(write.sequence, write.id)
      insertInto(table.all, write.sequence)
      if (write.table === 'timers') pushDue(state, write.value as Timer, write.sequence)
    }
  }
  reindex(table, write, before?.value)
}

function reindex(table: Table<unknown>, write: Write, before: unknown): void {
  for (const [name, keyOf] of indexesOf(write.table)) {
    const oldKey = before === undefined ? undefined : keyOf(before)
    const newKey = write.value === undefined ? undefined : keyOf(write.value)
    if (oldKey === newKey) continue
    let buckets = table.indexes.get(name)
    if (buckets === undefined) table.indexes.set(name, (buckets = new Map()))
    if (oldKey != null) removeFrom(buckets.get(oldKey) ?? [], write.sequence)
    if (newKey == null) continue
    const bucket = buckets.get(newKey)
    if (bucket === undefined) buckets.set(newKey, [write.sequence])
    else insertInto(bucket, write.sequence)
  }
}

export function indexesOf(name: TableName): [string, (record: unknown) => string | null | undefined][] {
  // Guaranteed: the definitions of a table take that table's records.
  return Object.entries(
    (indexes as Record<string, Record<string, (record: unknown) => string | null | undefined>>)[name] ?? {},
  )
}

function insertInto(bucket: Bucket, sequence: number): void {
  const last = bucket.at(-1)
  if (last === undefined || last < sequence) bucket.push(sequence)
  else bucket.splice(positionOf(bucket, sequence), 0, sequence)
}

function removeFrom(bucket: Bucket, sequence: number): void {
  const position = positionOf(bucket, sequence)
  if (bucket[position] === sequence) bucket.splice(position, 1)
}

/** The place of the first sequence number in the bucket that is not below the given one. */
export function positionOf(bucket: readonly number[], sequence: number): number {
  let low = 0
  let high = bucket.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((bucket[middle] ?? 0) < sequence) low = middle + 1
    else high = middle
  }
  return low
}

/** The next timer of a clock that is due at or before `until`, if any. */
export function nextTimer(state: State, clock: string | null, until: number): Timer | undefined {
  const heap = state.due.get(clock)
  const timers = tableOf(state, 'timers')
  while (heap !== undefined && heap.length > 0) {
    const [first] = heap
    const timer = first === undefined ? undefined : timers.byId.get(first.id)?.value
    if (timer !== undefined) return timer.at <= until ? timer : undefined
    popDue(heap)
  }
  return undefined
}

function isBefore(left: DueTimer, right: DueTimer): boolean {
  return left.at < right.at || (left.at === right.at && left.sequence < right.sequence)
}

function pushDue(state: State, timer: Timer, sequence: number): void {
  let heap = state.due.get(timer.clock)
  if (heap === undefined) state.due.set(timer.clock, (heap = []))
  const entry = { at: timer.at, sequence, id: timer.id }
  let index = heap.push(entry) - 1
  while (index > 0) {
    const parent = (index - 1) >>> 1
    const above = heap[parent]
    if (above === undefined || !isBefore(entry, above)) break
    heap[index] = above
    index = parent
  }
  heap[index] = entry
}

function popDue(heap: DueTimer[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let index = 0
  for (;;) {
    const child = smallerChild(heap, index)
    const below = heap[child]
    if (below === undefined || !isBefore(below, last)) break
    heap[index] = below
    index = child
  }
  heap[index] = last
}

function smallerChild(heap: readonly DueTimer[], index: number): number {
  const left = heap[2 * index + 1]
  const right = heap[2 * index + 2]
  return left !== undefined && right !== undefined && isBefore(right, left) ? 2 * index + 2 : 2 * index + 1
}
