import { noSuch, notSimulated } from './error.js'
import type { Records, TableName } from './records.js'
import type { Transaction } from './transaction.js'

/** The record that a request's path names; Stripe calls the path's parameter differently for some objects. */
export function recordInPath<Name extends TableName>(
  transaction: Transaction,
  table: Name,
  named: { readonly id: string | undefined; readonly kind: string; readonly param?: string },
): Records[Name] {
  const { id, kind, param = 'id' } = named
  const record = id === undefined ? undefined : transaction.get(table, id)
  if (record !== undefined) return record
  throw noSuch(kind, id ?? '', { param, status: 404 })
}

/** Refuses parameters that exist at Stripe and do nothing here, so that none is silently ignored. */
export function refuseUnbuilt(params: object, built: readonly string[]): void {
  for (const name of Object.keys(params)) {
    if (name === 'expand' || built.includes(name) || Reflect.get(params, name) === undefined) continue
    throw notSimulated(`The parameter ${name}`, name)
  }
}
