import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import { listWhere, type Handler, type Handlers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type TaxRate = Records['tax_rates']

/** Makes a tax rate and reports it. */
export function createTaxRate(transaction: Transaction, params: Stripe.TaxRateCreateParams): TaxRate {
  const { percentage } = params
  if (percentage < 0 || percentage > 100) {
    throw invalidRequest('Invalid percentage: must be between 0 and 100.', { param: 'percentage' })
  }
  const taxRate = transaction.put('tax_rates', {
    id: transaction.newId('txr'),
    object: 'tax_rate',
    active: params.active ?? true,
    country: params.country ?? null,
    created: transaction.now,
    description: params.description ?? null,
    display_name: params.display_name,
    effective_percentage: null,
    flat_amount: null,
    inclusive: params.inclusive,
    jurisdiction: params.jurisdiction ?? null,
    jurisdiction_level: null,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    percentage,
    rate_type: null,
    state: params.state ?? null,
    tax_type: params.tax_type ?? null,
  })
  transaction.emit('tax_rate.created', 'tax_rates', taxRate)
  return taxRate
}

const create: Handler<Stripe.TaxRateCreateParams> = (transaction, { params }) =>
  transaction.render('tax_rates', createTaxRate(transaction, params))

const named = { kind: 'tax rate', param: 'tax_rate' } as const

/** What a rate takes cannot change: invoices refer to it. */
const update: Handler<Stripe.TaxRateUpdateParams> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'tax_rates', { id: path['id'], ...named })
  const { active, country, description, display_name: name, jurisdiction, state, tax_type: type } = params
  const after = transaction.patch('tax_rates', before.id, {
    ...(active !== undefined && { active }),
    ...(country !== undefined && { country: country || null }),
    ...(description !== undefined && { description: description || null }),
    ...(name !== undefined && { display_name: name }),
    ...(jurisdiction !== undefined && { jurisdiction: jurisdiction || null }),
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    ...(state !== undefined && { state: state || null }),
    ...(type !== undefined && { tax_type: type }),
  })
  if (JSON.stringify(before) !== JSON.stringify(after)) {
    transaction.emitChange('tax_rate.updated', 'tax_rates', { before, after })
  }
  return transaction.render('tax_rates', after)
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('tax_rates', recordInPath(transaction, 'tax_rates', { id: path['id'], ...named }))

const list: Handler<Stripe.TaxRateListParams> = (transaction, { params }) => {
  const { active, inclusive } = params
  const fields = { active, inclusive }
  return listWhere(transaction, 'tax_rates', { params, kind: 'tax rate', url: '/v1/tax_rates', fields })
}

export const taxRatesHandlers: Handlers = {
  'tax_rates.create': create,
  'tax_rates.list': list,
  'tax_rates.retrieve': retrieve,
  'tax_rates.update': update,
}
