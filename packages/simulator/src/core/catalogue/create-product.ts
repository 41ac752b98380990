import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { checkedTaxCode } from './tax-codes.js'

/** Makes a product and reports it. */
export function createProduct(
  transaction: Transaction,
  params: Omit<Stripe.ProductCreateParams, 'default_price_data'>,
): Records['products'] {
  if (params.id !== undefined && transaction.get('products', params.id) !== undefined) {
    throw invalidRequest('Product already exists.', { code: 'resource_already_exists', param: 'id' })
  }
  if (params.name === '') {
    const message =
      "You passed an empty string for 'name'. We assume empty values are an attempt to unset a parameter; " +
      "however 'name' cannot be unset. You should remove 'name' from your request or supply a non-empty value."
    throw invalidRequest(message, { code: 'parameter_invalid_empty', param: 'name' })
  }
  const product: Records['products'] = {
    id: params.id ?? transaction.newId('prod').slice(0, 'prod_'.length + 14),
    object: 'product',
    active: params.active ?? true,
    created: transaction.now,
    default_price: null,
    description: params.description ?? null,
    images: params.images ?? [],
    livemode: false,
    marketing_features: (params.marketing_features ?? []).map(({ name }) => ({ name })),
    metadata: mergeMetadata({}, params.metadata),
    name: params.name,
    package_dimensions: params.package_dimensions ?? null,
    shippable: params.shippable ?? null,
    statement_descriptor: params.statement_descriptor ?? null,
    tax_code: params.tax_code === undefined ? null : checkedTaxCode(params.tax_code, 'tax_code'),
    tax_details: taxDetailsOf(params.tax_details),
    type: params.type ?? 'service',
    unit_label: params.unit_label ?? null,
    updated: transaction.now,
    url: params.url ?? null,
  }
  transaction.put('products', product)
  transaction.emit('product.created', 'products', product)
  return product
}

/** Where a service is performed, and what it is to the tax office. */
export function taxDetailsOf(
  params: '' | null | Stripe.ProductUpdateParams.TaxDetails | undefined,
): Records['products']['tax_details'] {
  if (params === undefined || params === null || params === '') return null
  return { performance_location: params.performance_location ?? null, tax_code: params.tax_code || null }
}
