import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import { listWhere, type Handler, type Handlers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import type { Transaction } from '../transaction.js'
import type { Meter } from './readings.js'

const LONGEST_DISPLAY_NAME = 250
const LONGEST_EVENT_NAME = 100

const create: Handler<Stripe.Billing.MeterCreateParams> = (transaction, { params }) => {
  requireShort(params.display_name, { param: 'display_name', longest: LONGEST_DISPLAY_NAME })
  requireShort(params.event_name, { param: 'event_name', longest: LONGEST_EVENT_NAME })
  refuseTaken(transaction, params.event_name)
  const meter = transaction.put('meters', {
    id: transaction.newId('mtr_test'),
    object: 'billing.meter',
    created: transaction.now,
    customer_mapping: params.customer_mapping ?? { event_payload_key: 'stripe_customer_id', type: 'by_id' },
    default_aggregation: { formula: params.default_aggregation.formula },
    display_name: params.display_name,
    event_name: params.event_name,
    event_time_window: params.event_time_window ?? null,
    livemode: false,
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: transaction.now,
    value_settings: params.value_settings ?? { event_payload_key: 'value' },
  })
  transaction.emit('billing.meter.created', 'meters', meter)
  return transaction.render('meters', meter)
}

function requireShort(text: string, { param, longest }: { param: string; longest: number }): void {
  if (text.length <= longest) return
  throw invalidRequest(`Invalid string: must be at most ${longest} characters`, { param })
}

/** One active meter for a name, so that each event is counted once. */
function refuseTaken(transaction: Transaction, eventName: string): void {
  const holder = activeMeter(transaction, eventName)
  if (holder === undefined) return
  const message = `There is already an active meter (\`${holder.id}\`) with the event name \`${eventName}\`.`
  throw invalidRequest(message, { code: 'resource_already_exists', param: 'event_name' })
}

export function activeMeter(transaction: Transaction, eventName: string): Meter | undefined {
  return transaction.by('meters', 'event_name', eventName).find(({ status }) => status === 'active')
}

const retrieve: Handler = (transaction, { path }) => transaction.render('meters', meterInPath(transaction, path['id']))

export function meterInPath(transaction: Transaction, id: string | undefined): Meter {
  return recordInPath(transaction, 'meters', { id, kind: 'billing meter' })
}

const update: Handler<Stripe.Billing.MeterUpdateParams> = (transaction, { path, params }) => {
  const before = meterInPath(transaction, path['id'])
  const { display_name: name = before.display_name } = params
  requireShort(name, { param: 'display_name', longest: LONGEST_DISPLAY_NAME })
  if (name === before.display_name) return transaction.render('meters', before)
  return changed(transaction, before, { type: 'billing.meter.updated', fields: { display_name: name } })
}

const deactivate: Handler = (transaction, { path }) => {
  const before = meterInPath(transaction, path['id'])
  if (before.status === 'inactive') throw invalidRequest(`The meter ${before.id} is already inactive.`)
  const fields = { status: 'inactive', status_transitions: { deactivated_at: transaction.now } } as const
  return changed(transaction, before, { type: 'billing.meter.deactivated', fields })
}

const reactivate: Handler = (transaction, { path }) => {
  const before = meterInPath(transaction, path['id'])
  if (before.status === 'active') throw invalidRequest(`The meter ${before.id} is already active.`)
  refuseTaken(transaction, before.event_name)
  const fields = { status: 'active', status_transitions: { deactivated_at: null } } as const
  return changed(transaction, before, { type: 'billing.meter.reactivated', fields })
}

function changed(
  transaction: Transaction,
  before: Meter,
  { type, fields }: { readonly type: string; readonly fields: Partial<Meter> },
): unknown {
  const after = transaction.patch('meters', before.id, { ...fields, updated: transaction.now })
  transaction.emitChange(type, 'meters', { before, after })
  return transaction.render('meters', after)
}

const list: Handler<Stripe.Billing.MeterListParams> = (transaction, { params }) => {
  const { status } = params
  return listWhere(transaction, 'meters', {
    params,
    kind: 'billing meter',
    url: '/v1/billing/meters',
    fields: { status },
  })
}

export const meterHandlers: Handlers = {
  'meters.create': create,
  'meters.retrieve': retrieve,
  'meters.update': update,
  'meters.deactivate': deactivate,
  'meters.reactivate': reactivate,
  'meters.list': list,
}
