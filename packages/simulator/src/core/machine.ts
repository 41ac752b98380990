import { StripeError, type StripeErrorBody } from './error.js'
import { conclusions, handlers, reactions, renderers, timers } from './resources.js'
import type { EventRecord, Timer, TimerFault } from './private-records.js'
import type { UnixSeconds } from './unix-seconds.js'
import type { Changes, State } from './state.js'
import { noteFailure, noteSuccess } from './timer-faults.js'
import { Transaction, type EventContext, type Wiring } from './transaction.js'

/** A request, after the edges have decoded and validated it: data, so that it can be logged and replayed. */
export interface Command {
  /** `resource.verb`, a key of the handler table. */
  readonly name: string
  /** The parameters of the path, such as `{ customer: 'cus_…' }`. */
  readonly path: Readonly<Record<string, string>>
  readonly params: Readonly<Record<string, unknown>>
  readonly context: EventContext
}

export type Reply =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly status: number; readonly error: StripeErrorBody }

export interface Outcome {
  readonly changes: Changes
  readonly reply: Reply
  readonly events: readonly EventRecord[]
}

const nothing = { writes: [] }

const wiring: Wiring = {
  react: (transaction, signal) => {
    for (const reaction of reactions[signal.type] ?? []) reaction(transaction, signal as never)
  },
  render: (transaction, table, record) => renderers[table]?.(transaction, record as never) ?? record,
}

/** How the body of a reply is shown, such as with other objects in place of their ids. A refusal undoes the command. */
export type Show = (transaction: Transaction, body: unknown) => unknown

/** Decides what a command does to a world. Changes nothing: the caller applies the outcome, or leaves it. */
export function execute(state: State, command: Command, now: UnixSeconds): Outcome {
  return executeAndShow(state, command, { now, show: (_transaction, body) => body })
}

/** As `execute`, with the body of the reply shown as the request asked. */
export function executeAndShow(
  state: State,
  command: Command,
  { now, show }: { now: UnixSeconds; show: Show },
): Outcome {
  const handler = handlers[command.name]
  if (handler === undefined) throw new Error(`No handler is registered for the command ${command.name}.`)
  const transaction = new Transaction(state, { now, context: command.context, wiring })
  try {
    const body = handler(transaction, { path: command.path, params: command.params as never })
    const { changes, events } = concluded(transaction)
    return { changes, events, reply: { ok: true, body: show(transaction, body) } }
  } catch (error) {
    if (!(error instanceof StripeError)) throw error
    const reply = { ok: false as const, status: error.status, error: error.body }
    if (error.keepsChanges) return { ...concluded(transaction), reply }
    return { changes: { ...nothing, counters: state.counters }, reply, events: [] }
  }
}

/** What a command would answer inside a transaction that is under way. */
export function answerInside(transaction: Transaction, command: Pick<Command, 'name' | 'path' | 'params'>): unknown {
  return handlers[command.name]?.(transaction, { path: command.path, params: command.params as never })
}

/** A transaction to look through, or to try something in, and to throw away. */
export function view(state: State, now: UnixSeconds, apiVersion: string): Transaction {
  return new Transaction(state, { now, context: { apiVersion, request: null }, wiring })
}

/**
 * Decides what happens when a timer fires, at the timer's own instant. `now` is what the world's clock says. When it fails,
 * nothing of it happens, and the failure is kept: one broken object does not stop the clock for all others.
 */
export function fire(state: State, timer: Timer, when: Instant): Fired {
  try {
    const transaction = transactionOf(state, timer, when)
    transaction.remove('timers', timer.id)
    timers[timer.kind](transaction, timer)
    noteSuccess(transaction, timer)
    return concluded(transaction)
  } catch (error) {
    const transaction = transactionOf(state, timer, when)
    const fault = noteFailure(transaction, timer, error)
    return { ...transaction.finish(), fault }
  }
}

/** What came of a timer. */
export interface Fired extends Omit<Outcome, 'reply'> {
  readonly fault?: TimerFault
}

interface Instant {
  readonly apiVersion: string
  readonly now: UnixSeconds
}

function transactionOf(state: State, timer: Timer, { apiVersion, now }: Instant): Transaction {
  const context = { apiVersion, request: null }
  const transaction = new Transaction(state, { now: timer.clock === null ? timer.at : now, context, wiring })
  if (timer.clock !== null) {
    transaction.patch('test_clocks', timer.clock, { frozen_time: timer.at })
    transaction.enterClock(timer.clock)
  }
  return transaction
}

function concluded(transaction: Transaction): Omit<Outcome, 'reply'> {
  for (const conclude of conclusions) conclude(transaction)
  return transaction.finish()
}
