import type { Interval, PlanDefinitions } from './domain/catalog.js'

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

/** The keys of all plans. */
export type PlanKey<Plans extends PlanDefinitions> = keyof Plans & string

/** The keys of the plans that have prices. */
export type PaidPlanKey<Plans extends PlanDefinitions> = {
  [Key in PlanKey<Plans>]: Plans[Key] extends { readonly prices: object } ? Key : never
}[PlanKey<Plans>]

type FreePlanKey<Plans extends PlanDefinitions> = Exclude<PlanKey<Plans>, PaidPlanKey<Plans>>

/** The plan that counts: `null` can only be where there is no plan without prices. */
export type CurrentPlan<Plans extends PlanDefinitions> = [FreePlanKey<Plans>] extends [never]
  ? PlanKey<Plans> | null
  : PlanKey<Plans>

/** The intervals that a plan is sold in. */
export type IntervalOf<Plans extends PlanDefinitions, Key extends PlanKey<Plans>> = Plans[Key] extends {
  readonly prices: infer Prices
}
  ? keyof Prices & Interval
  : never

/** The features that any plan names. */
export type FeatureKey<Plans extends PlanDefinitions> = {
  [Key in PlanKey<Plans>]: keyof Plans[Key]['features'] & string
}[PlanKey<Plans>]

/** The features that some plan counts. */
export type LimitKey<Plans extends PlanDefinitions> = {
  [Key in PlanKey<Plans>]: CountedKey<Plans[Key]['features']>
}[PlanKey<Plans>]

type CountedKey<Features> = {
  [Feature in keyof Features & string]: Features[Feature] extends number | 'unlimited' ? Feature : never
}[keyof Features & string]
