import type { Transaction } from '../transaction.js'
import type { ThinEventRecord } from '../usage-records.js'

/** Writes an event that exists in version 2 of the API alone. */
export function emitThin(
  transaction: Transaction,
  { type, data, related }: Pick<ThinEventRecord, 'type' | 'related' | 'data'>,
): ThinEventRecord {
  return transaction.put('thin_events', {
    id: transaction.newId('evt_test'),
    type,
    ...(transaction.clock !== null && { clock: transaction.clock }),
    created: transaction.now,
    ...(data !== undefined && { data }),
    related,
    request: transaction.request,
  })
}

/** Writes an event about a record that has no snapshot event, such as that an invoice waits for a payment. */
export function emitThinAbout(
  transaction: Transaction,
  type: string,
  about: { readonly id: string; readonly object: 'invoice_payment' | 'invoiceitem' | 'promotion_code' },
): void {
  const { id, object } = about
  emitThin(transaction, { type: `v1.${type}`, related: { id, type: object, url: `/v1/${object}s/${id}` } })
}
