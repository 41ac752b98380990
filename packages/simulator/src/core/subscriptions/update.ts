import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import { previousAttributes } from '../previous-attributes.js'
import type { Transaction } from '../transaction.js'
import { marksOf } from '../usage/billing.js'
import { billUpdate, collectUpdate, draftUpdate } from './bill-update.js'
import { readChange, type Change } from './change.js'
import { isEnded } from './end.js'
import { saveSubscription, type Subscription } from './items.js'
import { refuseForeign } from './params.js'
import { readPauseCollection } from './pause-collection.js'
import { debitsOfItems, dropUpdate, expiryOf, holdUpdate } from './pending-update.js'
import { settingsOfRequest } from './settings.js'
import { armTimers } from './timers.js'
import { endTrialUnpaid, unpaidEndOf } from './trial-end.js'
import { announceTrialChange, readTrialEnd } from './trial.js'

type Params = Stripe.SubscriptionUpdateParams

/** An update that a schedule asks for, whose invoices are drafts for an hour. */
export interface ScheduledUpdate {
  readonly params: Params
  /** At the end of the period, right before it is renewed: the next period is counted as before, or from this instant. */
  readonly atBoundary?: 'goes_on' | 'restarts'
}

/** Changes a subscription and bills the change as `proration_behavior` says. */
export function updateSubscription(transaction: Transaction, id: string, asked: Params): Subscription {
  const found = enter(transaction, id, asked)
  refuseScheduled(found, asked)
  const params = withTrialEnd(transaction, found, asked)
  const before = replacePending(transaction, found, params)
  const unpaid = params.trial_end === 'now' && found.status === 'trialing' ? unpaidEndOf(transaction, found) : undefined
  if (unpaid !== undefined) return endTrialNow(transaction, before, { params, unpaid })
  if (params.payment_behavior !== 'pending_if_incomplete') return updateNow(transaction, before, { params })
  refuseUnpendable(asked)
  if (before.collection_method !== 'charge_automatically') throw onlyWhenCharged()
  const rehearsal = transaction.fork()
  const { latest_invoice: invoice } = updateNow(rehearsal, before, { params })
  const isNew = invoice !== null && invoice !== before.latest_invoice
  const isUnpaid = isNew && rehearsal.load('invoices', invoice).status === 'open'
  return isUnpaid ? updateWhenPaid(transaction, before, params) : updateNow(transaction, before, { params })
}

/** The trial ends at once, and there is nothing to pay with. */
function endTrialNow(
  transaction: Transaction,
  before: Subscription,
  { params, unpaid }: { readonly params: Params; readonly unpaid: 'cancel' | 'pause' },
): Subscription {
  const { trial_end: _now, payment_behavior: _behavior, ...others } = params
  const changed = updateNow(transaction, before, { params: others })
  const ended = transaction.patch('subscriptions', changed.id, { trial_end: transaction.now })
  announceTrialChange(transaction, { before: changed, after: ended })
  endTrialUnpaid(transaction, ended, unpaid)
  return transaction.load('subscriptions', ended.id)
}

/** Changes a subscription as its schedule says; an update that waits for its payment gives way. */
export function updateByPhase(transaction: Transaction, id: string, update: ScheduledUpdate): Subscription {
  const found = enter(transaction, id, update.params)
  const waiting = transaction.get('pending_updates', id)
  const before = waiting === undefined ? found : dropUpdate(transaction, waiting)
  return updateNow(transaction, before, { ...update, isScheduled: true })
}

function enter(transaction: Transaction, id: string, params: Params): Subscription {
  const found = transaction.require('subscriptions', id, { kind: 'subscription' })
  transaction.enterClockOf(found.customer)
  requireChangeable(found, params)
  return found
}

function onlyWhenCharged(): ReturnType<typeof invalidRequest> {
  const message =
    '`payment_behavior=pending_if_incomplete` can only be used with `collection_method=charge_automatically`.'
  return invalidRequest(message, { param: 'payment_behavior' })
}

/** A trial of the price's own length is a trial that ends on a day. */
function withTrialEnd(transaction: Transaction, subscription: Subscription, params: Params): Params {
  const { trial_end: asked, trial_from_plan: isFromPlan, ...rest } = params
  if (asked === 'now' || (asked === undefined && isFromPlan !== true)) return params
  const days = subscription.items.data[0]?.price.recurring?.trial_period_days
  const end = readTrialEnd(
    transaction,
    {
      ...(asked !== undefined && { trial_end: asked }),
      ...(isFromPlan !== undefined && { trial_from_plan: isFromPlan }),
    },
    days,
  )
  return end === null ? rest : { ...rest, trial_end: end }
}

/** What a schedule decides is not decided beside it. */
function refuseScheduled({ schedule }: Subscription, params: Params): void {
  if (schedule === null) return
  if (params.cancel_at === undefined && params.cancel_at_period_end === undefined) return
  const message = `The subscription is managed by the subscription schedule \`${schedule}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`
  throw invalidRequest(message)
}

