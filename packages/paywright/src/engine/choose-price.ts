import type { CheckoutPermit } from '../domain/checkout-guard.js'
import type { CatalogPrice } from '../domain/catalog.js'
import type { Price } from '../domain/mirror.js'
import { BillingError } from '../errors.js'
import { CATALOG_SUBJECT } from '../domain/subject.js'
import type { EngineContext } from './context.js'

type PriceForSale = Extract<CheckoutPermit, { ok: true }>['price']

/** The id of a plan's price at Stripe; the client never names one. */
export async function stripePriceOf(context: EngineContext, price: PriceForSale): Promise<string> {
  switch (price.source) {
    case 'stripe':
      return price.stripePriceId
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
  const { lookupKey, amount, currency } = wanted
  const scope = await context.scope()
  const isWanted = (price: Price): boolean =>
    price.isActive && price.lookupKey === lookupKey && price.unitAmount === amount && price.currency === currency
  const known = (await context.store.loadPrices(scope)).find(isWanted)
  if (known !== undefined) return known.stripePriceId
  // Pushed by another process, or before this database was made: ask Stripe once.
  await context.syncNow(CATALOG_SUBJECT)
  const found = (await context.store.loadPrices(scope)).find(isWanted)
  if (found !== undefined) return found.stripePriceId
  const detail = `No active price has the lookup key "${lookupKey}" and the amount ${amount} ${currency}.`
  throw new BillingError('price_not_pushed', { detail })
}
