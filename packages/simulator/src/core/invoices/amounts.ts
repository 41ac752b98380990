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
