import { boundsOf, earlier, later, type Bounds, type CreatedRange } from './created-range.js'
import { noSuch } from './error.js'
import { idAt } from './ids.js'
import { instantOf, type IndexName } from './indexes.js'
import type { EventRecord, Timer } from './private-records.js'
import { previousAttributes } from './previous-attributes.js'
import type { Records, TableName } from './records.js'
import type { UnixSeconds } from './unix-seconds.js'
import type { Signal } from './signals.js'
import { entryOf, indexesOf, keysOf, recordOf, type Changes, type State, type Write } from './state.js'
import { allIn, isBefore, walk, type Place } from './storage/key-list.js'

/** What every event written by a command carries. */
export interface EventContext {
  readonly apiVersion: string
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null } | null
}

/** What the transaction is given from outside: how to answer signals and how to show objects on the wire. */
export interface Wiring {
  readonly react: (transaction: Transaction, signal: Signal) => void
  readonly render: <Name extends TableName>(transaction: Transaction, table: Name, record: Records[Name]) => unknown
}

export interface PageParams {
  readonly limit?: number
  readonly starting_after?: string
  readonly ending_before?: string
  /** Bounds what is walked through, by the instant at which a record was made. */
  readonly created?: CreatedRange | number
}

export interface Page<Value> {
  readonly data: readonly Value[]
  readonly has_more: boolean
}

/** Writes the event whose place was kept. Left uncalled, there is no event. */
export type EventPlace = <Name extends TableName>(type: string, table: Name, record: Records[Name]) => void

/** Which records of a table are walked through, and from which end. */
interface Scan extends Bounds {
  readonly bucket?: Bucket | undefined
  readonly from: 'oldest' | 'newest'
}

interface Bucket {
  readonly index: string
  readonly key: string
}

/**
 * One command's view of the world: it reads through to the state and keeps its writes to itself. Leaving it unapplied
 * undoes it, which is also how a preview is made.
 */
export class Transaction {
  readonly #state: State
  readonly #wiring: Wiring
  readonly #context: EventContext
  readonly #writes = new Map<TableName, Map<string, Write>>()
  readonly #events: (EventRecord | undefined)[] = []
  #worldNow: UnixSeconds
  #now: UnixSeconds
  #clock: string | null = null
  #ids: number
  #sequence: number
  /** The ids made here, under which there is nothing yet. */
  #made: Set<string> | undefined

  constructor(state: State, options: { now: UnixSeconds; context: EventContext; wiring: Wiring }) {
    this.#state = state
    this.#wiring = options.wiring
    this.#context = options.context
    this.#worldNow = options.now
    this.#now = options.now
    this.#ids = state.counters.ids
    this.#sequence = state.counters.sequence
  }

  /** The instant of this command, on the clock it has entered. */
  get now(): UnixSeconds {
    return this.#now
  }

  /** The clock this command runs on: a test clock's id, or `null` for the world's. */
  get clock(): string | null {
    return this.#clock
  }

  /** From here on the command runs at this test clock's time (`null`: the world's). */
  enterClock(clock: string | null): void {
    this.#clock = clock
    this.#now = clock === null ? this.#worldNow : (this.get('test_clocks', clock)?.frozen_time ?? this.#worldNow)
  }

  /** From here on the command runs at the time of this customer's clock. */
  enterClockOf(customer: string | null): void {
    this.enterClock(customer === null ? null : (this.get('customers', customer)?.test_clock ?? null))
  }

  /** The version of the API in whose form events are written. */
  get apiVersion(): string {
    return this.#context.apiVersion
  }

  /** The request that this command carries out; `null` when something happens by itself. */
  get request(): EventContext['request'] {
    return this.#context.request
  }

  /** The seed of this world, from which all its ids come. */
  get seed(): number {
    return this.#state.seed
  }

