import type Stripe from 'stripe'
import { invalidRequest, missingParameter, notSimulated } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { Timer } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import { DEFAULT_PRIORITY, expireRest } from './apply.js'
import { book, isOver, ledgerBalance, type Grant } from './grants.js'

type CreateParams = Stripe.Billing.CreditGrantCreateParams

const MOST_GRANTS = 100
const LOWEST_PRIORITY = 100
const LONGEST_NAME = 100

const create: Handler<CreateParams> = (transaction, { params }) => {
  if (params.customer_account !== undefined) throw notSimulated('Credits of an account', 'customer_account')
  if (params.customer === undefined) throw missingParameter('customer')
  const customer = transaction.require('customers', params.customer, { kind: 'customer', param: 'customer' })
  transaction.enterClockOf(customer.id)
  refuseTooMany(transaction, customer.id)
  const grant = transaction.put('credit_grants', grantOf(transaction, params, customer))
  if (grant.expires_at !== null) awaitExpiry(transaction, grant, grant.expires_at)
  transaction.emit('billing.credit_grant.created', 'credit_grants', grant)
  const amount = grant.amount.monetary?.value ?? 0
  book(transaction, grant, { amount, movement: { type: 'credits_granted' } })
  return transaction.render('credit_grants', grant)
}

function grantOf(
  transaction: Transaction,
  params: CreateParams,
  customer: { readonly id: string; readonly test_clock?: string | null },
): Grant {
  const { now } = transaction
  const { effective_at: start = now, expires_at: end = null, priority = DEFAULT_PRIORITY, name = null } = params
  if (start < now) throw invalidRequest('effective_at must not be in the past.', { param: 'effective_at' })
  if (end !== null && end <= start) {
    throw invalidRequest('expires_at must be after effective_at.', { param: 'expires_at' })
  }
  if (priority < 0 || priority > LOWEST_PRIORITY) {
    throw invalidRequest(`priority must be between 0 and ${LOWEST_PRIORITY}.`, { param: 'priority' })
  }
  if (name !== null && name.length > LONGEST_NAME) {
    throw invalidRequest(`Invalid string: must be at most ${LONGEST_NAME} characters`, { param: 'name' })
  }
  return {
    id: transaction.newId('credgr_test'),
    object: 'billing.credit_grant',
    amount: amountOf(params),
    applicability_config: { scope: scopeOf(transaction, params) },
    category: params.category ?? 'paid',
    created: now,
    customer: customer.id,
    customer_account: null,
    effective_at: start,
    expires_at: end,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    name,
    priority,
    test_clock: customer.test_clock ?? null,
    updated: now,
    voided_at: null,
  }
}

function amountOf({ amount }: CreateParams): Grant['amount'] {
  const { monetary } = amount
  if (monetary === undefined) throw missingParameter('amount[monetary]')
  if (monetary.value <= 0) {
    throw invalidRequest('This value must be greater than or equal to 1.', { param: 'amount[monetary][value]' })
  }
  return { monetary: { currency: monetary.currency.toLowerCase(), value: monetary.value }, type: 'monetary' }
}

function scopeOf(
  transaction: Transaction,
  { applicability_config: { scope } }: CreateParams,
): Grant['applicability_config']['scope'] {
  const { price_type: type, prices } = scope
  const param = 'applicability_config[scope]'
  if ((type === undefined) === (prices === undefined)) {
    throw invalidRequest('You must specify one of these parameters: price_type, prices.', { param })
  }
  if (prices === undefined) return { price_type: 'metered' }
  return {
    prices: prices.map(({ id }, index) => {
      const price = transaction.require('prices', id, { kind: 'price', param: `${param}[prices][${index}][id]` })
      if (price.recurring?.usage_type === 'metered' && price.recurring.meter !== null) return { id }
      const message = 'Credit grants apply only to metered prices that have a meter.'
      throw invalidRequest(message, { param: `${param}[prices][${index}][id]` })
    }),
  }
}

