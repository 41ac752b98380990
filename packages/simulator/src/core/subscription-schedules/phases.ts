import type Stripe from 'stripe'
import { boundaryAt, periodAt, type Interval } from '../arithmetic/periods.js'
import { createPrice } from '../catalogue/create-price.js'
import { invalidRequest, missingParameter } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import { intervalOf, isUnit } from '../subscriptions/items.js'
import { askedPrice, quantityOf, thresholdsOf } from '../subscriptions/read-items.js'
import { readTaxRates } from '../subscriptions/tax-rates.js'
import type { Transaction } from '../transaction.js'
import { checkPlannedDiscounts } from './planned-discounts.js'
import { automaticTax, invoiceSettingsOf, thresholds } from './settings.js'

export type Schedule = Records['subscription_schedules']
export type Phase = Schedule['phases'][number]
/** A phase as a request describes it; only an update can say when one starts. */
export type AskedPhase = Omit<Stripe.SubscriptionScheduleUpdateParams.Phase, 'end_date' | 'trial_end'> & {
  readonly end_date?: number | 'now'
  readonly trial_end?: number | 'now'
  /** How often the first price's interval goes into the phase; only versions before 2025-09-30.clover have it. */
  readonly iterations?: number
}

const MOST_PHASES = 10

/** Phases one after the other, each from the end of the one before. */
export function readPhases(
  transaction: Transaction,
  asked: readonly AskedPhase[],
  { start, anchor }: { readonly start: number; readonly anchor: number },
): Phase[] {
  if (asked.length === 0) throw missingParameter('phases')
  if (asked.length > MOST_PHASES) {
    throw invalidRequest(`A subscription schedule may have at most ${MOST_PHASES} phases.`, { param: 'phases' })
  }
  let from = start
  return asked.map((phase, index) => {
    const param = `phases[${index}]`
    const given = instantOf(transaction, phase.start_date)
    if (given !== undefined && index > 0 && given !== from) {
      const message = 'The `start_date` of a phase must be the `end_date` of the phase before it.'
      throw invalidRequest(message, { param: `${param}[start_date]` })
    }
    const read = readPhase(transaction, phase, { start: from, anchor, param })
    from = read.end_date
    return read
  })
}

export function instantOf(transaction: Transaction, asked: number | 'now' | undefined): number | undefined {
  return asked === 'now' ? transaction.now : asked
}

interface Place {
  readonly start: number
  readonly anchor: number
  readonly param: string
}

function readPhase(transaction: Transaction, asked: AskedPhase, place: Place): Phase {
  if (place.start > transaction.now) checkPlannedDiscounts(transaction, asked.discounts, place.param)
  const items = readItems(transaction, asked, place.param)
  const end = endOf(transaction, asked, { ...place, items })
  const currency = asked.currency ?? transaction.load('prices', items[0]?.price ?? '').currency
  return {
    add_invoice_items: readExtras(transaction, asked, place.param),
    application_fee_percent: null,
    ...(asked.automatic_tax !== undefined && { automatic_tax: automaticTax(asked.automatic_tax.enabled) }),
    billing_cycle_anchor: asked.billing_cycle_anchor ?? null,
    billing_thresholds: thresholds(asked.billing_thresholds),
    collection_method: asked.collection_method ?? null,
    currency: currency.toLowerCase(),
    default_payment_method: asked.default_payment_method ?? null,
    default_tax_rates: readTaxRates(transaction, asked.default_tax_rates, `${place.param}[default_tax_rates]`) ?? [],
    description: asked.description || null,
    discounts: discountsOf(asked.discounts),
    end_date: end,
    invoice_settings: asked.invoice_settings === undefined ? null : invoiceSettingsOf(asked.invoice_settings),
    items,
    metadata: mergeMetadata({}, asked.metadata),
    on_behalf_of: null,
    proration_behavior: asked.proration_behavior ?? 'create_prorations',
    start_date: place.start,
    transfer_data: null,
    trial_end: trialEndOf(transaction, asked, { ...place, end }),
  }
}

function discountsOf(asked: AskedPhase['discounts'] | readonly { coupon?: string }[]): Phase['discounts'] {
  if (asked === undefined || asked === '' || asked === null) return []
  return asked.map((entry: { coupon?: string; discount?: string; promotion_code?: string }) => ({
    coupon: entry.coupon ?? null,
    discount: entry.discount ?? null,
    promotion_code: entry.promotion_code ?? null,
  }))
}

