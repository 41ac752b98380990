/** How often a price is charged. */
export type Interval = 'day' | 'week' | 'month' | 'year'

/** What a plan gives of a feature: a switch, a number, or a number without end. */
export type FeatureValue = boolean | number | 'unlimited'

/** An amount in minor units that `catalog.push()` creates in Stripe, or a price that stands there already. */
export type PriceDefinition =
  | { readonly amount: number; readonly currency: string }
  | { readonly priceId: string | undefined }

export interface PlanDefinition {
  /** What the customer reads. */
  readonly name: string
  readonly features: Readonly<Record<string, FeatureValue>>
  readonly trialDays?: number
  /** None for a plan that costs nothing. */
  readonly prices?: Readonly<Partial<Record<Interval, PriceDefinition>>>
}

/** Plans under the app's own keys, from the smallest to the greatest. */
export type PlanDefinitions = Readonly<Record<string, PlanDefinition>>

/**
 * States what the product sells; keys, intervals and features are then known to the compiler.
 *
 * @example
 * ```ts
 * import { definePlans } from 'paywright'
 *
 * export const plans = definePlans({
 *   free: { name: 'Free', features: { projects: 3 } },
 *   pro: {
 *     name: 'Pro',
 *     features: { projects: 50, export: true },
 *     prices: { month: { amount: 2000, currency: 'usd' } },
 *   },
 * })
 * ```
 */
export function definePlans<const Plans extends PlanDefinitions>(plans: Plans): Plans {
  return plans
}

/** A price of a plan as the catalogue knows it. */
export type CatalogPrice =
  | {
      readonly source: 'code'
      readonly interval: Interval
      readonly lookupKey: string
      readonly amount: number
      readonly currency: string
    }
  | { readonly source: 'stripe'; readonly interval: Interval; readonly stripePriceId: string }
  /** Its price id was to come from the environment and is not there. */
  | { readonly source: 'unset'; readonly interval: Interval }

export interface CatalogPlan {
  readonly key: string
  readonly name: string
  /** Plans of one group exclude one another. */
  readonly group: string
  readonly trialDays: number | null
  readonly features: Readonly<Record<string, FeatureValue>>
  /** Empty for a plan that costs nothing. */
  readonly prices: readonly CatalogPrice[]
}

export interface Catalog {
  /** In the order of the code: later is greater. */
  readonly plans: readonly CatalogPlan[]
  /** The plan of those who pay nothing: the first without prices. */
  readonly defaultPlan: string | null
}

export interface CatalogOptions {
  /** What lookup keys begin with, so that several products can share one Stripe account. */
  readonly lookupPrefix?: string
}

export type CatalogResult =
  | { readonly ok: true; readonly catalog: Catalog }
  | { readonly ok: false; readonly problem: string; readonly remedy: string }

/** The metadata key on products and prices that says which plan they belong to. */
export const PLAN_METADATA_KEY = 'paywright_plan'
