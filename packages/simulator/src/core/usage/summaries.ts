import type Stripe from 'stripe'
import { decimalInWords, type Decimal } from '../arithmetic/decimal.js'
import { invalidRequest } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import { pageInOrder } from '../invoices/lists.js'
import type { Stored } from '../stored.js'
import type { Transaction } from '../transaction.js'
import { lengthOf } from './aggregate.js'
import { meterInPath } from './meters.js'
import { usageOf, type Meter, type Stretch } from './readings.js'

type Params = Stripe.Billing.MeterListEventSummariesParams
type Summary = Stored<Stripe.Billing.MeterEventSummary>

const MINUTE = 60
/** Longer stretches would make more windows than anyone asks for. */
const MOST_WINDOWS = 10_000

const list: Handler<Params> = (transaction, { path, params }) => {
  const meter = meterInPath(transaction, path['id'])
  transaction.require('customers', params.customer, { kind: 'customer', param: 'customer' })
  transaction.enterClockOf(params.customer)
  const { data, has_more } = pageInOrder(summariesOf(transaction, meter, params), params)
  return { object: 'list', data, has_more, url: `/v1/billing/meters/${meter.id}/event_summaries` }
}

/** One for the whole time, or one for each hour or day in UTC in which something was used, the newest first. */
function summariesOf(transaction: Transaction, meter: Meter, params: Params): readonly Summary[] {
  const { start_time: start, end_time: end, value_grouping_window: window, customer } = params
  if (end <= start) throw invalidRequest('end_time must be after start_time.', { param: 'end_time' })
  const length = window === undefined ? MINUTE : lengthOf(window)
  requireAligned(start, { param: 'start_time', length })
  requireAligned(end, { param: 'end_time', length })
  if (window === undefined) return [summaryOf(meter, params, usageOf(transaction, meter, { customer, start, end }))]
  const count = (end - start) / length
  if (count > MOST_WINDOWS) throw invalidRequest('The time range has too many windows.', { param: 'end_time' })
  const windows = Array.from({ length: count }, (_, index) => ({
    start_time: end - (index + 1) * length,
    end_time: end - index * length,
  }))
  return windows.flatMap((span) => summaryOfWindow(transaction, meter, { ...params, ...span }))
}

function summaryOfWindow(transaction: Transaction, meter: Meter, params: Params): Summary[] {
  const { customer, start_time: start, end_time: end } = params
  return isUsed(transaction, meter, { customer, start, end })
    ? [summaryOf(meter, params, usageOf(transaction, meter, { customer, start, end }))]
    : []
}

function isUsed(
  transaction: Transaction,
  meter: Meter,
  { customer, start, end }: Stretch & { customer: string },
): boolean {
  const range = { created: { gte: start, lt: end }, limit: 1 }
  const key = `${meter.id}/${customer}`
  return (
    transaction.page('meter_usage', range, { index: 'meter_and_customer', key, kind: 'meter event' }).data.length > 0
  )
}

function summaryOf(meter: Meter, params: Params, usage: Decimal): Summary {
  const { customer, start_time: start, end_time: end } = params
  const owner = customer.slice('cus_'.length)
  return {
    id: `mtrusg_test_${owner}${start.toString(36)}${end.toString(36)}`,
    object: 'billing.meter_event_summary',
    aggregated_value: Number(decimalInWords(usage)),
    end_time: end,
    livemode: false,
    meter: meter.id,
    start_time: start,
  }
}

function requireAligned(at: number, { param, length }: { param: string; length: number }): void {
  if (at % length === 0) return
  const unit = length === MINUTE ? 'minute' : length === 3600 ? 'hour' : 'day'
  throw invalidRequest(`${param} must align with ${unit} boundaries in UTC.`, { param })
}

export const meterSummaryHandlers: Handlers = { 'meters.event_summaries': list }
