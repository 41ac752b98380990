import { API_VERSION } from './api-version.js'
import type { SimulatedClock } from './clock.js'
import { executeAndShow, fire, view, type Command, type Reply, type Show } from './core/machine.js'
import type { EventRecord, Timer, TimerFault } from './core/private-records.js'
import type { Records, TableName } from './core/records.js'
import type { UnixSeconds } from './core/unix-seconds.js'
import { applyChanges, keysOf, nextTimer, recordOf, type Changes, type State } from './core/state.js'
import { sizeOf } from './core/storage/key-list.js'
import type { Transaction } from './core/transaction.js'

/** What a world has just changed: what a journal must keep and what deliveries are made from. */
export interface Commit {
  readonly changes: Changes
  readonly events: readonly EventRecord[]
}

/** A command as the edges give it. */
export interface PlainCommand {
  readonly name: string
  readonly path?: Readonly<Record<string, string>>
  readonly params?: Readonly<Record<string, unknown>>
  readonly request?: { readonly id: string; readonly idempotencyKey: string | null }
  /** How the answer is shown; see `Show`. */
  readonly show?: Show
  /** What else is kept in the same commit, whatever the command's outcome. */
  readonly keep?: ((reply: Reply, changes: Changes) => Changes) | undefined
}

export interface WorldHooks {
  /** Turns what was decided into what is kept; deliveries join here. */
  readonly prepare: (world: World, commit: Commit) => Commit
  readonly committed: (world: World, commit: Commit) => void
  /** Told of what should have happened by itself, and failed. */
  readonly failed: (world: World, fault: TimerFault) => void
}

/** However far a clock jumps, no more timers than this fire at once: beyond it something rearms itself for ever. */
const MOST_TIMERS = 1_000_000

/** One account's world: its state, the time it lives in, and the only place where its state changes. */
export class World {
  /** The connected account, or `null` for the account that owns the API key. */
  readonly account: string | null
  readonly clock: SimulatedClock
  readonly #hooks: WorldHooks
  #state: State

  constructor(state: State, clock: SimulatedClock, options: { account: string | null; hooks: WorldHooks }) {
    this.#state = state
    this.clock = clock
    this.account = options.account
    this.#hooks = options.hooks
  }

  get state(): State {
    return this.#state
  }

  /** The present on the world's clock. */
  get now(): UnixSeconds {
    return this.clock.now()
  }

  /** Lets everything happen that is due by now, then carries out a command. */
  run(command: PlainCommand): Reply {
    this.fireDue(this.now)
    const { name, path = {}, params = {}, request, show = asItIs, keep = nothingElse } = command
    const context: Command['context'] = {
      apiVersion: API_VERSION,
      request: request === undefined ? null : { id: request.id, idempotency_key: request.idempotencyKey },
    }
    const outcome = executeAndShow(this.#state, { name, path, params, context }, { now: this.now, show })
    this.commit({ changes: keep(outcome.reply, outcome.changes), events: outcome.events })
    this.#advanceTestClocks(outcome.changes)
    this.#fireAtOnce(outcome.changes)
    return outcome.reply
  }

  /** Looks at the world; whatever is written through this transaction is lost. */
  view(): Transaction {
    return view(this.#state, this.now, API_VERSION)
  }

  /** How many records a table has. */
  count(table: TableName): number {
    return sizeOf(keysOf(this.#state, table))
  }

  /** Writes one record of the edges' own. */
  put<Name extends TableName>(table: Name, record: Records[Name]): void {
    const transaction = this.view()
    transaction.put(table, record)
    this.commit(transaction.finish())
  }

  /** The instant of the next thing that will happen by itself on the world's clock, at or before `until`. */
  nextDue(until: UnixSeconds = Infinity): UnixSeconds | undefined {
    return nextTimer(this.#state, null, until)?.at
  }

  /** Lets everything happen that is due on the world's clock up to this instant, each thing at its own. */
  fireDue(until: UnixSeconds): void {
    this.#fire(null, until)
  }

  /** Keeps what was decided. */
  commit(decided: Commit): void {
    if (decided.changes.writes.length === 0) return
    const commit = this.#hooks.prepare(this, decided)
    applyChanges(this.#state, commit.changes)
    this.#hooks.committed(this, commit)
  }

  /** Puts another state in place of this one. */
  replaceState(state: State): void {
    this.#state = state
  }

  #fire(clock: string | null, until: UnixSeconds): void {
    for (let count = 0; ; count++) {
      const timer = nextTimer(this.#state, clock, until)
      if (timer === undefined) return
      if (count === MOST_TIMERS)
        throw new Error(`More than ${MOST_TIMERS} timers came due at once, the last: ${timer.kind}.`)
      const fired = fire(this.#state, timer, { apiVersion: API_VERSION, now: this.now })
      this.commit(fired)
      if (fired.fault !== undefined) this.#hooks.failed(this, fired.fault)
    }
  }

  /** A test clock that was told to advance lives through that time at once, and is ready before the next request. */
  #advanceTestClocks({ writes }: Changes): void {
    for (const { table, id } of writes) {
      if (table !== 'test_clocks') continue
      const clock = recordOf(this.#state, 'test_clocks', id)
      const target = clock?.status_details.advancing?.target_frozen_time
      if (target === undefined) continue
      this.#fire(id, target)
      this.run({ name: 'test_clocks.finish_advance', path: { id } })
    }
  }

  /** What is due at the very instant at which a test clock stands does not wait for the clock's next advance. */
  #fireAtOnce({ writes }: Changes): void {
    for (const { table, value } of writes) {
      if (table !== 'timers' || value === undefined) continue
      // Guaranteed: what is written to the table of timers is a timer.
      const { at, clock } = value as Timer
      const now = clock === null ? undefined : recordOf(this.#state, 'test_clocks', clock)?.frozen_time
      if (now !== undefined && at <= now) this.#fire(clock, now)
    }
  }
}

function asItIs(_transaction: Transaction, body: unknown): unknown {
  return body
}

function nothingElse(_reply: Reply, changes: Changes): Changes {
  return changes
}
