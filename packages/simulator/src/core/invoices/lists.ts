import type Stripe from 'stripe'
import { noSuch } from '../error.js'
import { listReply, type Handler } from '../handler.js'
import { recordInPath } from '../lookup.js'
import { isWithin } from '../lists.js'
import type { PageParams } from '../transaction.js'
import type { Invoice } from './create.js'

export const listInvoices: Handler<Stripe.InvoiceListParams> = (transaction, { params }) => {
  const { customer, status, subscription } = params
  const where = (invoice: Invoice): boolean =>
    (customer === undefined || invoice.customer === customer) &&
    (status === undefined || invoice.status === status) &&
    (subscription === undefined || invoice.parent?.subscription_details?.subscription === subscription) &&
    (params.collection_method === undefined || invoice.collection_method === params.collection_method) &&
    (params.due_date === undefined || (invoice.due_date !== null && isWithin(invoice.due_date, params.due_date))) &&
    isWithin(invoice.created, params.created)
  const page = transaction.page('invoices', params, { ...bucketOf(params), where, kind: 'invoice' })
  return listReply(transaction, 'invoices', { page, url: '/v1/invoices' })
}

function bucketOf(params: Stripe.InvoiceListParams): { index?: 'customer' | 'status' | 'subscription'; key?: string } {
  if (params.subscription !== undefined) return { index: 'subscription', key: params.subscription }
  if (params.customer !== undefined) return { index: 'customer', key: params.customer }
  return params.status === undefined ? {} : { index: 'status', key: params.status }
}

/** The lines of an invoice in the order of the invoice, not newest first as other lists are. */
export const listLines: Handler<PageParams> = (transaction, { path, params }) => {
  const { lines } = recordInPath(transaction, 'invoices', { id: path['id'], kind: 'invoice', param: 'invoice' })
  const { data, has_more } = pageInOrder(lines.data, params)
  return { object: 'list', data, has_more, url: lines.url }
}

export function pageInOrder<Value extends { readonly id: string }>(
  values: readonly Value[],
  params: PageParams,
): { data: readonly Value[]; has_more: boolean } {
  const { limit = 10, starting_after: after, ending_before: before } = params
  const placeOf = (id: string, param: string): number => {
    const index = values.findIndex((value) => value.id === id)
    if (index < 0) throw noSuch('object', id, { param, status: 400 })
    return index
  }
  if (before !== undefined) {
    const end = placeOf(before, 'ending_before')
    return { data: values.slice(Math.max(0, end - limit), end), has_more: end > limit }
  }
  const start = after === undefined ? 0 : placeOf(after, 'starting_after') + 1
  return { data: values.slice(start, start + limit), has_more: values.length > start + limit }
}
