import type Stripe from 'stripe'
import { listReply, type Handler, type Handlers, type Renderers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import type { ActiveEntitlement } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import { grantOf } from './grants.js'

/** How many entitlements the summary in an event shows; the rest are had from their list. */
const SHOWN = 10

/**
 * Brings the entitlements of customers in line with what the command did to their subscriptions, and reports each customer
 * for whom they are different. Done when the command is; doing it again changes nothing.
 */
export function refreshEntitlements(transaction: Transaction): void {
  for (const id of transaction.written('subscriptions')) {
    const subscription = transaction.get('subscriptions', id)
    const before = transaction.get('entitlement_grants', id)
    const after = subscription === undefined ? undefined : grantOf(transaction, subscription, before)
    if (JSON.stringify(before) === JSON.stringify(after)) continue
    if (after === undefined) transaction.remove('entitlement_grants', id)
    else transaction.put('entitlement_grants', after)
    const customer = after?.customer ?? before?.customer
    if (customer !== undefined) settle(transaction, customer)
  }
}

function settle(transaction: Transaction, customer: string): void {
  const before = transaction.by('active_entitlements', 'customer', customer)
  const grants = transaction.by('entitlement_grants', 'customer', customer)
  const wanted = new Set(grants.flatMap(({ products }) => products.flatMap(({ features }) => features)))
  const lost = before.filter(({ feature }) => !wanted.has(feature))
  const gained = [...wanted].filter((feature) => !before.some((entitlement) => entitlement.feature === feature))
  if (lost.length === 0 && gained.length === 0) return
  if (transaction.get('customers', customer) === undefined) return forget(transaction, before)
  const previous = summaryOf(transaction, customer)
  for (const { id } of lost) transaction.remove('active_entitlements', id)
  for (const feature of gained) entitle(transaction, customer, feature)
  announce(transaction, { customer, previous })
}

/** Of a customer who is gone nothing more is reported. */
function forget(transaction: Transaction, entitlements: readonly ActiveEntitlement[]): void {
  for (const { id } of entitlements) transaction.remove('active_entitlements', id)
}

function entitle(transaction: Transaction, customer: string, feature: string): void {
  const { lookup_key: key } = transaction.load('entitlement_features', feature)
  transaction.put('active_entitlements', {
    id: transaction.newId('ent'),
    object: 'entitlements.active_entitlement',
    customer,
    feature,
    livemode: false,
    lookup_key: key,
  })
}

interface Summary {
  readonly object: string
  readonly customer: string
  readonly entitlements: {
    readonly object: 'list'
    readonly data: readonly unknown[]
    readonly has_more: boolean
    readonly url: string
  }
  readonly livemode: boolean
}

function announce(
  transaction: Transaction,
  { customer, previous }: { readonly customer: string; readonly previous: Summary },
): void {
  const clock = transaction.clock
  transaction.enterClockOf(customer)
  const entitlements = { data: previous.entitlements.data }
  const summary = summaryOf(transaction, customer)
  transaction.emitObject('entitlements.active_entitlement_summary.updated', summary, { entitlements })
  transaction.enterClock(clock)
}

function summaryOf(transaction: Transaction, customer: string): Summary {
  const all = transaction.by('active_entitlements', 'customer', customer).toReversed()
  return {
    object: 'entitlements.active_entitlement_summary',
    customer,
    entitlements: {
      object: 'list',
      data: all.slice(0, SHOWN).map((entitlement) => shown(transaction, entitlement)),
      has_more: all.length > SHOWN,
      url: `/v1/customer/${customer}/entitlements`,
    },
    livemode: false,
  }
}

const list: Handler<Stripe.Entitlements.ActiveEntitlementListParams> = (transaction, { params }) => {
  const { id: key } = transaction.require('customers', params.customer, { kind: 'customer', param: 'customer' })
  const options = { index: 'customer', key, kind: 'active entitlement' } as const
  const page = transaction.page('active_entitlements', params, options)
  return listReply(transaction, 'active_entitlements', { page, url: '/v1/entitlements/active_entitlements' })
}

const retrieve: Handler = (transaction, { path }) => {
  const named = { id: path['id'], kind: 'active entitlement' }
  return transaction.render('active_entitlements', recordInPath(transaction, 'active_entitlements', named))
}

function shown(_transaction: Transaction, { customer: _customer, ...entitlement }: ActiveEntitlement): unknown {
  return entitlement
}

export const activeEntitlementsHandlers: Handlers = {
  'active_entitlements.list': list,
  'active_entitlements.retrieve': retrieve,
}

export const activeEntitlementsRenderers: Renderers = { active_entitlements: shown }
