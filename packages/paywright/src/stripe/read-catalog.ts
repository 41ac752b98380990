import type { Stripe } from 'stripe'
import type { CatalogRead } from '../engine/ports.js'
import { call } from './call.js'
import { rawsOf } from './raw.js'
import { PAGE_SIZE, readAll } from './read-all.js'
import { listRecords } from './read-records.js'
import { startReading } from './seen.js'
import { toPrice, toProduct } from './to-catalog.js'

const MOST_PRODUCTS = 1000
const MOST_PRICES = 5000

/** Everything of the account, the retired products and prices too: somebody may still pay them. */
export async function readCatalog(stripe: Stripe): Promise<CatalogRead> {
  const reading = startReading()
  const pages = stripe.products.list({ limit: PAGE_SIZE })
  const [products, prices, ...lists] = await Promise.all([
    call('products.list', () => readAll(pages, { kind: 'products', limit: MOST_PRODUCTS })),
    call('prices.list', () =>
      readAll(stripe.prices.list({ limit: PAGE_SIZE }), { kind: 'prices', limit: MOST_PRICES }),
    ),
    listRecords('feature', () => stripe.entitlements.features.list({ limit: PAGE_SIZE })),
    listRecords('coupon', () => stripe.coupons.list({ limit: PAGE_SIZE })),
    listRecords('promotionCode', () => stripe.promotionCodes.list({ limit: PAGE_SIZE })),
    listRecords('meter', () => stripe.billing.meters.list({ limit: PAGE_SIZE })),
  ])
  return {
    products: products.map(toProduct),
    prices: prices.map(toPrice),
    objects: rawsOf([...products, ...prices]),
    seen: reading.seen(await pages),
    lists: lists.flat(),
  }
}
