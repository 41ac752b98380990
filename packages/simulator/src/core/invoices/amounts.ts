/** What remains to be paid of an invoice's total, and what the customer's balance is after it. */
export interface Settlement {
  readonly amountDue: number
  readonly endingBalance: number
}

/**
 * Applies the customer's balance (negative is credit) to a total. A negative total becomes credit, and what is too small to
 * charge is owed on the balance instead. https://docs.stripe.com/billing/customer/balance
 */
export function settle(total: number, startingBalance: number, minimumCharge: number): Settlement {
  const open = total <= 0 ? 0 : Math.max(0, total + startingBalance)
  const amountDue = open < minimumCharge ? 0 : open
  return { amountDue, endingBalance: startingBalance + total - amountDue }
}

/** A change of a customer's balance by an invoice. */
export interface BalanceChangeByInvoice {
  readonly amount: number
  readonly type: 'applied_to_invoice' | 'invoice_too_small'
}

/** How an invoice moves the balance: by the credit or debt it takes in, and by what is too small to be charged. */
export function balanceChanges(total: number, starting: number, ending: number): readonly BalanceChangeByInvoice[] {
  const isTooSmall = ending > 0 && total > 0
  const owed = isTooSmall ? ending - Math.max(starting, 0) : 0
  const applied = ending - starting - owed
  const changes: readonly BalanceChangeByInvoice[] = [
    { amount: applied, type: 'applied_to_invoice' },
    { amount: owed, type: 'invoice_too_small' },
  ]
  return changes.filter(({ amount }) => amount !== 0)
}
