import { creditCharge } from './balance-transactions.js'
import { testCardOf, type Decline } from './cards.js'
import { chargeOf, LONGEST_HOLD } from './charge-fields.js'
import type { Charge, ChargeOptions, ChargeRequest } from './charge-request.js'
import { reviewWarnings } from './fraud-warnings.js'
import type { TimerHandler } from '../handler.js'
import type { Transaction } from '../transaction.js'

/** Seconds until the money of an asynchronously captured charge shows in the balance. */
const SETTLEMENT_DELAY = 2

/** Takes money, or asks a bank for it, or records that it was refused, and reports it. */
export function createCharge(transaction: Transaction, wanted: ChargeRequest, options: ChargeOptions = {}): Charge {
  const charge = transaction.put('charges', chargeOf(transaction, wanted, options))
  if (options.decline !== undefined) {
    transaction.emit('charge.failed', 'charges', charge)
    return charge
  }
  if (options.isPending === true) {
    transaction.emit('charge.pending', 'charges', charge)
    return charge
  }
  if (wanted.capture_method === 'automatic') settle(transaction, charge.id)
  if (wanted.capture_method === 'automatic_async') {
    transaction.schedule({ kind: 'charge.settle', at: transaction.now + SETTLEMENT_DELAY, subject: charge.id })
  }
  if (wanted.capture_method === 'manual') {
    transaction.schedule({ kind: 'charge.expire', at: transaction.now + LONGEST_HOLD, subject: charge.id })
  }
  const settled = transaction.load('charges', charge.id)
  transaction.emit('charge.succeeded', 'charges', settled)
  return settled
}

/** The bank that was asked has answered. */
export function finishCharge(transaction: Transaction, id: string, decline: Decline | undefined): Charge {
  const before = transaction.load('charges', id)
  if (decline !== undefined) {
    const failed = transaction.patch('charges', id, {
      amount_captured: 0,
      captured: false,
      failure_code: decline.code,
      failure_message: decline.message,
      status: 'failed',
    })
    transaction.emit('charge.failed', 'charges', failed)
    return failed
  }
  transaction.patch('charges', id, { paid: true, status: 'succeeded' })
  const after = settle(transaction, before.id)
  transaction.emit('charge.succeeded', 'charges', after)
  return after
}

/** Takes what an authorized charge had set aside, or a part of it; the rest is released. */
export function captureCharge(transaction: Transaction, id: string, amount: number): Charge {
  const before = transaction.load('charges', id)
  transaction.unschedule('charge.expire', id)
  transaction.patch('charges', id, { amount_captured: amount, captured: true })
  const after = settle(transaction, id)
  transaction.emitChange('charge.captured', 'charges', { before, after })
  return after
}

/** Gives back what an authorized charge had set aside: `expired` when nobody took it in time. */
export function releaseCharge(
  transaction: Transaction,
  id: string,
  type: 'charge.expired' | 'charge.refunded',
): Charge {
  const before = transaction.load('charges', id)
  transaction.unschedule('charge.expire', id)
  const after = transaction.patch('charges', id, { amount_refunded: before.amount, refunded: true })
  transaction.emitChange(type, 'charges', { before, after })
  reviewWarnings(transaction, id)
  return after
}

function settle(transaction: Transaction, id: string): Charge {
  const charge = transaction.load('charges', id)
  const behaviour = transaction.get('card_behaviours', charge.payment_method ?? '')
  const isAvailable = testCardOf(behaviour?.number ?? '').skipsPending === true
  return transaction.patch('charges', id, {
    balance_transaction: creditCharge(transaction, charge, { isAvailable }).id,
  })
}

export const settleCharge: TimerHandler = (transaction, timer) => {
  const before = transaction.load('charges', timer.subject)
  transaction.emitChange('charge.updated', 'charges', { before, after: settle(transaction, before.id) })
}
