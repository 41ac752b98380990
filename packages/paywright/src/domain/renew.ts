import type { CustomerState } from './mirror.js'
import type { Knowledge, MirrorObject, Renewal } from './sync-decision.js'

interface Known {
  readonly state: CustomerState
  readonly knowledge: Knowledge | null
}

/** What is known once these objects are put in the place of their older selves. */
export function applyRenewals(base: Known, renewals: readonly Renewal[]): Known {
  const state = renewals.reduce((before, { now }) => withObject(before, now), base.state)
  const objects = Object.fromEntries(renewals.map(({ now, seen }) => [now.id, seen]))
  if (base.knowledge === null) return { state, knowledge: null }
  return { state, knowledge: { ...base.knowledge, objects: { ...base.knowledge.objects, ...objects } } }
}

function withObject(state: CustomerState, now: MirrorObject): CustomerState {
  switch (now.kind) {
    case 'customer':
      return { ...state, customer: now.object }
    case 'subscription':
      return { ...state, subscriptions: replaced(state.subscriptions, now.object, (it) => it.stripeSubscriptionId) }
    case 'invoice':
      return { ...state, invoices: replaced(state.invoices, now.object, (it) => it.stripeInvoiceId) }
    case 'paymentMethod':
      return { ...state, paymentMethods: replaced(state.paymentMethods, now.object, (it) => it.stripePaymentMethodId) }
    default:
      return now satisfies never
  }
}

function replaced<Item>(items: readonly Item[], item: Item, idOf: (item: Item) => string): readonly Item[] {
  const id = idOf(item)
  return [item, ...items.filter((other) => idOf(other) !== id)]
}
