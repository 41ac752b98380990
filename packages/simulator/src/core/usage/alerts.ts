import type Stripe from 'stripe'
import { compare, decimalInWords, decimalOf } from '../arithmetic/decimal.js'
import { invalidRequest, missingParameter } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { usageOf } from './readings.js'

type Alert = Records['alerts']
type Threshold = NonNullable<Alert['usage_threshold']>

const MOST_ALERTS = 25

const create: Handler<Stripe.Billing.AlertCreateParams> = (transaction, { params }) => {
  const { alert_type: type, title, usage_threshold: threshold } = params
  if (threshold === undefined) throw missingParameter('usage_threshold')
  const filters = readFilters(transaction, threshold.filters)
  const { meter } = threshold
  transaction.require('meters', meter, { kind: 'billing meter', param: 'usage_threshold[meter]' })
  if (threshold.gte <= 0) {
    throw invalidRequest('usage_threshold[gte] must be greater than 0.', { param: 'usage_threshold[gte]' })
  }
  refuseTooMany(transaction, { meter, filters })
  const alert = transaction.put('alerts', {
    id: transaction.newId('alrt'),
    object: 'billing.alert',
    alert_type: type,
    livemode: false,
    status: 'active',
    title,
    usage_threshold: { filters, gte: threshold.gte, meter, recurrence: threshold.recurrence },
  })
  return transaction.render('alerts', alert)
}

function readFilters(
  transaction: Transaction,
  filters: Stripe.Billing.AlertCreateParams.UsageThreshold['filters'],
): Threshold['filters'] {
  if (filters === undefined || filters.length === 0) return null
  if (filters.length > 1) {
    throw invalidRequest('You may filter by one customer only.', { param: 'usage_threshold[filters]' })
  }
  return filters.map(({ customer, type }, index) => {
    const param = `usage_threshold[filters][${index}][customer]`
    if (customer === undefined) throw missingParameter(param)
    return { customer: transaction.require('customers', customer, { kind: 'customer', param }).id, type }
  })
}

function refuseTooMany(transaction: Transaction, { meter, filters }: Pick<Threshold, 'meter' | 'filters'>): void {
  const customer = filters?.[0]?.customer ?? null
  const others = transaction
    .by('alerts', 'meter', meter)
    .filter(
      (alert) => alert.status !== 'archived' && (alert.usage_threshold?.filters?.[0]?.customer ?? null) === customer,
    )
  if (others.length < MOST_ALERTS) return
  throw invalidRequest(`You can have at most ${MOST_ALERTS} alerts for a meter and customer.`)
}

const retrieve: Handler = (transaction, { path }) => transaction.render('alerts', alertInPath(transaction, path['id']))

function alertInPath(transaction: Transaction, id: string | undefined): Alert {
  return recordInPath(transaction, 'alerts', { id, kind: 'billing alert' })
}

const list: Handler<Stripe.Billing.AlertListParams> = (transaction, { params }) => {
  const { alert_type: type, meter } = params
  const where = (alert: Alert): boolean => type === undefined || alert.alert_type === type
  const bucket = meter === undefined ? {} : { index: 'meter' as const, key: meter }
  const page = transaction.page('alerts', params, { ...bucket, where, kind: 'billing alert' })
  return listReply(transaction, 'alerts', { page, url: '/v1/billing/alerts' })
}

/** What an alert can become from what it is. An archived one stays so. */
const nextStates: Readonly<Record<string, readonly string[]>> = {
  active: ['inactive', 'archived'],
  inactive: ['active', 'archived'],
  archived: [],
}

function become(status: 'active' | 'inactive' | 'archived'): Handler {
  return (transaction, { path }) => {
    const alert = alertInPath(transaction, path['id'])
    if (nextStates[alert.status ?? 'active']?.includes(status) !== true) {
      throw invalidRequest(`You cannot make an alert ${status} that is ${alert.status}.`)
    }
    return transaction.render('alerts', transaction.patch('alerts', alert.id, { status }))
  }
}

/** Usage may set off the alerts of its meter, each once for a customer. Customers on a test clock set off none. */
export function onMeterUsed(
  transaction: Transaction,
  used: { readonly meter: string; readonly customer: string },
): void {
  if (transaction.get('customers', used.customer)?.test_clock != null) return
  for (const alert of transaction.by('alerts', 'meter', used.meter)) {
    const isMeant = (alert.usage_threshold?.filters ?? []).every(({ customer }) => customer === used.customer)
    const isNew = transaction.get('alert_firings', `${alert.id}/${used.customer}`) === undefined
    if (alert.status === 'active' && isMeant && isNew) fireWhenReached(transaction, alert, used)
  }
}

/** All usage there ever was counts, also from before the alert. */
function fireWhenReached(
  transaction: Transaction,
  alert: Alert,
  { meter, customer }: { readonly meter: string; readonly customer: string },
): void {
  const usage = usageOf(transaction, transaction.load('meters', meter), { customer, start: 0, end: Infinity })
  if (compare(usage, decimalOf(alert.usage_threshold?.gte ?? 0)) < 0) return
  transaction.put('alert_firings', { id: `${alert.id}/${customer}`, alert: alert.id })
  transaction.emitObject('billing.alert.triggered', {
    object: 'billing.alert_triggered',
    alert: transaction.render('alerts', alert),
    created: transaction.now,
    customer,
    livemode: false,
    value: Number(decimalInWords(usage)),
  })
}

export const alertHandlers: Handlers = {
  'alerts.create': create,
  'alerts.retrieve': retrieve,
  'alerts.list': list,
  'alerts.activate': become('active'),
  'alerts.archive': become('archived'),
  'alerts.deactivate': become('inactive'),
}
