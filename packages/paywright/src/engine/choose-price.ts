import type { CatalogPlan, CatalogPrice } from '../domain/catalog.js'
import type { Price } from '../domain/mirror.js'
import { BillingError } from '../errors.js'
import { CATALOG_SUBJECT, type EngineContext } from './context.js'

export interface ChosenPrice {
  readonly plan: CatalogPlan
  readonly interval: string
  readonly stripePriceId: string
}

/** The price at Stripe that a plan key and an interval stand for; the client names no price. */
export async function choosePrice(
  context: EngineContext,
  wish: { readonly plan: string; readonly interval: string },
): Promise<ChosenPrice> {
  const plan = planOf(context, wish.plan)
  const price = priceOf(plan, wish.interval)
  return { plan, interval: price.interval, stripePriceId: await stripePriceOf(context, plan, price) }
}

function planOf({ catalog }: EngineContext, key: string): CatalogPlan {
  const known = catalog.plans.filter((plan) => plan.prices.length > 0).map((plan) => plan.key)
  const plan = catalog.plans.find((candidate) => candidate.key === key)
  const detail = `Asked for "${key.slice(0, 40)}"; for sale are: ${known.join(', ') || 'none'}.`
  if (plan === undefined) throw new BillingError('plan_unknown', { detail })
  if (plan.prices.length === 0) throw new BillingError('plan_not_for_sale', { detail })
  return plan
}

function priceOf(plan: CatalogPlan, interval: string): CatalogPrice {
  const price = plan.prices.find((candidate) => candidate.interval === interval)
  if (price !== undefined) return price
  const known = plan.prices.map((candidate) => candidate.interval).join(', ')
  const detail = `Asked for "${interval.slice(0, 40)}"; "${plan.key}" is sold by: ${known}.`
  throw new BillingError('interval_unknown', { detail })
}

async function stripePriceOf(context: EngineContext, plan: CatalogPlan, price: CatalogPrice): Promise<string> {
  switch (price.source) {
    case 'stripe':
      return price.stripePriceId
    case 'unset':
      throw new BillingError('price_not_configured', { detail: `It is "${plan.key}" by the ${price.interval}.` })
    case 'code':
      return pushedPriceOf(context, price)
    default:
      return price satisfies never
  }
}

/** The price with the lookup key, if it costs what the code says: nobody is charged another amount than was shown. */
async function pushedPriceOf(
  context: EngineContext,
  wanted: Extract<CatalogPrice, { source: 'code' }>,
): Promise<string> {
  const scope = await context.scope()
  const fits = (price: Price): boolean =>
    price.isActive &&
    price.lookupKey === wanted.lookupKey &&
    price.unitAmount === wanted.amount &&
    price.currency === wanted.currency.toLowerCase()
  const known = (await context.store.loadPrices(scope)).find(fits)
  if (known !== undefined) return known.stripePriceId
  // Pushed by another process, or before this database was made: ask Stripe once.
  await context.syncNow(CATALOG_SUBJECT)
  const found = (await context.store.loadPrices(scope)).find(fits)
  if (found !== undefined) return found.stripePriceId
  const detail = `No active price has the lookup key "${wanted.lookupKey}" and costs ${wanted.amount} ${wanted.currency}.`
  throw new BillingError('price_not_pushed', { detail })
}
