import { boundaryAt } from '../../arithmetic/periods.js'
import type { TimerHandler } from '../../handler.js'
import { pauseNow } from '../../subscriptions/pause.js'
import { resumeSubscription } from '../../subscriptions/resume.js'
import { isUnit, type Subscription } from '../../subscriptions/items.js'
import type { Transaction } from '../../transaction.js'
import { refusal, type Portal } from './open.js'

/** How long a plan can rest; `null` until the customer takes it up again. */
export interface PauseChoice {
  readonly until: number | null
}

/** The lengths that the configuration offers, from now. */
export function pausesFor(transaction: Transaction, { configuration }: Portal): readonly PauseChoice[] {
  const { duration, enabled } = configuration.features.subscription_pause
  if (!enabled) return []
  if (duration.type !== 'interval_options') return [{ until: null }]
  return duration.interval_options.flatMap(({ interval, interval_count: count }) =>
    isUnit(interval) ? [{ until: boundaryAt(transaction.now, { unit: interval, count }, 1) }] : [],
  )
}

export function canPause({ billing_mode: mode, collection_method: method, schedule, status }: Subscription): boolean {
  return mode.type === 'flexible' && method === 'charge_automatically' && schedule === null && status === 'active'
}

/** Pauses the plan, for as long as the customer chose. */
export function pauseInPortal(
  transaction: Transaction,
  portal: Portal,
  { subscription, choice }: { readonly subscription: Subscription; readonly choice: number },
): void {
  const chosen = pausesFor(transaction, portal)[choice]
  if (chosen === undefined) throw refusal('Plans cannot be paused here.')
  pauseNow(transaction, subscription.id, {})
  if (chosen.until !== null) transaction.schedule({ kind: 'portal.resume', at: chosen.until, subject: subscription.id })
}

export function resumeInPortal(transaction: Transaction, { configuration }: Portal, { id }: Subscription): void {
  if (!configuration.features.subscription_pause.enabled) throw refusal('Plans cannot be resumed here.')
  transaction.unschedule('portal.resume', id)
  resumeSubscription(transaction, id, {})
}

/** The time that the customer chose is over. */
export const resumeWhenDue: TimerHandler = (transaction, { subject }) => {
  if (transaction.get('subscriptions', subject)?.status === 'paused') resumeSubscription(transaction, subject, {})
}