  newId(prefix: string): string {
    this.#ids += 1
    const id = idAt(prefix, this.#state.seed, this.#ids)
    this.#made = (this.#made ?? new Set()).add(id)
    return id
  }

  get<Name extends TableName>(table: Name, id: string): Records[Name] | undefined {
    const overlaid = this.#writes.get(table)?.get(id)
    if (overlaid !== undefined) return overlaid.value as Records[Name] | undefined
    return recordOf(this.#state, table, id)
  }

  /** A record as it was before this command, whatever the command has made of it since. */
  original<Name extends TableName>(table: Name, id: string): Records[Name] | undefined {
    return recordOf(this.#state, table, id)
  }

  /** A record that must be there by our own logic; its absence is a fault of the simulator, not of the caller. */
  load<Name extends TableName>(table: Name, id: string): Records[Name] {
    const record = this.get(table, id)
    if (record === undefined) throw new Error(`The simulator lost ${table} ${id}.`)
    return record
  }

  /** The record that a request names, or Stripe's error: 404 when the path names it, 400 when a parameter does. */
  require<Name extends TableName>(table: Name, id: string, refer: { kind: string; param?: string }): Records[Name] {
    const record = this.get(table, id)
    if (record !== undefined) return record
    throw noSuch(refer.kind, id, { param: refer.param ?? 'id', status: refer.param === undefined ? 404 : 400 })
  }

  /** Writes a record whole, new or changed, and answers it. */
  put<Name extends TableName>(table: Name, record: Records[Name]): Records[Name] {
    this.#write(table, record.id, record)
    return record
  }

  /** Changes some fields of a record that is there and answers the new one. */
  patch<Name extends TableName>(table: Name, id: string, fields: Partial<Records[Name]>): Records[Name] {
    return this.put(table, { ...this.load(table, id), ...fields })
  }

  remove(table: TableName, id: string): void {
    this.#write(table, id, undefined)
  }

  /** All records with this key in an index, oldest first. */
  by<Name extends TableName>(table: Name, index: IndexName<Name>, key: string): Records[Name][] {
    return this.#collect(table, { index, key })
  }

  /** All records of a table, oldest first. Only for tables that stay small; lists go through `page`. */
  all<Name extends TableName>(table: Name): Records[Name][] {
    return this.#collect(table)
  }

  /**
   * A page of a list as Stripe gives it: newest first, between exclusive cursors.
   * https://docs.stripe.com/api/pagination
   */
  page<Name extends TableName>(
    table: Name,
    params: PageParams,
    options: { index?: IndexName<Name>; key?: string; where?: (record: Records[Name]) => boolean; kind: string },
  ): Page<Records[Name]> {
    const { index, key, where = () => true, kind } = options
    const bucket = index === undefined || key === undefined ? undefined : { index, key }
    const backwards = params.ending_before !== undefined
    const cursor = params.ending_before ?? params.starting_after
    if (cursor !== undefined) {
      this.require(table, cursor, { kind, param: backwards ? 'ending_before' : 'starting_after' })
    }
    const limit = params.limit ?? 10
    const bounds = boundsOf(params.created)
    const edge = cursor === undefined ? undefined : this.#placeOf(table, cursor)
    const scan: Scan = backwards
      ? { bucket, from: 'oldest', above: later(edge, bounds.above), below: bounds.below }
      : { bucket, from: 'newest', above: bounds.above, below: earlier(edge, bounds.below) }
    const found: Records[Name][] = []
    for (const record of this.#scan(table, scan)) {
      if (!where(record)) continue
      found.push(record)
      if (found.length > limit) break
    }
    const data = found.slice(0, limit)
    return { data: backwards ? data.toReversed() : data, has_more: found.length > limit }
  }

  /** Arms a timer on the clock this command runs on. */
  schedule(timer: Omit<Timer, 'id' | 'clock'>): void {
    const id = this.newId('timer')
    this.put('timers', { id, clock: this.#clock, ...timer })
  }

  /** Disarms the timers of this kind about this object. */
  unschedule(kind: Timer['kind'], subject: string): void {
    for (const timer of this.by('timers', 'subject', subject)) if (timer.kind === kind) this.remove('timers', timer.id)
  }

  /** Writes an event about an object as it is now. */
  emit<Name extends TableName>(type: string, table: Name, record: Records[Name]): void {
    this.emitObject(type, this.render(table, record))
  }

  /** Writes an event about an object that was another before, which `previous_attributes` tells. */
  emitChange<Name extends TableName>(
    type: string,
    table: Name,
    { before, after }: { readonly before: Records[Name]; readonly after: Records[Name] },
  ): void {
    const object = this.render(table, after)
    this.emitObject(type, object, previousAttributes(this.render(table, before), object))
  }

  /** Writes an event about an object that is in no table, such as a deleted one or an upcoming invoice. */
  emitObject(type: string, object: unknown, previous?: Readonly<Record<string, unknown>>): void {
    const data = previous === undefined ? { object } : { object, previous_attributes: previous }
    this.#events.push(this.put('events', this.#eventOf(this.newId('evt'), type, data)))
  }

  #eventOf(id: string, type: string, data: EventRecord['data']): EventRecord {
    const event = {
      id,
      object: 'event' as const,
      api_version: this.#context.apiVersion,
      created: this.#now,
      data,
      livemode: false as const,
      pending_webhooks: 0,
      request: this.#context.request ?? { id: null, idempotency_key: null },
      type,
    }
    return this.#clock === null ? event : { ...event, clock: this.#clock, recorded: this.#worldNow }
  }

  /**
   * Keeps a place in the order of events for one that can be worded only when the rest of the command is done: a
   * subscription is announced before its first invoice, yet with the status that this invoice's payment gave it.
   */
  reserveEvent(): EventPlace {
    const id = this.newId('evt')
    const index = this.#events.push(undefined) - 1
    this.#sequence += 1
    const sequence = this.#sequence
    return (type, table, record) => {
      const value = this.#eventOf(id, type, { object: this.render(table, record) })
      this.#overlay('events').set(id, { table: 'events', id, value, sequence, isNew: true })
      this.#events[index] = value
    }
  }

  /** A transaction on top of this one, at another instant perhaps, to be thrown away: what would come if … */
  fork(now: UnixSeconds = this.#now): Transaction {
    const context = this.#context
    const copy = new Transaction(this.#state, { now: this.#worldNow, context, wiring: this.#wiring })
    for (const [table, records] of this.#writes) copy.#writes.set(table, new Map(records))
    copy.#ids = this.#ids
    copy.#sequence = this.#sequence
    copy.#clock = this.#clock
    copy.#now = now
    if (this.#clock === null) copy.#worldNow = now
    else copy.patch('test_clocks', this.#clock, { frozen_time: now })
    return copy
  }

  /** Tells the other resources; see `Signal`. */
  send(signal: Signal): void {
    this.#wiring.react(this, signal)
  }

  /** The object as it stands on the wire, unexpanded. */
  render<Name extends TableName>(table: Name, record: Records[Name]): unknown {
    return this.#wiring.render(this, table, record)
  }

  /** The ids of the records that this command has written or removed so far. */
  written(table: TableName): readonly string[] {
    return [...(this.#writes.get(table)?.keys() ?? [])]
  }

  /** What this command would change, and the events it caused, in order. */
  finish(): { changes: Changes; events: readonly EventRecord[] } {
    const writes: Write[] = []
    for (const records of this.#writes.values()) for (const write of records.values()) writes.push(write)
    if (!isInOrder(writes)) writes.sort(bySequence)
    const events = this.#events.filter((event) => event !== undefined)
    return { changes: { writes, counters: { ids: this.#ids, sequence: this.#sequence } }, events }
  }

  #overlay(table: TableName): Map<string, Write> {
    let records = this.#writes.get(table)
    if (records === undefined) this.#writes.set(table, (records = new Map()))
    return records
  }

  #write(table: TableName, id: string, value: unknown): void {
    const records = this.#overlay(table)
    const known = records.get(id)
    const isNew = known?.isNew ?? this.#made?.has(id) ?? false
    const sequence = known?.sequence ?? (isNew ? undefined : entryOf(this.#state, table, id)?.key.sequence)
    if (sequence === undefined) this.#sequence += 1
    records.set(id, { table, id, value, sequence: sequence ?? this.#sequence, isNew })
  }

  #placeOf(table: TableName, id: string): Place | undefined {
    const own = this.#writes.get(table)?.get(id)
    return own === undefined ? entryOf(this.#state, table, id)?.key : placeOf(own)
  }

  /** What has this key in an index, oldest first. Most commands have written nothing in between. */
  #collect<Name extends TableName>(table: Name, bucket?: Bucket): Records[Name][] {
    if (this.#writes.has(table)) return [...this.#scan(table, { bucket, from: 'oldest' })]
    const found: Records[Name][] = []
    for (const { id } of allIn(keysOf(this.#state, table, bucket))) {
      const record = recordOf(this.#state, table, id)
      if (record !== undefined) found.push(record)
    }
    return found
  }

  /** The records of the state and those this command wrote, in one order. */
  *#scan<Name extends TableName>(table: Name, { bucket, ...range }: Scan): Generator<Records[Name]> {
    const precedes = (left: Place, right: Place): boolean =>
      range.from === 'oldest' ? isBefore(left, right) : isBefore(right, left)
    const own = this.#ownEntries(table, bucket)
      .filter((entry) => isBetween(placeOf(entry), range))
      .toSorted((left, right) => (precedes(placeOf(left), placeOf(right)) ? -1 : 1))
    const written = this.#writes.get(table)
    let next = 0
    for (const key of walk(keysOf(this.#state, table, bucket), range)) {
      if (written?.has(key.id) === true) continue
      for (let entry = own[next]; entry !== undefined && precedes(placeOf(entry), key); entry = own[next]) {
        next += 1
        yield entry.value as Records[Name]
      }
      const record = recordOf(this.#state, table, key.id)
      if (record !== undefined) yield record
    }
    for (const { value } of own.slice(next)) yield value as Records[Name]
  }

  /** The records this command wrote that belong to the bucket. */
  #ownEntries(table: TableName, bucket: Bucket | undefined): Write[] {
    const written = this.#writes.get(table)
    if (written === undefined) return []
    const keyOf = bucket && indexesOf(table).find(([name]) => name === bucket.index)?.[1]
    return [...written.values()].filter(
      ({ value }) => value !== undefined && (keyOf === undefined || keyOf(value) === bucket?.key),
    )
  }
}

/** Most commands write what they make in the order of its making, and sorting is not for nothing. */
function isInOrder(writes: readonly Write[]): boolean {
  return writes.every(({ sequence }, index) => index === 0 || (writes[index - 1]?.sequence ?? 0) <= sequence)
}

function bySequence(left: Write, right: Write): number {
  return left.sequence - right.sequence
}

function placeOf({ sequence, value }: Write): Place {
  return { at: instantOf(value), sequence }
}

function isBetween(place: Place, { above, below }: Bounds): boolean {
  return (above === undefined || isBefore(above, place)) && (below === undefined || isBefore(place, below))
}
