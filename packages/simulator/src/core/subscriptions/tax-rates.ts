import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

/** Tax rates named by a request; none when the list is emptied, `undefined` when the request says nothing. */
export function readTaxRates(
  transaction: Transaction,
  ids: '' | readonly string[] | null | undefined,
  param: string,
): readonly Records['tax_rates'][] | undefined {
  if (ids === undefined) return undefined
  if (ids === '' || ids === null) return []
  return ids.map((id, index) => transaction.require('tax_rates', id, { kind: 'tax rate', param: `${param}[${index}]` }))
}
