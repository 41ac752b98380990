import { createPrice } from './create-price.js'
import { createProduct } from './create-product.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

interface AdHoc {
  readonly amount: number
  readonly currency: string
  readonly name: string
}

/** An amount billed without a price gets an inactive price and product of its own, which Stripe makes unannounced. */
export function adHocPrice(transaction: Transaction, { amount, currency, name }: AdHoc): Records['prices'] {
  const unannounced = transaction.fork()
  const product = { ...createProduct(unannounced, { active: false, name }), id: transaction.newId('prod') }
  const price = createPrice(unannounced, { active: false, currency, product: product.id, unit_amount: amount })
  transaction.put('products', product)
  return transaction.put('prices', { ...price, id: transaction.newId('price') })
}
