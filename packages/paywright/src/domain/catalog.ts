/** How often a price is charged. */
export type Interval = 'day' | 'week' | 'month' | 'year'

/** What a plan gives of a feature: a switch, a number, or a number without end. */
export type FeatureValue = boolean | number | 'unlimited'

/** An amount in minor units that `catalog.push()` creates in Stripe, or a price that stands there already. */
export type PriceDefinition =
  | { readonly amount: number; readonly currency: string }
  | { readonly priceId: string | undefined }

/** One plan of the product: what the customer gets, and for how much. */
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

/** The group of plans without one of their own; a customer has at most one live subscription in a group. */
export const MAIN_GROUP = 'main'

/** Brings the plans of the code into the form that is worked with, or says what is wrong with them. */
export function toCatalog(definitions: PlanDefinitions, options: CatalogOptions = {}): CatalogResult {
  const prefix = options.lookupPrefix ?? 'paywright'
  const entries = Object.entries(definitions)
  if (entries.length === 0) return refuse('There are no plans.', 'Define at least one.')
  for (const [key, plan] of entries) {
    const refusal = planProblem(key, plan)
    if (refusal !== null) return refusal
  }
  const plans = entries.map(([key, plan]) => toPlan(key, plan, prefix))
  const ids = plans.flatMap((plan) =>
    plan.prices.flatMap((price) => (price.source === 'stripe' ? [price.stripePriceId] : [])),
  )
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined)
    return refuse(`The price ${twice} stands in two places.`, 'Give each plan and interval its own price.')
  return { ok: true, catalog: { plans, defaultPlan: plans.find((plan) => plan.prices.length === 0)?.key ?? null } }
}

/** The plan under this key; `null` where the code has none. */
export function findPlan(catalog: Catalog, key: string | null): CatalogPlan | null {
  return catalog.plans.find((plan) => plan.key === key) ?? null
}

/** Where the plan stands in the order of the code; -1 for no plan, so that it is less than all. */
export function planRank(catalog: Catalog, key: string | null): number {
  return catalog.plans.findIndex((plan) => plan.key === key)
}

/** What is asked of a price to find its plan. */
export interface PriceFacts {
  readonly stripePriceId: string
  readonly lookupKey: string | null
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * The plan that a price stands for: by its id in the code, else its lookup key, else the metadata that we wrote. A price
 * that was replaced has lost its lookup key to the new one and still has its metadata.
 */
export function planOfPrice(catalog: Catalog, price: PriceFacts): string | null {
  const named =
    planWithPrice(catalog, (own) => own.source === 'stripe' && own.stripePriceId === price.stripePriceId) ??
    planWithPrice(catalog, (own) => own.source === 'code' && own.lookupKey === price.lookupKey) ??
    findPlan(catalog, price.metadata[PLAN_METADATA_KEY] ?? null)
  return named?.key ?? null
}

export interface PlanOfPrices {
  /** The greatest plan that one of the prices stands for. */
  readonly plan: string | null
  /** The first price that stands for none. */
  readonly unknownPriceId: string | null
}

/** The plan of a subscription with these prices. */
export function planOfPrices(catalog: Catalog, prices: readonly PriceFacts[]): PlanOfPrices {
  const found = prices.map((price) => ({ price, plan: planOfPrice(catalog, price) }))
  const plan = found.reduce<string | null>(
    (best, { plan: next }) => (planRank(catalog, next) > planRank(catalog, best) ? next : best),
    null,
  )
  const unknown = found.find((entry) => entry.plan === null)
  return { plan, unknownPriceId: unknown?.price.stripePriceId ?? null }
}

/** Plans and intervals whose price id is not set, as `plan.interval`: somebody should be told at the start. */
export function unsetPrices(catalog: Catalog): readonly string[] {
  return catalog.plans.flatMap((plan) =>
    plan.prices.flatMap((price) => (price.source === 'unset' ? [`${plan.key}.${price.interval}`] : [])),
  )
}

function planWithPrice(catalog: Catalog, isIt: (price: CatalogPrice) => boolean): CatalogPlan | undefined {
  return catalog.plans.find((plan) => plan.prices.some(isIt))
}

function toPlan(key: string, plan: PlanDefinition, prefix: string): CatalogPlan {
  const prices = INTERVALS.flatMap((interval) => {
    const price = plan.prices?.[interval]
    return price === undefined ? [] : [toPrice(price, { interval, lookupKey: `${prefix}_${key}_${interval}` })]
  })
  const { name, features, trialDays = null } = plan
  return { key, name, group: MAIN_GROUP, trialDays, features, prices }
}

function toPrice(price: PriceDefinition, place: { interval: Interval; lookupKey: string }): CatalogPrice {
  const { interval, lookupKey } = place
  if ('amount' in price) {
    return { source: 'code', interval, lookupKey, amount: price.amount, currency: price.currency.toLowerCase() }
  }
  const { priceId } = price
  if (priceId === undefined || priceId === '') return { source: 'unset', interval }
  return { source: 'stripe', interval, stripePriceId: priceId }
}

/** In the order in which they are shown. */
const INTERVALS: readonly Interval[] = ['day', 'week', 'month', 'year']

/** Stripe's limit for trials. */
const MOST_TRIAL_DAYS = 730

function planProblem(key: string, plan: PlanDefinition): CatalogResult | null {
  if (!/^\w[\w-]{0,39}$/.test(key)) {
    return refuse(`"${key}" cannot be the key of a plan.`, 'Use up to 40 letters, digits, "_" and "-".')
  }
  const { trialDays } = plan
  if (trialDays !== undefined && !(Number.isInteger(trialDays) && trialDays >= 1 && trialDays <= MOST_TRIAL_DAYS)) {
    return refuse(`The plan "${key}" has ${trialDays} trial days.`, `Give 1 to ${MOST_TRIAL_DAYS}, or leave them out.`)
  }
  for (const price of Object.values(plan.prices ?? {})) {
    const refusal = priceProblem(key, price)
    if (refusal !== null) return refusal
  }
  return null
}

function priceProblem(key: string, price: PriceDefinition): CatalogResult | null {
  if (!('amount' in price)) return null
  if (!Number.isSafeInteger(price.amount) || price.amount < 0) {
    return refuse(
      `The plan "${key}" costs ${price.amount}.`,
      'Give the amount in whole minor units, such as 2000 for $20.',
    )
  }
  if (!/^[a-z]{3}$/i.test(price.currency)) {
    return refuse(`The plan "${key}" has the currency "${price.currency}".`, 'Give its ISO code, such as "usd".')
  }
  return null
}

function refuse(problem: string, remedy: string): CatalogResult {
  return { ok: false, problem, remedy }
}
