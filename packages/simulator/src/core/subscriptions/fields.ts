import type Stripe from 'stripe'
import type { Period } from '../arithmetic/proration.js'
import { invalidRequest, notSimulated } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { Transaction } from '../transaction.js'
import type { Subscription } from './items.js'
import { readPaymentMethod } from './payment-method.js'

type Params = Stripe.SubscriptionUpdateParams
type Fields = Partial<Subscription>
interface Update {
  readonly params: Params
  readonly period: Period
}

/** The fields that an update sets outright: everything but items, periods and status. */
export function changedFields(transaction: Transaction, before: Subscription, update: Update): Fields {
  const { params } = update
  return {
    metadata: mergeMetadata(before.metadata, params.metadata),
    ...(params.description !== undefined && { description: params.description || null }),
    ...collectionOf(transaction, before, params),
    ...pauseOf(params),
    ...trialSettingsOf(params),
    ...cancellationOf(transaction, before, update),
  }
}

function collectionOf(transaction: Transaction, before: Subscription, params: Params): Fields {
  if (params.collection_method !== undefined && params.collection_method !== before.collection_method) {
    throw notSimulated('Changing collection_method', 'collection_method')
  }
  const method = params.default_payment_method
  const settings = params.payment_settings
  return {
    ...(method !== undefined && {
      default_payment_method:
        method === '' || method === null ? null : readPaymentMethod(transaction, method, before.customer),
    }),
    ...(params.days_until_due !== undefined && { days_until_due: params.days_until_due }),
    ...(settings?.save_default_payment_method !== undefined && {
      payment_settings: {
        payment_method_options: before.payment_settings?.payment_method_options ?? null,
        payment_method_types: before.payment_settings?.payment_method_types ?? null,
        save_default_payment_method: settings.save_default_payment_method,
      },
    }),
  }
}

function pauseOf({ pause_collection: pause }: Params): Fields {
  if (pause === undefined) return {}
  if (pause === '' || pause === null) return { pause_collection: null }
  return { pause_collection: { behavior: pause.behavior, resumes_at: pause.resumes_at ?? null } }
}

function trialSettingsOf({ trial_settings: settings }: Params): Fields {
  if (settings === undefined) return {}
  const missing = settings.end_behavior.missing_payment_method ?? 'create_invoice'
  return { trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: missing } } }
}

function cancellationOf(transaction: Transaction, before: Subscription, { params, period }: Update): Fields {
  const schedule = scheduleOf(transaction, before, { params, period })
  const given = params.cancellation_details
  if (schedule === undefined && given === undefined) return {}
  const details = before.cancellation_details
  const reason =
    schedule === undefined ? (details?.reason ?? null) : schedule.cancel_at === null ? null : 'cancellation_requested'
  return {
    ...schedule,
    cancellation_details: {
      comment: textOf(given?.comment, details?.comment),
      feedback: textOf(given?.feedback, details?.feedback),
      feedback_option: null,
      reason,
    },
  }
}

function textOf<Text extends string>(
  given: Text | '' | null | undefined,
  before: Text | null | undefined,
): Text | null {
  if (given === '' || given === null) return null
  return given ?? before ?? null
}

type Schedule = Pick<Subscription, 'cancel_at' | 'cancel_at_period_end' | 'canceled_at'>
const none: Schedule = { cancel_at: null, cancel_at_period_end: false, canceled_at: null }

/** When the subscription is to end by itself, if the update says anything about it. */
function scheduleOf(transaction: Transaction, before: Subscription, { params, period }: Update): Schedule | undefined {
  const { cancel_at: at, cancel_at_period_end: atPeriodEnd } = params
  if (typeof at === 'number' && atPeriodEnd !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: cancel_at, cancel_at_period_end.')
  }
  const canceledAt = before.canceled_at ?? transaction.now
  if (atPeriodEnd === true) return { cancel_at: period.end, cancel_at_period_end: true, canceled_at: canceledAt }
  if (at === '' || at === null || atPeriodEnd === false) return none
  if (at === undefined) return followPeriod(before, period)
  const moment = typeof at === 'number' ? at : momentOf(at, period)
  if (moment <= transaction.now) {
    throw invalidRequest('Invalid timestamp: must be an integer Unix timestamp in the future.', { param: 'cancel_at' })
  }
  if (moment < period.end) throw notSimulated('cancel_at inside the current period', 'cancel_at')
  return { cancel_at: moment, cancel_at_period_end: false, canceled_at: canceledAt }
}

function momentOf(helper: string, period: Period): number {
  if (helper === 'min_period_end' || helper === 'max_period_end') return period.end
  throw notSimulated(`cancel_at ${helper}`, 'cancel_at')
}

/** A subscription that is to end with its period ends with the new one when the period is moved. */
function followPeriod(before: Subscription, period: Period): Schedule | undefined {
  if (!before.cancel_at_period_end || before.cancel_at === period.end) return undefined
  return { cancel_at: period.end, cancel_at_period_end: true, canceled_at: before.canceled_at }
}
