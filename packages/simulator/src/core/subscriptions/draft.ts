import type Stripe from 'stripe'
import type { Period } from '../arithmetic/proration.js'
import { invalidRequest, missingParameter } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { Transaction } from '../transaction.js'
import { readAnchor, type Anchor } from './anchor.js'
import { planCancellation } from './cancellation.js'
import { changeDiscounts, changeItemDiscounts, fullAmountOf } from './discounts.js'
import { createItem, servicePeriod, type NewItem, type Subscription, type SubscriptionItem } from './items.js'
import { readItem, requireSameTerms } from './read-items.js'
import { noPaymentSettings, settingsOfRequest, trialSettings } from './settings.js'
import { readTrialEnd } from './trial.js'

type Params = Stripe.SubscriptionCreateParams

/** A subscription that is asked for and not yet there. */
export interface Draft {
  readonly subscription: Omit<Subscription, 'items'>
  readonly items: readonly SubscriptionItem[]
  readonly isTrial: boolean
  /** When its service began, which may be in the past, and from when on its periods are billed. */
  readonly startsAt: number
  readonly billedFrom: number
}

export function readDraft(transaction: Transaction, params: Params, customer: string): Draft {
  const asked = (params.items ?? []).map((item, index) => readItem(transaction, item, index))
  const [first] = asked
  if (first === undefined) throw missingParameter('items')
  const prices = asked.map((item) => item.price)
  const currency = params.currency?.toLowerCase() ?? first.price.currency
  const mode = billingMode(params, transaction.now)
  requireSameTerms(prices, { currency, isFlexible: mode.type !== 'classic' })
  const trialEnd = readTrialEnd(transaction, params, first.price.recurring?.trial_period_days)
  const startsAt = startOf(transaction, params)
  const billedFrom = mode.type === 'classic' || params.proration_behavior === 'none' ? transaction.now : startsAt
  const anchor = readAnchor(params, { now: transaction.now, startsAt: billedFrom, trialEnd, prices })
  const terms = { params, asked, customer, id: transaction.newId('sub'), currency, anchor, mode, trialEnd }
  return assemble(transaction, { ...terms, startsAt, billedFrom })
}

interface Terms {
  readonly params: Params
  readonly asked: readonly NewItem[]
  readonly customer: string
  readonly id: string
  readonly currency: string
  readonly anchor: Anchor
  readonly mode: Subscription['billing_mode']
  readonly trialEnd: number | null
  readonly startsAt: number
  readonly billedFrom: number
}

function assemble(transaction: Transaction, terms: Terms): Draft {
  const { params, asked, customer, id, anchor, trialEnd, startsAt, billedFrom } = terms
  const { now } = transaction
  const natural = asked.map(({ price }) => firstPeriod(price, { now, billedFrom, anchor: anchor.anchor, trialEnd }))
  const end = planCancellation(params, { now, ends: natural.map((period) => period.end), before: null })
  const items = asked.map((item, index) => {
    const { start, end: until } = natural[index] ?? { start: now, end: now }
    const period = { start, end: Math.min(until, end.cancel_at ?? until) }
    const created = createItem(transaction, item, { subscription: id, period })
    const param = `items[${index}][discounts]`
    return changeItemDiscounts(transaction, created, { asked: params.items?.[index]?.discounts, owner: terms, param })
  })
  const isClassic = terms.mode.type === 'classic'
  const trialEnds = isClassic && trialEnd !== null ? Math.min(trialEnd, end.cancel_at ?? trialEnd) : trialEnd
  const owner = { customer, currency: terms.currency, collection_method: 'charge_automatically', days_until_due: null }
  const subscription = {
    ...blank(transaction, params, customer),
    id,
    billing_cycle_anchor: anchor.anchor,
    billing_cycle_anchor_config: anchor.config,
    billing_mode: terms.mode,
    ...end,
    currency: terms.currency,
    ...settingsOfRequest(transaction, owner, params),
    discounts: changeDiscounts(
      transaction,
      { ...terms, discounts: [] },
      { asked: params.discounts, subtotal: subtotalOf(terms, items) },
    ),
    start_date: startsAt,
    trial_end: trialEnds,
    trial_start: trialEnd === null ? null : now,
  }
  return { subscription, items, isTrial: trialEnd !== null, startsAt, billedFrom }
}

/** What the first invoice comes to before discounts, which some promotion codes ask about. */
function subtotalOf(terms: Terms, items: readonly SubscriptionItem[]): number {
  return items.reduce((sum, item) => sum + fullAmountOf(terms, item), 0)
}

/** The period that a new item is in: its trial, or what is left of the period that is running by the anchor. */
function firstPeriod(
  price: NewItem['price'],
  at: { readonly now: number; readonly billedFrom: number; readonly anchor: number; readonly trialEnd: number | null },
): Period {
  if (at.trialEnd !== null) return { start: at.now, end: at.trialEnd }
  const natural = servicePeriod(at.anchor, price, at.now)
  return { start: Math.max(natural.start, at.billedFrom), end: natural.end }
}

function startOf(transaction: Transaction, { backdate_start_date: start }: Params): number {
  if (start === undefined) return transaction.now
  if (start <= transaction.now) return start
  throw invalidRequest('`backdate_start_date` must be in the past.', { param: 'backdate_start_date' })
}

type Blank = Omit<
  Subscription,
  | 'items'
  | 'id'
  | 'billing_cycle_anchor'
  | 'billing_mode'
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
    billing_schedules: [],
    billing_thresholds: null,
    collection_method: 'charge_automatically',
    created: now,
    customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
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
    payment_settings: noPaymentSettings,
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    status: 'incomplete',
    test_clock: transaction.load('customers', customer).test_clock ?? null,
    transfer_data: null,
    trial_settings: trialSettings(undefined),
  }
}

function billingMode(params: Params, now: number): Subscription['billing_mode'] {
  if (params.billing_mode?.type === 'classic') return { type: 'classic', flexible: null }
  const discounts = params.billing_mode?.flexible?.proration_discounts ?? 'included'
  return { type: 'flexible', flexible: { proration_discounts: discounts }, updated_at: now }
}
