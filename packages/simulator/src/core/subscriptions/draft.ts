import type Stripe from 'stripe'
import { boundaryAt, periodAt } from '../arithmetic/periods.js'
import type { Period } from '../arithmetic/proration.js'
import { invalidRequest, missingParameter, notSimulated } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { Transaction } from '../transaction.js'
import {
  createItem,
  intervalOf,
  readItem,
  requireSameTerms,
  type Subscription,
  type SubscriptionItem,
} from './items.js'
import { readPaymentMethod } from './payment-method.js'
import { readTrialEnd } from './trial.js'

type Params = Stripe.SubscriptionCreateParams

/** A subscription that is asked for and not yet there, and how its first period is billed. */
export interface Draft {
  readonly subscription: Omit<Subscription, 'items'>
  readonly items: readonly SubscriptionItem[]
  /** The first period, and the whole one that it is a part of when the anchor is set to a later day. */
  readonly period: Period
  readonly natural: Period
  readonly isTrial: boolean
}

export function readDraft(transaction: Transaction, params: Params, customer: string): Draft {
  const asked = (params.items ?? []).map((item, index) => readItem(transaction, item, index))
  const [first] = asked
  if (first === undefined) throw missingParameter('items')
  const prices = asked.map((item) => item.price)
  requireSameTerms(prices)
  const trialEnd = readTrialEnd(transaction, params, first.price.recurring?.trial_period_days)
  const { anchor, period, natural } = firstPeriod(transaction, params, { trialEnd, price: first.price })
  const id = transaction.newId('sub')
  const items = asked.map((item) => createItem(transaction, item, { subscription: id, period }))
  const subscription = {
    ...blank(transaction, params, customer),
    id,
    billing_cycle_anchor: anchor,
    ...cancellationOf(transaction, params, period),
    currency: first.price.currency,
    trial_end: trialEnd,
    trial_start: trialEnd === null ? null : transaction.now,
  }
  return { subscription, items, period, natural, isTrial: trialEnd !== null }
}

function firstPeriod(
  transaction: Transaction,
  params: Params,
  terms: { trialEnd: number | null; price: SubscriptionItem['price'] },
): { anchor: number; period: Period; natural: Period } {
  const { now } = transaction
  const interval = intervalOf(terms.price)
  if (terms.trialEnd !== null) {
    if (params.billing_cycle_anchor !== undefined)
      throw notSimulated('billing_cycle_anchor with a trial', 'billing_cycle_anchor')
    const period = { start: now, end: terms.trialEnd }
    return { anchor: terms.trialEnd, period, natural: period }
  }
  const anchor = params.billing_cycle_anchor ?? now
  requireAnchorInReach(transaction, anchor, boundaryAt(now, interval, 1))
  const natural = periodAt(anchor, interval, now)
  return { anchor, natural, period: { start: now, end: natural.end } }
}

function requireAnchorInReach(transaction: Transaction, anchor: number, next: number): void {
  const param = 'billing_cycle_anchor'
  if (anchor < transaction.now) {
    throw invalidRequest('billing_cycle_anchor must be a timestamp in the future', { param })
  }
  if (anchor > next) {
    const message = `billing_cycle_anchor cannot be later than next natural billing date (${next}) for plan`
    throw invalidRequest(message, { param })
  }
}

function cancellationOf(
  transaction: Transaction,
  params: Params,
  period: Period,
): Pick<Subscription, 'cancel_at' | 'cancel_at_period_end' | 'canceled_at' | 'cancellation_details'> {
  const details = { comment: null, feedback: null, feedback_option: null }
  if (params.cancel_at_period_end !== true && params.cancel_at === undefined) {
    const cancellation_details = { ...details, reason: null }
    return { cancel_at: null, cancel_at_period_end: false, canceled_at: null, cancellation_details }
  }
  if (params.cancel_at !== undefined && typeof params.cancel_at !== 'number')
    throw notSimulated('cancel_at', 'cancel_at')
  if (params.cancel_at !== undefined && params.cancel_at < period.end) throw notSimulated('cancel_at', 'cancel_at')
  return {
    cancel_at: params.cancel_at ?? period.end,
    cancel_at_period_end: params.cancel_at_period_end === true,
    canceled_at: transaction.now,
    cancellation_details: { ...details, reason: 'cancellation_requested' },
  }
}

type Blank = Omit<
  Subscription,
  | 'items'
  | 'id'
  | 'billing_cycle_anchor'
  | 'currency'
  | 'trial_end'
  | 'trial_start'
  | 'cancel_at'
  | 'cancel_at_period_end'
  | 'canceled_at'
  | 'cancellation_details'
>

function blank(transaction: Transaction, params: Params, customer: string): Blank {
  const { now } = transaction
  return {
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor_config: null,
    billing_mode: billingMode(params, now),
    billing_schedules: [],
    billing_thresholds: null,
    collection_method: params.collection_method ?? 'charge_automatically',
    created: now,
    customer,
    customer_account: null,
    days_until_due: daysUntilDue(params),
    default_payment_method:
      params.default_payment_method === undefined
        ? null
        : readPaymentMethod(transaction, params.default_payment_method, customer),
    default_source: null,
    default_tax_rates: [],
    description: params.description ?? null,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: mergeMetadata({}, params.metadata),
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: paymentSettings(params),
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    status: 'incomplete',
    test_clock: transaction.load('customers', customer).test_clock ?? null,
    transfer_data: null,
    trial_settings: trialSettings(params),
  }
}

function billingMode(params: Params, now: number): Subscription['billing_mode'] {
  if (params.billing_mode?.type === 'classic') return { type: 'classic', flexible: null }
  const discounts = params.billing_mode?.flexible?.proration_discounts ?? 'included'
  return { type: 'flexible', flexible: { proration_discounts: discounts }, updated_at: now }
}

function daysUntilDue(params: Params): number | null {
  if (params.collection_method !== 'send_invoice') return null
  if (params.days_until_due === undefined) {
    const message = 'When specifying `collection_method=send_invoice`, you must also specify `days_until_due`.'
    throw invalidRequest(message, { param: 'days_until_due' })
  }
  return params.days_until_due
}

function paymentSettings(params: Params): Subscription['payment_settings'] {
  const types = params.payment_settings?.payment_method_types
  return {
    payment_method_options: null,
    payment_method_types: types === undefined || types === '' ? null : types,
    save_default_payment_method: params.payment_settings?.save_default_payment_method ?? 'off',
  }
}

function trialSettings(params: Params): Subscription['trial_settings'] {
  const behavior = params.trial_settings?.end_behavior
  if (behavior?.billing_cycle_anchor === 'unchanged') {
    throw notSimulated(
      'An unchanged anchor at the end of a trial',
      'trial_settings[end_behavior][billing_cycle_anchor]',
    )
  }
  const missing = behavior?.missing_payment_method ?? 'create_invoice'
  return { end_behavior: { billing_cycle_anchor: null, missing_payment_method: missing } }
}
