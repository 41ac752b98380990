import type Stripe from 'stripe'
import type { Records } from '../records.js'
import type { Subscription, SubscriptionItem } from '../subscriptions/items.js'
import { lastEndOf, type Phase, type Schedule } from './phases.js'

type UpdateParams = Stripe.SubscriptionUpdateParams
type Discounts = { coupon?: string; discount?: string; promotion_code?: string }[]

type CreateParams = Stripe.SubscriptionCreateParams
/** What creating and updating take alike. */
type Terms = Pick<
  CreateParams,
  | 'add_invoice_items'
  | 'automatic_tax'
  | 'collection_method'
  | 'days_until_due'
  | 'default_payment_method'
  | 'default_tax_rates'
  | 'description'
  | 'discounts'
  | 'proration_behavior'
> & {
  readonly billing_thresholds?: { amount_gte?: number; reset_billing_cycle_anchor?: boolean }
  readonly cancel_at?: number
  readonly invoice_settings: { description: string; footer: string }
  readonly metadata: Record<string, string>
}

/** What a phase makes of its subscription, as creating and updating one take it alike. */
export function termsOf(schedule: Schedule, phase: Phase): Terms {
  const { default_settings: settings } = schedule
  const invoices = { ...settings.invoice_settings, ...phase.invoice_settings }
  const method = phase.collection_method ?? settings.collection_method ?? 'charge_automatically'
  const paymentMethod = phase.default_payment_method ?? settings.default_payment_method
  const thresholds = phase.billing_thresholds ?? settings.billing_thresholds
  const description = phase.description ?? settings.description
  const tax = phase.automatic_tax ?? settings.automatic_tax
  return {
    ...(phase.add_invoice_items.length > 0 && { add_invoice_items: extrasOf(phase) }),
    ...(tax !== undefined && { automatic_tax: { enabled: tax.enabled } }),
    ...(thresholds !== null && { billing_thresholds: withoutNulls(thresholds) }),
    ...(schedule.end_behavior === 'cancel' && { cancel_at: lastEndOf(schedule) }),
    collection_method: method,
    ...(method === 'send_invoice' && { days_until_due: invoices.days_until_due ?? 0 }),
    ...(paymentMethod !== null && { default_payment_method: paymentMethod }),
    default_tax_rates: idsOf(phase.default_tax_rates),
    ...(description !== null && { description }),
    ...(phase.discounts.length > 0 && { discounts: discountsOf(phase.discounts) }),
    invoice_settings: { description: invoices.description ?? '', footer: invoices.footer ?? '' },
    metadata: { ...phase.metadata },
    proration_behavior: phase.proration_behavior,
  }
}

/** The items of a phase for a subscription that begins with it. */
export function newItems(phase: Phase): NonNullable<Stripe.SubscriptionCreateParams['items']> {
  return phase.items.map((item) => itemOf(item))
}

/** The items of a phase as changes to those that are there: of one price first, then one in the place of another. */
export function itemChanges(subscription: Subscription, phase: Phase): NonNullable<UpdateParams['items']> {
  const before = subscription.items.data
  const kept = new Map<Phase['items'][number], SubscriptionItem>()
  for (const item of phase.items) {
    const same = before.find(({ price }) => price.id === item.price)
    if (same !== undefined) kept.set(item, same)
  }
  const free = before.filter((item) => ![...kept.values()].includes(item))
  for (const item of phase.items) {
    const next = kept.has(item) ? undefined : free.shift()
    if (next !== undefined) kept.set(item, next)
  }
  const changes = phase.items.map((item) => {
    const id = kept.get(item)?.id
    return { ...itemOf(item), ...(id !== undefined && { id }) }
  })
  return [...changes, ...free.map(({ id }) => ({ id, deleted: true }))]
}

function itemOf(item: Phase['items'][number]): NonNullable<Stripe.SubscriptionCreateParams['items']>[number] {
  const { usage_gte: usage } = item.billing_thresholds ?? { usage_gte: null }
  return {
    price: item.price,
    ...(item.quantity !== undefined && { quantity: item.quantity }),
    ...(usage !== null && { billing_thresholds: { usage_gte: usage } }),
    ...(item.discounts.length > 0 && { discounts: discountsOf(item.discounts) }),
    metadata: item.metadata ?? {},
    tax_rates: idsOf(item.tax_rates),
  }
}

function extrasOf(phase: Phase): NonNullable<UpdateParams['add_invoice_items']> {
  return phase.add_invoice_items.map(
    ({ discountable, discounts, metadata, period, price, quantity, tax_rates: rates }) => ({
      ...(discountable !== null && { discountable }),
      ...(discounts.length > 0 && { discounts: discountsOf(discounts) }),
      ...(metadata !== null && { metadata }),
      period: {
        start: period.start.type === 'phase_start' ? { type: 'timestamp', timestamp: phase.start_date } : period.start,
        end: period.end.type === 'phase_end' ? { type: 'timestamp', timestamp: phase.end_date } : period.end,
      },
      price,
      quantity: quantity ?? 1,
      tax_rates: idsOf(rates),
    }),
  )
}

function idsOf(rates: readonly Records['tax_rates'][] | null | undefined): string[] {
  return (rates ?? []).map(({ id }) => id)
}

function discountsOf(discounts: Phase['discounts']): Discounts {
  return discounts.map(({ coupon, discount, promotion_code: code }) => ({
    ...(coupon !== null && { coupon }),
    ...(discount !== null && { discount }),
    ...(code !== null && { promotion_code: code }),
  }))
}

function withoutNulls(thresholds: NonNullable<Phase['billing_thresholds']>): {
  amount_gte?: number
  reset_billing_cycle_anchor?: boolean
} {
  const { amount_gte: amount, reset_billing_cycle_anchor: resets } = thresholds
  return {
    ...(amount !== null && { amount_gte: amount }),
    ...(resets !== null && { reset_billing_cycle_anchor: resets }),
  }
}
