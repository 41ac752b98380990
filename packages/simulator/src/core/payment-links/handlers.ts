import type Stripe from 'stripe'
import { settingsOf } from '../account-settings.js'
import { checkCustomFields } from '../checkout-sessions/custom-fields.js'
import { openSession } from '../checkout-sessions/create.js'
import { readLineItems } from '../checkout-sessions/line-items.js'
import { adjustableQuantityOf } from '../checkout-sessions/quantities.js'
import { readShippingOptions } from '../checkout-sessions/shipping.js'
import { invalidRequest, missingParameter, noSuch, notSimulated } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { pageInOrder } from '../invoices/lists.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { PaymentLinkOrder } from '../private-records.js'
import type { PageParams, Transaction } from '../transaction.js'
import { requireUrl } from '../urls.js'
import { modeOf, openLink, sessionParams } from './open.js'
import { fieldsOf, type CreateParams, type PaymentLink } from './payment-link.js'

type UpdateParams = Stripe.PaymentLinkUpdateParams

const MOST_ITEMS = 20

const unbuilt = [
  'application_fee_amount',
  'application_fee_percent',
  'managed_payments',
  'on_behalf_of',
  'payment_method_options',
  'transfer_data',
] as const

function refuseUnbuilt(params: CreateParams | UpdateParams): void {
  for (const name of unbuilt) {
    if (name in params && params[name as keyof typeof params]) throw notSimulated(name, name)
  }
}

function linkInPath(transaction: Transaction, path: Readonly<Record<string, string>>): PaymentLink {
  return recordInPath(transaction, 'payment_links', { id: path['id'], kind: 'payment_link', param: 'payment_link' })
}

const create: Handler<CreateParams> = (transaction, { params }) => {
  refuseUnbuilt(params)
  if ((params.line_items ?? []).length === 0) throw missingParameter('line_items')
  if (params.line_items.length > MOST_ITEMS) {
    throw invalidRequest(`You can add at most ${MOST_ITEMS} line items.`, { param: 'line_items' })
  }
  const { line_items: items, ...rest } = params
  const { lineItems } = readLineItems(transaction, {
    line_items: items,
    ...(params.currency !== undefined && { currency: params.currency }),
  })
  const id = transaction.newId('plink')
  const order = transaction.put('payment_link_orders', { id, lineItems, asked: { ...rest, line_items: [] } })
  const link = transaction.put('payment_links', {
    ...linkOf(transaction, order),
    id,
    active: true,
    livemode: false,
    object: 'payment_link',
    restrictions: restrictionsOf(params.restrictions, 0),
    url: `${settingsOf(transaction).origin}/b/${transaction.newId('test')}`,
  })
  transaction.emit('payment_link.created', 'payment_links', link)
  return transaction.render('payment_links', link)
}

type Derived = ReturnType<typeof fieldsOf> & Pick<PaymentLink, 'currency' | 'optional_items' | 'shipping_options'>

/** What the link says of itself. That a session can be opened from it is tried out, in a transaction that is thrown away. */
function linkOf(transaction: Transaction, order: PaymentLinkOrder): Derived {
  const { asked, lineItems } = order
  const { after_completion: after } = asked
  if (after?.type === 'redirect') requireUrl(after.redirect?.url ?? '', 'after_completion[redirect][url]')
  checkCustomFields(asked.custom_fields ?? [])
  const { optional_items: optional = null } = openSession(transaction.fork(), sessionParams(order))
  const currency = asked.currency?.toLowerCase() ?? lineItems[0]?.currency ?? 'usd'
  return {
    ...fieldsOf(asked, modeOf(lineItems)),
    currency,
    optional_items: optional,
    shipping_options: readShippingOptions(transaction, asked.shipping_options ?? [], currency),
  }
}

function restrictionsOf(asked: UpdateParams['restrictions'] | null, count: number): PaymentLink['restrictions'] {
  if (asked === undefined || asked === null || asked === '') return null
  return { completed_sessions: { count, limit: asked.completed_sessions.limit } }
}

