import { settingsOf } from '../account-settings.js'
import { debitOutcomeOf, type DebitOutcome } from './bank-accounts.js'
import type { Decline } from './cards.js'
import { createCharge, finishCharge } from './charges.js'
import { StripeError } from '../error.js'
import type { TimerHandler } from '../handler.js'
import { mandateFor, type Acceptance } from './mandates.js'
import { giveBack, keepForLater, succeed, wished, type PaymentIntent, type PaymentResult } from './payment-outcomes.js'
import type { Transaction } from '../transaction.js'

/** Seconds after which the banks of some test accounts answer. https://docs.stripe.com/testing#non-card-payments */
const LATER = 180

/** Asks the customer's bank for the money; its answer takes time. */
export function startProcessing(
  transaction: Transaction,
  intent: PaymentIntent,
  acceptance: Acceptance | undefined,
): PaymentResult {
  const before = wished(transaction, intent)
  const method = transaction.load('payment_methods', before.payment_method ?? '')
  const { amount, currency } = before
  keepForLater(transaction, before)
  const isOnce = before.setup_future_usage === null && method.customer === null
  const mandate = mandateFor(transaction, method, { acceptance, ...(isOnce && { once: { amount, currency } }) })
  const wanted = { ...before, capture_method: 'automatic' as const, paymentIntent: before.id }
  const { id: latest } = createCharge(transaction, wanted, { isPending: true, mandate: mandate?.id ?? null })
  const after = transaction.patch('payment_intents', before.id, {
    latest_charge: latest,
    next_action: null,
    status: 'processing',
  })
  transaction.emit('payment_intent.processing', 'payment_intents', after)
  const delay = delayOf(transaction, outcomeOf(transaction, after))
  if (delay !== undefined) {
    transaction.schedule({ kind: 'payment_intent.settle', at: transaction.now + delay, subject: after.id })
  }
  transaction.send({ type: 'payment_intent.processing', paymentIntent: after.id })
  return { status: 'processing', paymentIntent: transaction.load('payment_intents', after.id) }
}

function outcomeOf(transaction: Transaction, intent: PaymentIntent): DebitOutcome {
  const method = transaction.load('payment_methods', intent.payment_method ?? '')
  return debitOutcomeOf(method.type, transaction.load('card_behaviours', method.id).number)
}

function delayOf(transaction: Transaction, { when }: DebitOutcome): number | undefined {
  switch (when) {
    case 'soon':
      return settingsOf(transaction).debitDelay
    case 'later':
      return settingsOf(transaction).debitDelay + LATER
    case 'never':
      return undefined
    default:
      return when satisfies never
  }
}

/** The bank has answered. */
export const settlePaymentIntent: TimerHandler = (transaction, timer) => {
  const before = transaction.load('payment_intents', timer.subject)
  if (before.status !== 'processing') return
  const { declines } = outcomeOf(transaction, before)
  const { id: latest } = finishCharge(transaction, before.latest_charge ?? '', declines)
  if (declines !== undefined) {
    giveBack(transaction, before, debitFailed(declines, latest))
    return
  }
  const fields = { amount_received: before.amount, status: 'succeeded' } as const
  succeed(transaction, transaction.patch('payment_intents', before.id, fields))
}

/** Recorded so: a failed debit is told of as a declined card, without a code. */
function debitFailed({ declineCode, message }: Decline, latest: string): StripeError {
  return new StripeError(402, { type: 'card_error', code: '', decline_code: declineCode, message, charge: latest })
}
