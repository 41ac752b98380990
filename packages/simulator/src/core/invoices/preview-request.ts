import type Stripe from 'stripe'
import { addressOf, recipientOf } from '../customers/shipping.js'
import { createCustomer } from '../customers/customers.js'
import { createTaxId } from '../customers/tax-ids.js'
import { grantDiscounts } from '../discounts/discounts.js'
import { missingParameter, noSuch, notSimulated } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import { readTaxRates, setTaxBehavior } from '../taxes/line-taxes.js'
import type { Transaction } from '../transaction.js'
import { createInvoiceItem } from './invoice-items.js'
import { readPricing, repriced } from './item-pricing.js'

type Params = Stripe.InvoiceCreatePreviewParams
type AskedItem = NonNullable<Params['invoice_items']>[number]

const unbuiltDetails = ['billing_schedules'] as const

export function refuseUnbuilt(params: Params): void {
  const { customer_account: customerAccount, on_behalf_of: account } = params
  if (customerAccount) throw noSuch('customer_account', customerAccount, { param: 'customer_account', status: 400 })
  if (account) throw noSuch('account', account, { param: 'on_behalf_of', status: 400 })
  for (const name of unbuiltDetails) {
    const param = `subscription_details[${name}]`
    if (params.subscription_details?.[name] !== undefined) throw notSimulated(param, param)
  }
}

/** Whom a preview is for: a customer who is there, or one who would be. Only a rehearsal may call it. */
export function previewedCustomer(rehearsal: Transaction, params: Params): string {
  const { customer, customer_details: details } = params
  if (customer === undefined && details === undefined) throw missingParameter('customer')
  const id =
    customer === undefined
      ? createCustomer(rehearsal, {}).id
      : rehearsal.require('customers', customer, { kind: 'customer', param: 'customer' }).id
  rehearsal.enterClockOf(id)
  if (details !== undefined) describe(rehearsal, id, details)
  return id
}

/** For the preview the customer is as the request describes them. */
function describe(rehearsal: Transaction, id: string, details: NonNullable<Params['customer_details']>): void {
  const { address, shipping, tax_exempt: exempt, tax_ids: taxIds } = details
  rehearsal.patch('customers', id, {
    ...(address !== undefined && { address: address ? addressOf(address) : null }),
    ...(shipping !== undefined && { shipping: recipientOf(shipping) }),
    ...(exempt !== undefined && { tax_exempt: exempt || 'none' }),
  })
  for (const { type, value } of taxIds ?? []) createTaxId(rehearsal, id, { type, value })
}

/** Items that the invoice would have besides. */
export function addPreviewItems(
  rehearsal: Transaction,
  items: readonly AskedItem[],
  place: { readonly customer: string; readonly currency: string | undefined },
): void {
  for (const [index, asked] of items.entries()) {
    const param = `invoice_items[${index}]`
    if (asked.invoiceitem === undefined) addItem(rehearsal, asked, { ...place, param })
    else changeItem(rehearsal, asked, `${param}[invoiceitem]`)
  }
}

function addItem(
  rehearsal: Transaction,
  asked: AskedItem,
  place: { readonly customer: string; readonly currency: string | undefined; readonly param: string },
): void {
  const { customer, param } = place
  const currency = asked.currency?.toLowerCase() ?? asked.price_data?.currency ?? place.currency
  const id = rehearsal.newId('ii')
  setTaxBehavior(rehearsal, id, asked.tax_behavior)
  const priced = readPricing(rehearsal, pricingOf(asked), currency)
  const grant = { owner: { customer, invoiceItem: id }, currency: priced.currency, param: `${param}[discounts]` }
  createInvoiceItem(rehearsal, {
    ...priced,
    id,
    customer,
    discountable: asked.discountable ?? priced.amount >= 0,
    discounts: grantDiscounts(rehearsal, asked.discounts, grant),
    metadata: mergeMetadata({}, asked.metadata),
    period: asked.period ?? { start: rehearsal.now, end: rehearsal.now },
    tax_rates: readTaxRates(rehearsal, asked.tax_rates, `${param}[tax_rates]`),
  })
}

function pricingOf({ price, unit_amount: unit, ...asked }: AskedItem): Parameters<typeof readPricing>[1] {
  return {
    ...asked,
    ...(price !== undefined && { pricing: { price } }),
    ...(unit !== undefined && { unit_amount_decimal: String(unit) }),
  }
}

function changeItem(rehearsal: Transaction, asked: AskedItem, param: string): void {
  const before = rehearsal.require('invoice_items', asked.invoiceitem ?? '', { kind: 'invoiceitem', param })
  const { description, discountable, period } = asked
  setTaxBehavior(rehearsal, before.id, asked.tax_behavior)
  rehearsal.patch('invoice_items', before.id, {
    ...repriced(rehearsal, before, pricingOf(asked)),
    ...(description !== undefined && { description }),
    ...(discountable !== undefined && { discountable }),
    ...(period !== undefined && { period }),
  })
}

/** Discounts in place of those that the invoice would inherit; an empty value leaves none. */
export function replaceDiscounts(
  rehearsal: Transaction,
  { discounts }: Params,
  owner: {
    readonly customer: string
    readonly subscription: string | undefined
    readonly currency: string | undefined
  },
): void {
  if (discounts === undefined) return
  const { customer, currency, subscription } = owner
  rehearsal.patch('customers', customer, { discount: null })
  if (subscription === undefined) return
  const grant = { owner: { customer, subscription }, ...(currency !== undefined && { currency }) }
  rehearsal.patch('subscriptions', subscription, { discounts: grantDiscounts(rehearsal, discounts, grant) })
}
