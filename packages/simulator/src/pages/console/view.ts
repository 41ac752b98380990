import type { Records, TableName } from '../../core/records.js'
import type { IndexName } from '../../core/indexes.js'
import type { Page, Transaction } from '../../core/transaction.js'
import type { UnixSeconds } from '../../core/unix-seconds.js'
import type { LoggedRequest } from '../../http/request-log.js'

/** What the console looks at. Nothing is changed through it. */
export interface ConsoleView {
  readonly transaction: Transaction
  readonly now: UnixSeconds
  readonly isFrozen: boolean
  readonly nextBillingEventAt: UnixSeconds | null
  readonly deliveryMode: 'immediate' | 'manual'
  /** Whether an event waits to be sent, and its time has come. */
  readonly isAnyDue: boolean
  readonly requests: (limit?: number) => readonly LoggedRequest[]
  readonly request: (id: string) => LoggedRequest | undefined
  readonly count: (table: TableName) => number
  /** Of the address: filters, and after which row to begin. */
  readonly query: URLSearchParams
  /** The address itself, to come back to. */
  readonly here: string
}

export const SHOWN = 25

interface Asked<Name extends TableName> {
  readonly table: Name
  readonly kind: string
  readonly index?: IndexName<Name>
  readonly key?: string
}

/** One page of a list, from where the address says. A row that is gone leaves the reader at the beginning. */
export function pageOf<Name extends TableName>(
  { transaction, query }: ConsoleView,
  { table, kind, index, key }: Asked<Name>,
): Page<Records[Name]> {
  const after = query.get('after')
  const isThere = after !== null && transaction.get(table, after) !== undefined
  const cursor = isThere ? { starting_after: after } : {}
  const bucket = index === undefined || key === undefined || key === '' ? {} : { index, key }
  return transaction.page(table, { limit: SHOWN, ...cursor }, { kind, ...bucket })
}
