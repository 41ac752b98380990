import type Stripe from 'stripe'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { isWithin } from '../lists.js'
import { recordInPath } from '../lookup.js'
import type { Transaction } from '../transaction.js'
import { createSchedule } from './create.js'
import { cancelSchedule, requireRunning } from './end.js'
import type { Schedule } from './phases.js'
import { releaseSchedule } from './release.js'
import { updateSchedule } from './update.js'

function enter(transaction: Transaction, id: string | undefined): Schedule {
  const schedule = recordInPath(transaction, 'subscription_schedules', {
    id,
    kind: 'subscription_schedule',
    param: 'schedule',
  })
  transaction.enterClockOf(schedule.customer)
  return schedule
}

const create: Handler<Stripe.SubscriptionScheduleCreateParams> = (transaction, { params }) =>
  transaction.render('subscription_schedules', createSchedule(transaction, params))

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('subscription_schedules', enter(transaction, path['id']))

const update: Handler<Stripe.SubscriptionScheduleUpdateParams> = (transaction, { path, params }) =>
  transaction.render('subscription_schedules', updateSchedule(transaction, enter(transaction, path['id']), params))

const cancel: Handler<Stripe.SubscriptionScheduleCancelParams> = (transaction, { path, params }) =>
  transaction.render('subscription_schedules', cancelSchedule(transaction, enter(transaction, path['id']), params))

const release: Handler<Stripe.SubscriptionScheduleReleaseParams> = (transaction, { path, params }) => {
  const schedule = enter(transaction, path['id'])
  requireRunning(schedule, 'release')
  const keepsCancelDate = params.preserve_cancel_date ?? false
  return transaction.render('subscription_schedules', releaseSchedule(transaction, schedule, { keepsCancelDate }))
}

const list: Handler<Stripe.SubscriptionScheduleListParams> = (transaction, { params }) => {
  const { customer, customer_account: account, scheduled } = params
  const where = (schedule: Schedule): boolean =>
    (customer === undefined || schedule.customer === customer) &&
    (account === undefined || schedule.customer_account === account) &&
    (scheduled === undefined || scheduled === (schedule.status === 'not_started')) &&
    isWithin(schedule.created, params.created) &&
    happened(schedule.canceled_at, params.canceled_at) &&
    happened(schedule.completed_at, params.completed_at) &&
    happened(schedule.released_at, params.released_at)
  const bucket = customer === undefined ? {} : { index: 'customer' as const, key: customer }
  const page = transaction.page('subscription_schedules', params, { ...bucket, where, kind: 'subscription_schedule' })
  return listReply(transaction, 'subscription_schedules', { page, url: '/v1/subscription_schedules' })
}

function happened(at: number | null, range: Stripe.RangeQueryParam | number | undefined): boolean {
  return range === undefined || (at !== null && isWithin(at, range))
}

export const subscriptionScheduleHandlers: Handlers = {
  'subscription_schedules.cancel': cancel,
  'subscription_schedules.create': create,
  'subscription_schedules.list': list,
  'subscription_schedules.release': release,
  'subscription_schedules.retrieve': retrieve,
  'subscription_schedules.update': update,
}
