import { settingsOf } from '../account-settings.js'
import type { Money } from '../page-views.js'
import type { Transaction } from '../transaction.js'

/** What the page of a mandate tells the owner of the account. */
export interface MandateView {
  readonly businessName: string
  readonly reference: string
  /** The type of what is debited, and the last digits of the account. */
  readonly type: string
  readonly account: string
  readonly holder: string | null
  readonly acceptedAt: number
  readonly isActive: boolean
  /** The one payment that it allows; `null` when it allows any. */
  readonly amount: Money | null
}

export function mandateView(transaction: Transaction, id: string): MandateView | undefined {
  const mandate = transaction.get('mandates', id)
  if (mandate === undefined) return undefined
  const method = transaction.get('payment_methods', mandate.payment_method)
  const account = method?.sepa_debit ?? method?.bacs_debit ?? method?.au_becs_debit ?? method?.acss_debit
  const { single_use: once, payment_method_details: details } = mandate
  return {
    businessName: settingsOf(transaction).businessName,
    reference: details.sepa_debit?.reference ?? details.bacs_debit?.reference ?? id,
    type: details.type,
    account: account?.last4 ?? '',
    holder: method?.billing_details.name ?? null,
    acceptedAt: mandate.customer_acceptance.accepted_at ?? transaction.now,
    isActive: mandate.status === 'active',
    amount: once === undefined ? null : { value: once.amount, currency: once.currency },
  }
}
