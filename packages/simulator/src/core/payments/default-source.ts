import { noSuch } from '../error.js'
import type { Transaction } from '../transaction.js'

/** A customer's card kept in the older way; it stands in the same table as the newer payment methods. */
export function readSource(transaction: Transaction, id: string, customer: string): string {
  if (transaction.get('payment_methods', id)?.customer === customer) return id
  throw noSuch('source', id, { param: 'default_source', status: 400 })
}
