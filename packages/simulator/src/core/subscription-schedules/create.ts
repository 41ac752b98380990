import type Stripe from 'stripe'
import { invalidRequest, missingParameter } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import { isEnded } from '../subscriptions/end.js'
import { lastEndOf as lastItemEndOf, periodOf, type Subscription } from '../subscriptions/items.js'
import type { Transaction } from '../transaction.js'
import { armPauses, readPauseSchedules } from './pause-schedules.js'
import { phaseAt, readPhases, type Phase, type Schedule } from './phases.js'
import { armSchedule, startSubscription } from './run.js'
import { plainSettings, readSettings } from './settings.js'

type Params = Stripe.SubscriptionScheduleCreateParams

export function createSchedule(transaction: Transaction, params: Params): Schedule {
  if (params.from_subscription !== undefined) return scheduleOf(transaction, params.from_subscription, params)
  if (params.customer === undefined) throw missingParameter('customer')
  const customer = transaction.require('customers', params.customer, { kind: 'customer', param: 'customer' })
  transaction.enterClockOf(customer.id)
  const { now } = transaction
  const start = params.start_date === undefined || params.start_date === 'now' ? now : params.start_date
  const phases = readPhases(transaction, params.phases ?? [], { start, anchor: start })
  const announce = transaction.reserveEvent()
  const schedule = transaction.put('subscription_schedules', {
    ...blank(transaction, { customer: customer.id, params }),
    default_settings: readSettings(transaction, params.default_settings, {
      before: plainSettings,
      customer: customer.id,
    }),
    pause_schedules: readPauseSchedules(transaction, params.pause_schedules, []),
    phases,
  })
  const after = begin(transaction, schedule)
  announce('subscription_schedule.created', 'subscription_schedules', after)
  armPauses(transaction, after)
  return transaction.load('subscription_schedules', after.id)
}

/** A schedule whose first phase is running starts its subscription with it. */
function begin(transaction: Transaction, schedule: Schedule): Schedule {
  const phase = phaseAt(schedule, transaction.now)
  if (phase === undefined) {
    if ((schedule.phases[0]?.start_date ?? 0) <= transaction.now) {
      throw invalidRequest('The phases of a subscription schedule cannot all lie in the past.', { param: 'phases' })
    }
    armSchedule(transaction, schedule)
    return schedule
  }
  const current = { start_date: phase.start_date, end_date: phase.end_date }
  const active = transaction.patch('subscription_schedules', schedule.id, { current_phase: current, status: 'active' })
  const { id: subscription } = startSubscription(transaction, active, phase)
  const after = transaction.patch('subscription_schedules', schedule.id, { subscription })
  armSchedule(transaction, after)
  return after
}

/** Puts a subscription under a schedule of one phase, which is its present period. */
function scheduleOf(transaction: Transaction, id: string, params: Params): Schedule {
  const given = (
    ['phases', 'start_date', 'customer', 'default_settings', 'end_behavior', 'billing_mode'] as const
  ).find((name) => params[name] !== undefined)
  if (given !== undefined) {
    throw invalidRequest(`You cannot set \`${given}\` if \`from_subscription\` is set.`, { param: given })
  }
  const before = transaction.require('subscriptions', id, { kind: 'subscription', param: 'from_subscription' })
  transaction.enterClockOf(before.customer)
  requireFree(before)
  const phase = phaseOf(before)
  const schedule = transaction.put('subscription_schedules', {
    ...blank(transaction, { customer: before.customer, params }),
    billing_mode: before.billing_mode,
    current_phase: { start_date: phase.start_date, end_date: phase.end_date },
    default_settings: settingsOf(before),
    pause_schedules: readPauseSchedules(transaction, params.pause_schedules, []),
    phases: [phase],
    status: 'active',
    subscription: id,
  })
  const after = transaction.patch('subscriptions', id, { schedule: schedule.id })
  armSchedule(transaction, schedule)
  transaction.emit('subscription_schedule.created', 'subscription_schedules', schedule)
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
  armPauses(transaction, schedule)
  return transaction.load('subscription_schedules', schedule.id)
}

function requireFree(subscription: Subscription): void {
  const param = 'from_subscription'
  if (isEnded(subscription)) {
    throw invalidRequest('You cannot migrate a subscription that is canceled to a subscription schedule.', { param })
  }
  if (subscription.schedule !== null) {
    const message = `You cannot migrate a subscription that is already attached to a schedule: ${subscription.schedule}.`
    throw invalidRequest(message, { param })
  }
}

function settingsOf(subscription: Subscription): Schedule['default_settings'] {
  const invoices = { ...plainSettings.invoice_settings, days_until_due: subscription.days_until_due }
  return {
    ...plainSettings,
    automatic_tax: subscription.automatic_tax,
    collection_method: subscription.collection_method,
    default_payment_method: subscription.default_payment_method,
    description: subscription.description,
    invoice_settings: invoices,
  }
}

function phaseOf(subscription: Subscription): Phase {
  const { items, trial_end: trialEnd } = subscription
  const { start } = periodOf(subscription)
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    billing_cycle_anchor: null,
    billing_thresholds: subscription.billing_thresholds,
    collection_method: null,
    currency: subscription.currency,
    default_payment_method: null,
    default_tax_rates: subscription.default_tax_rates ?? [],
    description: null,
    discounts: subscription.discounts.map((discount) => ({ coupon: null, discount, promotion_code: null })),
    end_date: lastItemEndOf(items.data),
    invoice_settings: null,
    items: items.data.map((item) => ({
      billing_thresholds: item.billing_thresholds,
      discounts: item.discounts.map((discount) => ({ coupon: null, discount, promotion_code: null })),
      metadata: item.metadata,
      plan: item.price.id,
      price: item.price.id,
      ...(item.quantity !== undefined && { quantity: item.quantity }),
      tax_rates: item.tax_rates ?? [],
    })),
    metadata: subscription.metadata,
    on_behalf_of: null,
    proration_behavior: 'create_prorations',
    start_date: start,
    transfer_data: null,
    trial_end: subscription.status === 'trialing' ? trialEnd : null,
  }
}

function blank(transaction: Transaction, { customer, params }: { customer: string; params: Params }): Schedule {
  return {
    id: transaction.newId('sub_sched'),
    object: 'subscription_schedule',
    application: null,
    billing_mode: billingMode(params, transaction.now),
    canceled_at: null,
    completed_at: null,
    created: transaction.now,
    current_phase: null,
    customer,
    customer_account: null,
    default_settings: plainSettings,
    end_behavior: endBehavior(params.end_behavior),
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    pause_schedules: [],
    phases: [],
    released_at: null,
    released_subscription: null,
    status: 'not_started',
    subscription: null,
    test_clock: transaction.load('customers', customer).test_clock ?? null,
  }
}

/** The older values `none` and `renew` are declared and no longer taken. */
export function endBehavior(asked: string | undefined): Schedule['end_behavior'] {
  if (asked === undefined || asked === 'release' || asked === 'cancel') return asked ?? 'release'
  throw invalidRequest('Invalid end_behavior: must be one of cancel or release', { param: 'end_behavior' })
}

function billingMode({ billing_mode: mode }: Params, now: number): Schedule['billing_mode'] {
  if (mode?.type === 'classic') return { type: 'classic', flexible: null }
  const discounts = mode?.flexible?.proration_discounts ?? 'included'
  return { type: 'flexible', flexible: { proration_discounts: discounts }, updated_at: now }
}