function refuseTooMany(transaction: Transaction, customer: string): void {
  const unused = transaction
    .by('credit_grants', 'customer', customer)
    .filter((grant) => !isOver(grant, transaction.now) && ledgerBalance(transaction, grant) > 0)
  if (unused.length < MOST_GRANTS) return
  throw invalidRequest(`A customer can have at most ${MOST_GRANTS} unused credit grants.`, { param: 'customer' })
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('credit_grants', grantInPath(transaction, path['id']))

function grantInPath(transaction: Transaction, id: string | undefined): Grant {
  const grant = recordInPath(transaction, 'credit_grants', { id, kind: 'credit grant' })
  transaction.enterClockOf(grant.customer)
  return grant
}

const list: Handler<Stripe.Billing.CreditGrantListParams> = (transaction, { params }) => {
  const { customer: key } = params
  const bucket = key === undefined ? {} : { index: 'customer' as const, key }
  const page = transaction.page('credit_grants', params, { ...bucket, kind: 'credit grant' })
  return listReply(transaction, 'credit_grants', { page, url: '/v1/billing/credit_grants' })
}

const update: Handler<Stripe.Billing.CreditGrantUpdateParams> = (transaction, { path, params }) => {
  const before = grantInPath(transaction, path['id'])
  const { expires_at: end = before.expires_at } = params
  if (typeof end === 'number' && end !== before.expires_at) refusePast(transaction, before, end)
  const fields = {
    expires_at: end === '' ? null : end,
    metadata: mergeMetadata(before.metadata, params.metadata),
  }
  const after = changed(transaction, before, fields)
  if (after.expires_at !== before.expires_at) {
    transaction.unschedule('credit_grant.expire', after.id)
    if (after.expires_at !== null) awaitExpiry(transaction, after, after.expires_at)
  }
  return transaction.render('credit_grants', after)
}

function refusePast(transaction: Transaction, grant: Grant, end: number): void {
  requireOpen(transaction, grant, 'update')
  if (end > Math.max(transaction.now, grant.effective_at ?? 0)) return
  throw invalidRequest('expires_at must be in the future and after effective_at.', { param: 'expires_at' })
}

const expire: Handler = (transaction, { path }) => {
  const before = grantInPath(transaction, path['id'])
  requireOpen(transaction, before, 'expire')
  transaction.unschedule('credit_grant.expire', before.id)
  const after = changed(transaction, before, { expires_at: transaction.now })
  expireRest(transaction, after)
  return transaction.render('credit_grants', after)
}

/** Only what was never used can be made void. */
const makeVoid: Handler = (transaction, { path }) => {
  const before = grantInPath(transaction, path['id'])
  requireOpen(transaction, before, 'void')
  const amount = ledgerBalance(transaction, before)
  if (amount !== before.amount.monetary?.value) {
    throw invalidRequest('You cannot void a credit grant that has been used. You can expire it instead.')
  }
  transaction.unschedule('credit_grant.expire', before.id)
  const after = changed(transaction, before, { voided_at: transaction.now })
  book(transaction, after, { amount, movement: { type: 'credits_voided' } })
  return transaction.render('credit_grants', after)
}

function requireOpen(transaction: Transaction, grant: Grant, verb: string): void {
  const state = grant.voided_at === null ? (isOver(grant, transaction.now) ? 'expired' : undefined) : 'voided'
  if (state !== undefined) throw invalidRequest(`You cannot ${verb} a credit grant that is ${state}.`)
}

function changed(transaction: Transaction, before: Grant, fields: Partial<Grant>): Grant {
  const after = transaction.patch('credit_grants', before.id, { ...fields, updated: transaction.now })
  transaction.emitChange('billing.credit_grant.updated', 'credit_grants', { before, after })
  return after
}

function awaitExpiry(transaction: Transaction, grant: Grant, at: number): void {
  transaction.schedule({ kind: 'credit_grant.expire', at, subject: grant.id })
}

export function expireWhenOver(transaction: Transaction, timer: Pick<Timer, 'subject'>): void {
  const grant = transaction.get('credit_grants', timer.subject)
  if (grant !== undefined && grant.voided_at === null && isOver(grant, transaction.now)) expireRest(transaction, grant)
}

export const creditGrantHandlers: Handlers = {
  'credit_grants.create': create,
  'credit_grants.retrieve': retrieve,
  'credit_grants.update': update,
  'credit_grants.list': list,
  'credit_grants.expire': expire,
  'credit_grants.void': makeVoid,
}
