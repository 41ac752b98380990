import type { Transaction } from '../transaction.js'
import type { Charge } from './charge-request.js'

/** The bank says that the card was stolen, and has not fetched the money back yet. */
export function warnOfFraud(transaction: Transaction, charge: Charge): void {
  const warning = transaction.put('early_fraud_warnings', {
    id: transaction.newId('issfr'),
    object: 'radar.early_fraud_warning',
    actionable: true,
    charge: charge.id,
    created: transaction.now,
    fraud_type: 'made_with_stolen_card',
    livemode: false,
    ...(charge.payment_intent !== null && { payment_intent: charge.payment_intent }),
  })
  transaction.emit('radar.early_fraud_warning.created', 'early_fraud_warnings', warning)
}

/**
 * A warning calls for nothing any more once the charge was refunded in full or disputed.
 * https://docs.stripe.com/api/radar/early_fraud_warnings/object#early_fraud_warning_object-actionable
 */
export function reviewWarnings(transaction: Transaction, charge: string): void {
  const { disputed, refunded } = transaction.load('charges', charge)
  const actionable = !disputed && !refunded
  for (const before of transaction.by('early_fraud_warnings', 'charge', charge)) {
    if (before.actionable === actionable) continue
    const after = transaction.patch('early_fraud_warnings', before.id, { actionable })
    transaction.emitChange('radar.early_fraud_warning.updated', 'early_fraud_warnings', { before, after })
  }
}
