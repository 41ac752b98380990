import type { Transaction } from '../transaction.js'

/** What the page for small deposits shows of the payment or the setup that waits for them to be told. */
export interface DepositView {
  readonly id: string
  readonly isWaiting: boolean
  readonly account: string
  readonly formToken: string
}

export function depositView(transaction: Transaction, id: string): DepositView | undefined {
  const intent = id.startsWith('seti_') ? transaction.get('setup_intents', id) : transaction.get('payment_intents', id)
  if (intent === undefined) return undefined
  const method = intent.payment_method === null ? undefined : transaction.get('payment_methods', intent.payment_method)
  return {
    id,
    isWaiting: intent.status === 'requires_action' && intent.next_action?.type === 'verify_with_microdeposits',
    account: method?.us_bank_account?.last4 ?? '',
    formToken: intent.client_secret ?? '',
  }
}
