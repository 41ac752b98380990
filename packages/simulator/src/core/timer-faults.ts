import type { Timer, TimerFault } from './private-records.js'
import type { Transaction } from './transaction.js'

/** Seconds after which what failed is tried again, on the same clock. */
const RETRY_DELAY = 3600

/** After so many failures it is given up, so that a broken object cannot fill the log for ever. */
const MOST_FAILURES = 4

/** Keeps that a timer failed, and arms it once more unless it has failed too often. */
export function noteFailure(transaction: Transaction, timer: Timer, error: unknown): TimerFault {
  const failures = (timer.failures ?? 0) + 1
  const isDropped = failures >= MOST_FAILURES
  if (isDropped) transaction.remove('timers', timer.id)
  else transaction.put('timers', { ...timer, at: timer.at + RETRY_DELAY, failures })
  return transaction.put('timer_faults', {
    ...timer,
    failures,
    status: isDropped ? 'dropped' : 'waiting',
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  })
}

/** What has failed before is past, if anything has. */
export function noteSuccess(transaction: Transaction, timer: Timer): void {
  if (timer.failures !== undefined) transaction.patch('timer_faults', timer.id, { status: 'overcome' })
}
