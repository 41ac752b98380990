import type { Stripe } from 'stripe'
import type { Price, Product } from '../domain/mirror.js'
import { call } from './call.js'
import { PAGE_SIZE, readAll } from './read-all.js'
import { toPrice, toProduct } from './to-catalog.js'

const MOST_PRODUCTS = 1000
const MOST_PRICES = 5000

/** All products and prices, the retired ones too: somebody may still pay them. */
export async function readCatalog(stripe: Stripe): Promise<{ products: readonly Product[]; prices: readonly Price[] }> {
  const [products, prices] = await Promise.all([
    call('products.list', () =>
      readAll(stripe.products.list({ limit: PAGE_SIZE }), { kind: 'products', limit: MOST_PRODUCTS }),
    ),
    call('prices.list', () =>
      readAll(stripe.prices.list({ limit: PAGE_SIZE }), { kind: 'prices', limit: MOST_PRICES }),
    ),
  ])
  return { products: products.map(toProduct), prices: prices.map(toPrice) }
}