function readItems(transaction: Transaction, { items }: AskedPhase, param: string): Phase['items'] {
  if (items.length === 0) throw missingParameter(`${param}[items]`)
  return items.map((item, index) => {
    const price = askedPrice(transaction, item, index)
    if (price === undefined) throw missingParameter(`${param}[items][${index}][price]`)
    const quantity = quantityOf(price, item.quantity, index)
    const at = `${param}[items][${index}]`
    return {
      billing_thresholds: thresholdsOf(price, item.billing_thresholds, at) ?? null,
      discounts: discountsOf(item.discounts),
      metadata: mergeMetadata({}, item.metadata),
      plan: price.id,
      price: price.id,
      ...(quantity !== undefined && { quantity }),
      tax_rates: readTaxRates(transaction, item.tax_rates, `${at}[tax_rates]`) ?? [],
    }
  })
}

function readExtras(
  transaction: Transaction,
  { add_invoice_items: extras = [] }: AskedPhase,
  param: string,
): Phase['add_invoice_items'] {
  return extras.map((extra, index) => {
    const at = `${param}[add_invoice_items][${index}]`
    const { period = { start: { type: 'phase_start' }, end: { type: 'phase_end' } } } = extra
    return {
      discountable: extra.discountable ?? null,
      discounts: discountsOf(extra.discounts),
      metadata: mergeMetadata({}, extra.metadata),
      period,
      price: extraPrice(transaction, extra, at),
      quantity: extra.quantity ?? 1,
      tax_rates: readTaxRates(transaction, extra.tax_rates, `${at}[tax_rates]`) ?? [],
    }
  })
}

function extraPrice(
  transaction: Transaction,
  extra: NonNullable<AskedPhase['add_invoice_items']>[number],
  at: string,
): string {
  if (extra.price_data !== undefined) return createPrice(transaction, { ...extra.price_data, active: false }).id
  if (extra.price === undefined) throw missingParameter(`${at}[price]`)
  return transaction.require('prices', extra.price, { kind: 'price', param: `${at}[price]` }).id
}

/** A phase ends on a day, or after a duration; without either after one interval of its first price. */
function endOf(
  transaction: Transaction,
  asked: AskedPhase,
  { start, anchor, param, items }: Place & { items: Phase['items'] },
): number {
  if (asked.end_date !== undefined && asked.duration !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: duration, end_date.', { param })
  }
  const price = transaction.load('prices', items[0]?.price ?? '')
  const end =
    instantOf(transaction, asked.end_date) ??
    endAfter(start, anchor, durationOf(asked.duration, param) ?? repeated(intervalOf(price), asked.iterations))
  if (end > start) return end
  throw invalidRequest('The `end_date` of a phase must be after its `start_date`.', { param: `${param}[end_date]` })
}

function repeated({ unit, count }: Interval, times = 1): Interval {
  return { unit, count: count * times }
}

function durationOf(asked: AskedPhase['duration'], param: string): Interval | undefined {
  if (asked === undefined) return undefined
  const { interval, interval_count: count = 1 } = asked
  if (isUnit(interval)) return { unit: interval, count }
  const message = `Invalid ${param}[duration][interval]: must be one of day, week, month, or year`
  throw invalidRequest(message, { param: `${param}[duration][interval]` })
}

/** The anchor's day of the month is kept through short months, where the phase starts on one of its boundaries. */
function endAfter(start: number, anchor: number, duration: Interval): number {
  const one = { unit: duration.unit, count: 1 }
  if (periodAt(anchor, one, start).start !== start) return boundaryAt(start, duration, 1)
  let end = start
  for (let step = 0; step < duration.count; step++) end = periodAt(anchor, one, end).end
  return end
}

function trialEndOf(
  transaction: Transaction,
  asked: AskedPhase,
  { end, start, param }: Place & { end: number },
): number | null {
  if (asked.trial !== true) {
    const at = instantOf(transaction, asked.trial_end) ?? null
    if (at === null || (at > start && at <= end)) return at
    const message = 'The `trial_end` of a phase must lie within the phase.'
    throw invalidRequest(message, { param: `${param}[trial_end]` })
  }
  if (asked.trial_end === undefined) return end
  throw invalidRequest('You may only specify one of these parameters: trial, trial_end.', { param })
}

/** The phase that an instant falls into. */
export function phaseAt({ phases }: Pick<Schedule, 'phases'>, at: number): Phase | undefined {
  return phases.find((phase) => phase.start_date <= at && at < phase.end_date)
}

export function lastEndOf({ phases }: Pick<Schedule, 'phases'>): number {
  return phases.at(-1)?.end_date ?? 0
}
