import type { Transaction } from '../transaction.js'
import { completeWaiting } from './complete.js'

export { checkoutSessionHandlers, closeWhenDue } from './handlers.js'

export function onCheckoutPaid(transaction: Transaction, { paymentIntent }: { readonly paymentIntent: string }): void {
  completeWaiting(transaction, paymentIntent)
}

export function onCheckoutSetUp(transaction: Transaction, { setupIntent }: { readonly setupIntent: string }): void {
  completeWaiting(transaction, setupIntent)
}
