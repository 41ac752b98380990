import type { Transaction } from '../transaction.js'
import { completeCheckout } from './complete.js'

interface PaymentSignal {
  readonly paymentIntent: string
}

/** The payment or the setup worked, or a bank works at it: a session that waited for that is complete. */
function completeWaiting(transaction: Transaction, intent: string): void {
  const [order] = transaction.by('checkout_orders', 'intent', intent)
  if (order === undefined || transaction.load('checkout_sessions', order.id).status !== 'open') return
  completeCheckout(transaction, order)
}

export function onCheckoutSetUp(transaction: Transaction, { setupIntent }: { readonly setupIntent: string }): void {
  completeWaiting(transaction, setupIntent)
}

/** The money is there: at once, or days after the session was completed. */
export function onCheckoutPaid(transaction: Transaction, { paymentIntent }: PaymentSignal): void {
  const [order] = transaction.by('checkout_orders', 'intent', paymentIntent)
  if (order === undefined) return
  const session = transaction.load('checkout_sessions', order.id)
  if (session.status === 'open') completeCheckout(transaction, order)
  if (session.status !== 'complete' || session.payment_status !== 'unpaid') return
  const { clock } = transaction
  transaction.enterClock(null)
  const paid = transaction.patch('checkout_sessions', session.id, { payment_status: 'paid' })
  if (isDelayed(transaction, paymentIntent)) {
    transaction.emit('checkout.session.async_payment_succeeded', 'checkout_sessions', paid)
  }
  transaction.enterClock(clock)
}

/** A bank answers later, or has set the money aside until it is taken. */
export function onCheckoutPending(transaction: Transaction, { paymentIntent }: PaymentSignal): void {
  completeWaiting(transaction, paymentIntent)
}

/** The bank refused after the session was completed. */
export function onCheckoutFailed(transaction: Transaction, { paymentIntent }: PaymentSignal): void {
  const [order] = transaction.by('checkout_orders', 'intent', paymentIntent)
  if (order === undefined) return
  const session = transaction.load('checkout_sessions', order.id)
  if (session.status !== 'complete') return
  const { clock } = transaction
  transaction.enterClock(null)
  transaction.emit('checkout.session.async_payment_failed', 'checkout_sessions', session)
  transaction.enterClock(clock)
}

/** What was set aside and then taken was never at a bank that takes its time. */
function isDelayed(transaction: Transaction, intent: string): boolean {
  return transaction.load('payment_intents', intent).capture_method !== 'manual'
}
