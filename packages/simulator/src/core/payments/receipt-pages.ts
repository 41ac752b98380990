import { settingsOf } from '../account-settings.js'
import type { Money } from '../page-views.js'
import type { Transaction } from '../transaction.js'

/** What the receipt of a charge says to whom it was taken from. */
export interface ReceiptView {
  readonly businessName: string
  readonly description: string | null
  readonly amount: Money
  readonly refunded: Money
  readonly paidAt: number
  readonly card: { readonly brand: string; readonly last4: string } | null
  /** The type of what it was paid with. */
  readonly type: string
}

/** The receipt of a charge that has one. */
export function receiptView(transaction: Transaction, id: string): ReceiptView | undefined {
  const charge = transaction.get('charges', id)
  if (charge?.receipt_url == null) return undefined
  const {
    amount,
    amount_captured: taken,
    amount_refunded: refunded,
    currency,
    payment_method_details: details,
  } = charge
  const { brand, last4 } = details?.card ?? {}
  return {
    businessName: settingsOf(transaction).businessName,
    description: charge.description,
    amount: { value: charge.captured ? taken : amount, currency },
    refunded: { value: refunded, currency },
    paidAt: charge.created,
    card: brand == null || last4 == null ? null : { brand, last4 },
    type: details?.type ?? 'card',
  }
}