function updateNow(
  transaction: Transaction,
  before: Subscription,
  update: ScheduledUpdate & { readonly isScheduled?: boolean },
): Subscription {
  const { params, isScheduled: isLater = false } = update
  const change = readChange(transaction, before, update)
  const bill = billUpdate(transaction, before, { change, params })
  const after = save(transaction, before, { change, params, invoiceId: bill?.id })
  if (Object.keys(previousAttributes(before, after)).length > 0) {
    transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
  }
  announceTrialChange(transaction, { before, after })
  if (bill !== undefined) {
    const draft = draftUpdate(transaction, after, { bill, prorationDate: params.proration_date, isLater })
    if (!isLater) collectUpdate(transaction, draft, { subscription: after, params })
  }
  return transaction.load('subscriptions', before.id)
}

/** Bills a change that could not be paid, and keeps the subscription as it was until it is. */
function updateWhenPaid(transaction: Transaction, before: Subscription, params: Params): Subscription {
  const change = readChange(transaction, before, { params })
  const debitsBefore = debitsOfItems(transaction, before.items.data)
  const marksBefore = marksOf(transaction, before.items.data)
  const bill = billUpdate(transaction, before, { change, params })
  if (bill === undefined) throw new Error(`The update of ${before.id} waits for an invoice that there is not.`)
  const debits = debitsOfItems(transaction, change.items)
  const marks = marksOf(transaction, change.items)
  for (const { id } of change.items) transaction.remove('item_debits', id)
  for (const entry of debitsBefore) transaction.put('item_debits', entry)
  for (const { id } of marks) transaction.remove('usage_marks', id)
  for (const mark of marksBefore) transaction.put('usage_marks', mark)
  const after = holdUpdate(transaction, before, {
    id: before.id,
    invoice: bill.id,
    expiresAt: expiryOf(transaction, before),
    fields: { billing_cycle_anchor: change.anchor, ...trialAfter(transaction, before, change) },
    items: change.items,
    debits,
    marks,
  })
  const draft = draftUpdate(transaction, after, { bill, prorationDate: params.proration_date, isLater: false })
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
  'add_invoice_items',
  'billing_cycle_anchor',
  'expand',
  'items',
  'off_session',
  'payment_behavior',
  'proration_behavior',
  'proration_date',
  'trial_end',
  'trial_from_plan',
])

const pendableOfItems = new Set(['deleted', 'id', 'plan', 'price', 'price_data', 'quantity'])

function refuseUnpendable(params: Params): void {
  const strange = Object.keys(params).find((name) => !pendable.has(name)) ?? unpendableOfItems(params.items ?? [])
  if (strange === undefined) return
  const message = `You cannot pass \`${strange}\` when \`payment_behavior\` is set to \`pending_if_incomplete\`.`
  throw invalidRequest(message, { param: strange })
}

function unpendableOfItems(items: NonNullable<Params['items']>): string | undefined {
  const named = items.flatMap((item, index) => Object.keys(item).map((name) => ({ name, index })))
  const strange = named.find(({ name }) => !pendableOfItems.has(name))
  return strange && `items[${strange.index}][${strange.name}]`
}

const always = new Set(['metadata', 'cancellation_details', 'expand'])
const whileIncomplete = new Set([
  ...always,
  'default_payment_method',
  'default_source',
  'description',
  'payment_settings',
])

function requireChangeable(subscription: Subscription, params: Params): void {
  refuseForeign(params)
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
}

function save(
  transaction: Transaction,
  before: Subscription,
  update: { change: Change; params: Params; invoiceId: string | undefined },
): Subscription {
  const { change, params, invoiceId } = update
  const fields = {
    ...before,
    ...settingsOfRequest(transaction, before, params),
    ...readPauseCollection(params.pause_collection, transaction.now),
    ...change.cancellation,
    discounts: change.discounts,
    metadata: mergeMetadata(before.metadata, params.metadata),
    billing_cycle_anchor: change.anchor,
    latest_invoice: invoiceId ?? before.latest_invoice,
    ...trialAfter(transaction, before, change),
  }
  const after = saveSubscription(transaction, fields, change.items)
  armTimers(transaction, after)
  return after
}

/** Classic billing mode remembers when the first trial of all began, flexible the latest. */
function trialAfter(
  transaction: Transaction,
  before: Subscription,
  { cycle, trialEnd }: Change,
): Partial<Pick<Subscription, 'status' | 'trial_end' | 'trial_start'>> {
  const isTrialing = before.status === 'trialing'
  if (cycle === 'trial') {
    const isFirst = before.trial_start === null || before.billing_mode.type !== 'classic'
    const start = isTrialing || !isFirst ? before.trial_start : transaction.now
    return { status: 'trialing', trial_end: trialEnd, trial_start: start }
  }
  if (!isTrialing) return {}
  return cycle === 'restarted' ? { status: 'active', trial_end: transaction.now } : { trial_end: trialEnd }
}
