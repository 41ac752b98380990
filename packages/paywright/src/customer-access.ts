import type { CustomerAccess } from './billing.js'
import type { Access, AccessSubscription } from './domain/access.js'
import { findPlan, type Catalog, type FeatureValue, type PlanDefinitions } from './domain/catalog.js'
import type { UnixSeconds } from './domain/time.js'

/** The access of plans that the compiler does not know by name. */
export type AnyAccess = Omit<CustomerAccess<PlanDefinitions>, 'plan'> & { readonly plan: string | null }

/** What was decided about a customer, as the app asks for it. */
export function toCustomerAccess(access: Access<AccessSubscription>, catalog: Catalog): AnyAccess {
  const features = findPlan(catalog, access.plan)?.features ?? {}
  const valueOf = (feature: string): FeatureValue =>
    (Object.hasOwn(features, feature) ? features[feature] : false) ?? false
  return {
    plan: access.plan,
    status: access.status,
    reason: access.reason,
    until: dateOrNull(access.until),
    trialEndsAt: dateOrNull(access.trialEndsAt),
    features,
    has: (feature) => isOn(valueOf(feature)),
    limit: (feature) => count(valueOf(feature)),
  }
}

function isOn(value: FeatureValue): boolean {
  return value === true || value === 'unlimited' || (typeof value === 'number' && value > 0)
}

function count(value: FeatureValue): number {
  if (value === 'unlimited') return Infinity
  return typeof value === 'number' ? value : 0
}

function dateOrNull(at: UnixSeconds | null): Date | null {
  return at === null ? null : new Date(at * 1000)
}
