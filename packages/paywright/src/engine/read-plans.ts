import type { CatalogPlan, CatalogPrice } from '../domain/catalog.js'
import type { Price } from '../domain/mirror.js'
import { CATALOG_SUBJECT } from '../domain/subject.js'
import type { EngineContext } from './context.js'

export interface PlanForSale {
  readonly key: string
  readonly name: string
  readonly trialDays: number | null
  readonly features: CatalogPlan['features']
  readonly prices: readonly PriceForSale[]
}

export interface PriceForSale {
  readonly interval: string
  readonly amount: number
  readonly currency: string
}

/** What is for sale, in the order of the code. The amount of a price that stands in Stripe alone comes from the mirror. */
export async function readPlans(context: EngineContext): Promise<readonly PlanForSale[]> {
  const isMirrorNeeded = context.catalog.plans.some(({ prices }) => prices.some(({ source }) => source === 'stripe'))
  const mirrored = isMirrorNeeded ? await mirroredPrices(context) : []
  return context.catalog.plans.map(({ key, name, trialDays, features, prices }) => ({
    key,
    name,
    trialDays,
    features,
    prices: prices.flatMap((price) => priceForSale(price, mirrored)),
  }))
}

/** Read from Stripe only while nothing at all is mirrored, because everybody may ask for the plans. */
async function mirroredPrices(context: EngineContext): Promise<readonly Price[]> {
  const scope = await context.scope()
  const known = await context.store.loadPrices(scope)
  if (known.length > 0) return known
  await context.syncNow(CATALOG_SUBJECT)
  return context.store.loadPrices(scope)
}

/** Nothing where the price is not configured, or has no one amount. */
function priceForSale(price: CatalogPrice, mirrored: readonly Price[]): readonly PriceForSale[] {
  const { interval } = price
  switch (price.source) {
    case 'code':
      return [{ interval, amount: price.amount, currency: price.currency }]
    case 'stripe': {
      const found = mirrored.find(({ stripePriceId }) => stripePriceId === price.stripePriceId)
      if (found === undefined || found.unitAmount === null) return []
      return [{ interval, amount: found.unitAmount, currency: found.currency }]
    }
    case 'unset':
      return []
    default:
      return price satisfies never
  }
}
