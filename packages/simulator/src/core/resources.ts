import type { Handlers, Reactions, Renderers, TimerHandler } from './handler.js'
import type { TimerKind } from './records.js'

/** Every verb the simulator knows, by `resource.verb`. */
export const handlers: Handlers = {}

/** Who listens to what happens inside a command; order matters. */
export const reactions: Reactions = {}

export const renderers: Renderers = {}

const unset: TimerHandler = (_transaction, timer) => {
  throw new Error(`Nothing handles the timer ${timer.kind}.`)
}

export const timers: Readonly<Record<TimerKind, TimerHandler>> = {
  'subscription.renew': unset,
  'subscription.trial_will_end': unset,
  'subscription.upcoming_invoice': unset,
  'subscription.cancel': unset,
  'subscription.expire_incomplete': unset,
  'invoice.finalize': unset,
  'invoice.retry': unset,
  'invoice.past_due': unset,
  'checkout_session.expire': unset,
}
