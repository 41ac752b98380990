import type Stripe from 'stripe'
import { invalidRequest, notSimulated } from '../error.js'
import type { Transaction } from '../transaction.js'
import { billUpdate, collectUpdate, draftUpdate } from './bill-update.js'
import { readChange, type Change } from './change.js'
import { isEnded } from './end.js'
import { changedFields } from './fields.js'
import { saveSubscription, type Subscription } from './items.js'
import { refuseUnbuilt } from './params.js'
import { debitsOfItems, dropUpdate, expiryOf, holdUpdate } from './pending-update.js'
import { armTimers } from './timers.js'
import { announceShortTrial, readTrialEnd } from './trial.js'

type Params = Stripe.SubscriptionUpdateParams

/** Changes a subscription and bills the change as `proration_behavior` says. */
export function updateSubscription(transaction: Transaction, id: string, params: Params): Subscription {
  const found = transaction.require('subscriptions', id, { kind: 'subscription' })
  transaction.enterClockOf(found.customer)
  requireChangeable(found, params)
  if (typeof params.trial_end === 'number') readTrialEnd(transaction, { trial_end: params.trial_end }, null)
  const before = replacePending(transaction, found, params)
  if (params.payment_behavior !== 'pending_if_incomplete') return updateNow(transaction, before, params)
  refuseUnpendable(params)
  const rehearsal = transaction.fork()
  const { latest_invoice: invoice } = updateNow(rehearsal, before, params)
  const isNew = invoice !== null && invoice !== before.latest_invoice
  const isUnpaid = isNew && rehearsal.load('invoices', invoice).status === 'open'
  return isUnpaid ? updateWhenPaid(transaction, before, params) : updateNow(transaction, before, params)
}

function updateNow(transaction: Transaction, before: Subscription, params: Params): Subscription {
  const change = readChange(transaction, before, params)
  const bill = billUpdate(transaction, before, { change, params })
  const after = save(transaction, before, { change, params, invoiceId: bill?.id })
  if (JSON.stringify(after) !== JSON.stringify(before)) {
    transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
  }
  announceShortTrial(transaction, after)
  if (bill !== undefined) {
    const draft = draftUpdate(transaction, after, { bill, prorationDate: params.proration_date })
    collectUpdate(transaction, draft, { subscription: after, params })
  }
  return transaction.load('subscriptions', before.id)
}

/** Bills a change that could not be paid, and keeps the subscription as it was until it is. */
function updateWhenPaid(transaction: Transaction, before: Subscription, params: Params): Subscription {
  const change = readChange(transaction, before, params)
  const debitsBefore = debitsOfItems(transaction, before.items.data)
  const bill = billUpdate(transaction, before, { change, params })
  if (bill === undefined) throw new Error(`The update of ${before.id} waits for an invoice that there is not.`)
  const debits = debitsOfItems(transaction, change.items)
  for (const { id } of change.items) transaction.remove('item_debits', id)
  for (const entry of debitsBefore) transaction.put('item_debits', entry)
  const after = holdUpdate(transaction, before, {
    id: before.id,
    invoice: bill.id,
    expiresAt: expiryOf(transaction, before),
    fields: { billing_cycle_anchor: change.anchor, ...trialAfter(transaction, before, change) },
    items: change.items,
    debits,
  })
  const draft = draftUpdate(transaction, after, { bill, prorationDate: params.proration_date })
  collectUpdate(transaction, draft, { subscription: after, params })
  return transaction.load('subscriptions', before.id)
}

/** A change of what is billed takes the place of one that still waits for its payment. */
function replacePending(transaction: Transaction, subscription: Subscription, params: Params): Subscription {
  const update = transaction.get('pending_updates', subscription.id)
  const isBilling =
    params.items !== undefined || params.trial_end !== undefined || params.billing_cycle_anchor !== undefined
  return update !== undefined && isBilling ? dropUpdate(transaction, update) : subscription
}

/** https://docs.stripe.com/billing/subscriptions/pending-updates-reference */
const pendable = new Set([
  'billing_cycle_anchor',
  'expand',
  'items',
  'off_session',
  'payment_behavior',
  'proration_behavior',
  'proration_date',
  'trial_end',
])

function refuseUnpendable(params: Params): void {
  const strange = Object.keys(params).find((name) => !pendable.has(name))
  if (strange === undefined) return
  const message = `You cannot pass \`${strange}\` when \`payment_behavior\` is set to \`pending_if_incomplete\`.`
  throw invalidRequest(message, { param: strange })
}

const always = new Set(['metadata', 'cancellation_details', 'expand'])
const whileIncomplete = new Set([...always, 'description', 'default_payment_method', 'payment_settings'])

function requireChangeable(subscription: Subscription, params: Params): void {
  refuseUnbuilt(params, ['add_invoice_items'])
  const names = Object.keys(params)
  if (isEnded(subscription) && names.some((name) => !always.has(name))) {
    throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.')
  }
  if (subscription.status === 'incomplete' && names.some((name) => !whileIncomplete.has(name))) {
    const message =
      'This subscription is incomplete: until its first invoice is paid only its metadata, description and default ' +
      'payment method can be updated.'
    throw invalidRequest(message)
  }
  if (subscription.status === 'paused' && params.items !== undefined)
    throw notSimulated('Changing a paused subscription', 'items')
}

function save(
  transaction: Transaction,
  before: Subscription,
  update: { change: Change; params: Params; invoiceId: string | undefined },
): Subscription {
  const { change, params, invoiceId } = update
  const fields = {
    ...before,
    ...changedFields(transaction, before, { params, period: change.period }),
    billing_cycle_anchor: change.anchor,
    latest_invoice: invoiceId ?? before.latest_invoice,
    ...trialAfter(transaction, before, change),
  }
  const after = saveSubscription(transaction, fields, change.items)
  armTimers(transaction, after)
  return after
}

function trialAfter(
  transaction: Transaction,
  before: Subscription,
  { cycle, period }: Change,
): Partial<Pick<Subscription, 'status' | 'trial_end' | 'trial_start'>> {
  const isTrialing = before.status === 'trialing'
  if (cycle === 'trial') {
    return { status: 'trialing', trial_end: period.end, trial_start: isTrialing ? before.trial_start : transaction.now }
  }
  return cycle === 'restarted' && isTrialing ? { status: 'active', trial_end: transaction.now } : {}
}
