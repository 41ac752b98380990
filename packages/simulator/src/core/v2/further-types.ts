import type { EventRecord } from '../private-records.js'
import { differs, identity, itemsOf, type Attributes } from './attributes.js'
import { invoiceChanges, phaseChanges } from './part-changes.js'

/** What a change did, as the events of version 2 tell it apart. https://docs.stripe.com/changelog/endive */
export function furtherTypes({ type, data }: EventRecord): readonly string[] {
  // Guaranteed: the object of an event is one of Stripe's.
  const now = data.object as Attributes
  const before = data.previous_attributes ?? {}
  switch (type) {
    case 'customer.subscription.created':
      return statusEvents(now)
    case 'customer.subscription.updated':
      return subscriptionChanges(now, before)
    case 'price.updated':
      return [...activity('price', now, before), ...changesOf('price', before, ['lookup_key', 'tax_behavior'])]
    case 'product.updated':
      return [...activity('product', now, before), ...changesOf('product', before, ['default_price', 'tax_code'])]
    case 'customer.discount.updated':
      return 'source' in before ? ['customer.discount.source_changed'] : []
    case 'invoice.updated':
      return invoiceChanges(now, before)
    case 'subscription_schedule.updated':
      return phaseChanges(now, before)
    case 'entitlements.active_entitlement_summary.updated':
      return entitlementChanges(now, before)
    default:
      return []
  }
}

const told = new Set(['active', 'incomplete', 'incomplete_expired', 'past_due', 'trialing', 'unpaid'])

function statusEvents({ status }: Attributes): readonly string[] {
  return typeof status === 'string' && told.has(status) ? [`customer.subscription.${status}`] : []
}

function subscriptionChanges(now: Attributes, before: Attributes): readonly string[] {
  return [
    ...('status' in before ? statusEvents(now) : []),
    ...changesOf('customer.subscription', before, ['cancel_at', 'default_payment_method']),
    ...('items' in before ? itemChanges(itemsOf(now['items']), itemsOf(before['items'])) : []),
  ]
}

function changesOf(object: string, before: Attributes, fields: readonly string[]): readonly string[] {
  return fields.filter((field) => field in before).map((field) => `${object}.${field}_changed`)
}

function activity(object: string, now: Attributes, before: Attributes): readonly string[] {
  if (!('active' in before)) return []
  return [now['active'] === true ? `${object}.activated` : `${object}.deactivated`]
}

function itemChanges(now: readonly Attributes[], before: readonly Attributes[]): readonly string[] {
  const event = (change: string): string => `customer.subscription.item_${change}`
  const changed = now.flatMap((item) => {
    const old = before.find(({ id }) => id === item['id'])
    if (old === undefined) return [event('added')]
    return [
      ...(differs(identity(item['price']), identity(old['price'])) ? [event('price_changed')] : []),
      ...(differs(item['quantity'], old['quantity']) ? [event('quantity_changed')] : []),
      ...(differs(item['tax_rates'], old['tax_rates']) ? [event('tax_rates_changed')] : []),
    ]
  })
  const removed = before.filter((old) => !now.some(({ id }) => id === old['id']))
  return [...changed, ...removed.map(() => event('removed'))]
}

function entitlementChanges(now: Attributes, before: Attributes): readonly string[] {
  if (!('entitlements' in before)) return []
  const [has, had] = [itemsOf(now['entitlements']), itemsOf(before['entitlements'])]
  const missing = (from: readonly Attributes[], others: readonly Attributes[]): readonly Attributes[] =>
    from.filter(({ id }) => !others.some((other) => other['id'] === id))
  const event = (change: string): string => `entitlements.active_entitlement_summary.entitlement_${change}`
  return [...missing(has, had).map(() => event('added')), ...missing(had, has).map(() => event('removed'))]
}
