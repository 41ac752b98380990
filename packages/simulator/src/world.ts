import { API_VERSION } from './api-version.js'
import type { SimulatedClock } from './clock.js'
import type { EventRecord, UnixSeconds } from './core/records.js'
import { execute, fire, view, type Command, type Reply } from './core/machine.js'
import { applyChanges, nextTimer, tableOf, type Changes, type State } from './core/state.js'
import type { Transaction } from './core/transaction.js'

/** What a world has just changed: what a journal must keep and what deliveries are made from. */
export interface Commit {
  readonly changes: Changes
  readonly events: readonly EventRecord[]
}

/** A command as the pages and the control plane give it. */
export interface PlainCommand {
  readonly name: string
  readonly path?: Readonly<Record<string, string>>
  readonly params?: Readonly<Record<string, unknown>>
  readonly request?: { readonly id: string; readonly idempotencyKey: string | null }
}

/** However far a clock jumps, no more timers than this fire at once: beyond it something rearms itself for ever. */
const MOST_TIMERS = 100_000

/** One account's world: its state, the time it lives in, and the only place where its state changes. */
export class World {
  readonly state: State
  readonly clock: SimulatedClock
  /** Turns what the core decided into what is kept; deliveries join here, in the same commit. */
  readonly #prepare: (state: State, commit: Commit) => Commit
  readonly #committed: (commit: Commit) => void

  constructor(
    state: State,
    clock: SimulatedClock,
    hooks: { prepare?: (state: State, commit: Commit) => Commit; committed?: (commit: Commit) => void } = {},
  ) {
    this.state = state
    this.clock = clock
    this.#prepare = hooks.prepare ?? ((_state, commit) => commit)
    this.#committed = hooks.committed ?? (() => undefined)
  }

  get now(): UnixSeconds {
    return this.clock.now()
  }

  /** Lets everything happen that is due by now, then carries out a command. */
  run(command: PlainCommand): Reply {
    this.fireDue(this.now)
    const { name, path = {}, params = {}, request } = command
    const context: Command['context'] = {
      apiVersion: API_VERSION,
      request: request === undefined ? null : { id: request.id, idempotency_key: request.idempotencyKey },
    }
    const { changes, events, reply } = execute(this.state, { name, path, params, context }, this.now)
    this.commit({ changes, events })
    this.#advanceTestClocks(changes)
    return reply
  }

  /** Looks at the world; whatever is written through this transaction is lost. */
  view(): Transaction {
    return view(this.state, this.now, API_VERSION)
  }

  /** The instant of the next thing that will happen by itself on the world's clock, at or before `until`. */
  nextDue(until: UnixSeconds): UnixSeconds | undefined {
    return nextTimer(this.state, null, until)?.at
  }

  /** Lets everything happen that is due on the world's clock up to this instant, each thing at its own. */
  fireDue(until: UnixSeconds): void {
    this.#fire(null, until)
  }

  /** Keeps what was decided. */
  commit(decided: Commit): void {
    if (decided.changes.writes.length === 0) return
    const commit = this.#prepare(this.state, decided)
    applyChanges(this.state, commit.changes)
    this.#committed(commit)
  }

  #fire(clock: string | null, until: UnixSeconds): void {
    for (let count = 0; ; count++) {
      const timer = nextTimer(this.state, clock, until)
      if (timer === undefined) return
      if (count === MOST_TIMERS)
        throw new Error(`More than ${MOST_TIMERS} timers were due at once; the last: ${timer.kind}.`)
      this.commit(fire(this.state, timer, API_VERSION))
    }
  }

  /** A test clock that was told to advance lives through that time at once, and is ready before the next request. */
  #advanceTestClocks({ writes }: Changes): void {
    for (const { table, id } of writes) {
      if (table !== 'test_clocks') continue
      const target = tableOf(this.state, 'test_clocks').byId.get(id)?.value.status_details.advancing?.target_frozen_time
      if (target === undefined) continue
      this.#fire(id, target)
      this.run({ name: 'test_clocks.finish_advance', path: { id } })
    }
  }
}
