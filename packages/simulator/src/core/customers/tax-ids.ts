import type Stripe from 'stripe'
import { invalidRequest, missingParameter, notSimulated } from '../error.js'
import { listReply, type Handler, type Handlers, type TimerHandler } from '../handler.js'
import { recordInPath } from '../lookup.js'
import type { Records } from '../records.js'
import type { PageParams, Transaction } from '../transaction.js'
import { requireCustomer } from './customers.js'
import { countryOf, isWellFormed, normalizedTaxId, outcomeOf } from './tax-id-types.js'

type TaxId = Records['tax_ids']
type Owner = NonNullable<TaxId['owner']>

/** How long a register takes to answer; Stripe only says that it is not at once. */
const VERIFICATION_DELAY = 2

const PENDING = { status: 'pending', verified_address: null, verified_name: null } as const

interface TaxIdParams {
  readonly type: string
  readonly value: string
}

/** Adds a tax id to a customer and reports it. */
export function createTaxId(transaction: Transaction, customer: string, params: TaxIdParams): TaxId {
  transaction.enterClockOf(customer)
  const owner = { customer, customer_account: null, type: 'customer' }
  const taxId = writeTaxId(transaction, params, owner)
  transaction.emit('customer.tax_id.created', 'tax_ids', taxId)
  if (isLookedUp(taxId)) {
    transaction.schedule({ kind: 'tax_id.verify', at: transaction.now + VERIFICATION_DELAY, subject: taxId.id })
  }
  return taxId
}

function isLookedUp({ type, value }: TaxId): boolean {
  const outcome = outcomeOf(type, value)
  return outcome !== undefined && outcome !== 'pending'
}

function writeTaxId(transaction: Transaction, params: TaxIdParams, owner: Owner): TaxId {
  const value = normalizedTaxId(params.value)
  if (!isWellFormed(params.type, value)) {
    throw invalidRequest(`Invalid value for ${params.type}.`, { code: 'tax_id_invalid', param: 'value' })
  }
  const isVerified = outcomeOf(params.type, value) !== undefined
  return transaction.put('tax_ids', {
    id: transaction.newId('txi'),
    object: 'tax_id',
    country: countryOf(params.type, value),
    created: transaction.now,
    customer: owner.customer ?? null,
    customer_account: null,
    livemode: false,
    owner,
    type: params.type,
    value,
    verification: isVerified ? PENDING : { ...PENDING, status: 'unavailable' },
  })
}

/** The register has answered. */
export const verifyWhenDue: TimerHandler = (transaction, { subject }) => {
  const before = transaction.get('tax_ids', subject)
  if (before === undefined) return
  const status = outcomeOf(before.type, before.value) ?? 'unavailable'
  const isVerified = status === 'verified'
  const verification = {
    status,
    verified_address: isVerified ? '123 TEST STREET' : null,
    verified_name: isVerified ? 'TEST' : null,
  }
  const after = transaction.patch('tax_ids', subject, { verification })
  transaction.emitChange('customer.tax_id.updated', 'tax_ids', { before, after })
}

/** What a customer's tax ids were dies with them. */
export function removeTaxIds(transaction: Transaction, { customer }: { readonly customer: string }): void {
  for (const { id } of transaction.by('tax_ids', 'customer', customer)) transaction.remove('tax_ids', id)
}

export function removeTaxId(transaction: Transaction, taxId: TaxId): unknown {
  const { id } = taxId
  transaction.unschedule('tax_id.verify', id)
  transaction.remove('tax_ids', id)
  if (taxId.customer !== null) {
    transaction.enterClockOf(taxId.customer)
    transaction.emit('customer.tax_id.deleted', 'tax_ids', taxId)
  }
  return { id, object: 'tax_id', deleted: true }
}

const createOfCustomer: Handler<Stripe.CustomerCreateTaxIdParams> = (transaction, { path, params }) => {
  const { id } = requireCustomer(transaction, path['customer'] ?? '')
  return transaction.render('tax_ids', createTaxId(transaction, id, params))
}

type Path = Readonly<Record<string, string>>

function ofCustomer(transaction: Transaction, path: Path): TaxId {
  const { id } = requireCustomer(transaction, path['customer'] ?? '')
  const taxId = taxIdInPath(transaction, path)
  return taxId.customer === id ? taxId : taxIdInPath(transaction, {})
}

function taxIdInPath(transaction: Transaction, path: Path): TaxId {
  return recordInPath(transaction, 'tax_ids', { id: path['id'], kind: 'tax_id' })
}

const listOfCustomer: Handler<PageParams> = (transaction, { path, params }) => {
  const { id: key } = requireCustomer(transaction, path['customer'] ?? '')
  const page = transaction.page('tax_ids', params, { index: 'customer', key, kind: 'tax_id' })
  return listReply(transaction, 'tax_ids', { page, url: `/v1/customers/${key}/tax_ids` })
}

/** Of a customer, or, when nobody is named, of the account itself. */
const create: Handler<Stripe.TaxIdCreateParams> = (transaction, { params }) => {
  const { owner, type, value } = params
  const customer = ownerOf(transaction, owner)
  if (customer !== null) return transaction.render('tax_ids', createTaxId(transaction, customer, { type, value }))
  const own = writeTaxId(transaction, { type, value }, { customer_account: null, type: 'self' })
  return transaction.render('tax_ids', own)
}

function ownerOf(
  transaction: Transaction,
  owner: { readonly type: string; readonly customer?: string } | undefined,
): string | null {
  switch (owner?.type) {
    case undefined:
    case 'self':
      return null
    case 'customer': {
      if (owner?.customer === undefined) throw missingParameter('owner[customer]')
      return requireCustomer(transaction, owner.customer, 'owner[customer]').id
    }
    default:
      throw notSimulated(`A tax id that belongs to an ${owner?.type}`, 'owner[type]')
  }
}

const list: Handler<Stripe.TaxIdListParams> = (transaction, { params }) => {
  const key = ownerOf(transaction, params.owner)
  const bucket = key === null ? {} : { index: 'customer' as const, key }
  const where = (taxId: TaxId): boolean => taxId.customer === key
  const page = transaction.page('tax_ids', params, { ...bucket, where, kind: 'tax_id' })
  return listReply(transaction, 'tax_ids', { page, url: '/v1/tax_ids' })
}

export const taxIdsHandlers: Handlers = {
  'customers.create_tax_id': createOfCustomer,
  'customers.delete_tax_id': (transaction, { path }) => removeTaxId(transaction, ofCustomer(transaction, path)),
  'customers.list_tax_ids': listOfCustomer,
  'customers.retrieve_tax_id': (transaction, { path }) => transaction.render('tax_ids', ofCustomer(transaction, path)),
  'tax_ids.create': create,
  'tax_ids.delete': (transaction, { path }) => removeTaxId(transaction, taxIdInPath(transaction, path)),
  'tax_ids.list': list,
  'tax_ids.retrieve': (transaction, { path }) => transaction.render('tax_ids', taxIdInPath(transaction, path)),
}
