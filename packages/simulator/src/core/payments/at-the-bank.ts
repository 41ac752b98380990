import type { TimerKind } from '../private-records.js'
import type { Transaction } from '../transaction.js'

/** Lets a bank do something by itself, in the world's own time: banks know no test clocks. */
export function scheduleAtBank(
  transaction: Transaction,
  timer: { readonly kind: TimerKind; readonly delay: number; readonly subject: string },
): void {
  const { clock } = transaction
  transaction.enterClock(null)
  const { kind, delay, subject } = timer
  transaction.schedule({ kind, at: transaction.now + delay, subject })
  transaction.enterClock(clock)
}