const retrieve: Handler = (transaction, { path }) => transaction.render('payment_links', linkInPath(transaction, path))

const update: Handler<UpdateParams> = (transaction, { path, params }) => {
  refuseUnbuilt(params)
  const before = linkInPath(transaction, path)
  const order = transaction.put('payment_link_orders', updatedOrder(transaction, before.id, params))
  const { restrictions } = params
  const after = transaction.put('payment_links', {
    ...before,
    ...linkOf(transaction, order),
    active: params.active ?? before.active,
    metadata: mergeMetadata(before.metadata, params.metadata),
    restrictions:
      restrictions === undefined
        ? before.restrictions
        : restrictionsOf(restrictions, before.restrictions?.completed_sessions.count ?? 0),
  })
  transaction.emitChange('payment_link.updated', 'payment_links', { before, after })
  return transaction.render('payment_links', after)
}

/** What is named takes the place of what was there; what is named empty goes. */
function updatedOrder(transaction: Transaction, id: string, params: UpdateParams): PaymentLinkOrder {
  const order = transaction.load('payment_link_orders', id)
  const { active: _active, expand: _expand, line_items: items = [], metadata, restrictions: _limit, ...rest } = params
  for (const [index, { id: named }] of items.entries()) {
    if (order.lineItems.some((item) => item.id === named)) continue
    throw noSuch('line item', named, { param: `line_items[${index}][id]`, status: 400 })
  }
  const merged = Object.entries({ ...order.asked, ...rest }).filter(([, value]) => value !== '')
  const lineItems = order.lineItems.map((item) => {
    const wanted = items.find((candidate) => candidate.id === item.id)
    if (wanted === undefined) return item
    const quantity = wanted.quantity ?? item.quantity
    const { adjustable_quantity: asked } = wanted
    const bounds = asked === undefined ? item.adjustable_quantity : adjustableQuantityOf(asked, quantity, 'line_items')
    return { ...item, quantity, adjustable_quantity: bounds }
  })
  const asked: object = Object.fromEntries(merged)
  const { metadata: kept } = transaction.load('payment_links', id)
  // Guaranteed: an update has the parameters of the creation, each of which may be empty; the empty ones are left out.
  return { id, lineItems, asked: { ...(asked as CreateParams), metadata: mergeMetadata(kept, metadata) } }
}

const list: Handler<Stripe.PaymentLinkListParams> = (transaction, { params }) => {
  const where = (link: PaymentLink): boolean => params.active === undefined || link.active === params.active
  const page = transaction.page('payment_links', params, { where, kind: 'payment_link' })
  return listReply(transaction, 'payment_links', { page, url: '/v1/payment_links' })
}

const lineItems: Handler<PageParams> = (transaction, { path, params }) => {
  const { id } = linkInPath(transaction, path)
  const { data, has_more } = pageInOrder(transaction.load('payment_link_orders', id).lineItems, params)
  return { object: 'list', data, has_more, url: `/v1/payment_links/${id}/line_items` }
}

/** A link that may be used only so often counts, and closes when it has been. */
export function onCheckoutCompleted(transaction: Transaction, { paymentLink }: { readonly paymentLink: string }): void {
  const before = transaction.get('payment_links', paymentLink)
  const limits = before?.restrictions?.completed_sessions
  if (before === undefined || limits === undefined) return
  const count = limits.count + 1
  const after = transaction.patch('payment_links', paymentLink, {
    active: before.active && count < limits.limit,
    restrictions: { completed_sessions: { ...limits, count } },
  })
  if (after.active !== before.active) transaction.emitChange('payment_link.updated', 'payment_links', { before, after })
}

export const paymentLinkHandlers: Handlers = {
  'payment_links.create': create,
  'payment_links.line_items': lineItems,
  'payment_links.list': list,
  'payment_links.retrieve': retrieve,
  'payment_links.update': update,
  'payment_link_pages.open': openLink,
}
