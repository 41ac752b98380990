import { scheduleAtBank } from './at-the-bank.js'
import { moveBalance, type BalanceTransaction } from './balance-transactions.js'
import { testCardOf, type CardDispute } from './cards.js'
import type { Charge } from './charge-request.js'
import { debitOutcomeOf } from './bank-accounts.js'
import { NO_EVIDENCE } from './dispute-evidence.js'
import { reviewWarnings, warnOfFraud } from './fraud-warnings.js'
import type { TimerHandler } from '../handler.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export type Dispute = Records['disputes']

const DAY = 86_400

/** Days for an answer, until the end of the last one; what nobody answers is lost. The networks allow 7 to 21. */
const DAYS_TO_ANSWER = 9
/** Days after which an inquiry that nobody escalated is over. https://docs.stripe.com/disputes/how-disputes-work#inquiries */
const DAYS_OF_INQUIRY = 120
/** Stripe's fee for a dispute, in minor units; it is not given back. https://stripe.com/pricing */
const FEE = { amount: 1500, description: 'Dispute fee' }
/** Seconds until a bank has decided about test evidence; others have measured about four. */
const DECISION_DELAY = 4

/** A charge went through: some test cards have the money fetched back, or are warned of, at once. */
export function followUpCharge(transaction: Transaction, id: string): void {
  const charge = transaction.load('charges', id)
  const number = transaction.get('card_behaviours', charge.payment_method ?? '')?.number ?? ''
  const type = charge.payment_method_details?.type ?? 'card'
  if (type !== 'card') {
    if (debitOutcomeOf(type, number).isDisputed === true)
      openDispute(transaction, charge, { ...BANK, amount: charge.amount })
    return
  }
  const { dispute, isWarnedOf } = testCardOf(number)
  if (isWarnedOf === true) warnOfFraud(transaction, charge)
  if (dispute === undefined) return
  const { count = 1 } = dispute
  const part = Math.floor(charge.amount_captured / count)
  for (let index = 0; index < count; index++) {
    const amount = index === 0 ? charge.amount_captured - part * (count - 1) : part
    openDispute(transaction, transaction.load('charges', id), { ...dispute, amount })
  }
}

/** The reason that banks give for debits. */
const BANK: CardDispute = { reason: 'fraudulent', caseType: 'chargeback', networkReasonCode: '' }

function openDispute(transaction: Transaction, charge: Charge, asked: CardDispute & { readonly amount: number }): void {
  const isInquiry = asked.caseType === 'inquiry'
  const card = charge.payment_method_details?.card
  const id = transaction.newId('du')
  const { networkReasonCode: reasonCode } = asked
  const answer = endOfDay(transaction.now + DAYS_TO_ANSWER * DAY)
  transaction.put('disputes', {
    id,
    object: 'dispute',
    amount: asked.amount,
    balance_transactions: [],
    charge: charge.id,
    created: transaction.now,
    currency: charge.currency,
    enhanced_eligibility_types: asked.eligibleFor === undefined ? [] : [asked.eligibleFor],
    evidence: NO_EVIDENCE,
    evidence_details: {
      due_by: answer,
      enhanced_eligibility: eligibilityOf(asked),
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: isInquiry,
    livemode: false,
    metadata: {},
    network_reason_code: reasonCode === '' ? null : reasonCode,
    payment_intent: charge.payment_intent,
    ...(card != null && {
      payment_method_details: {
        type: 'card',
        card: {
          brand: card.brand ?? 'unknown',
          case_type: asked.caseType,
          network: card.network ?? 'unknown',
          network_reason_code: reasonCode,
        },
      },
    }),
    reason: asked.reason,
    status: isInquiry ? 'warning_needs_response' : 'needs_response',
  })
  transaction.patch('charges', charge.id, { disputed: true })
  const dispute = isInquiry ? transaction.load('disputes', id) : withdraw(transaction, id)
  transaction.emit('charge.dispute.created', 'disputes', dispute)
  if (!isInquiry) transaction.emit('charge.dispute.funds_withdrawn', 'disputes', dispute)
  reviewWarnings(transaction, charge.id)
  const delay = isInquiry ? DAYS_OF_INQUIRY * DAY : answer - transaction.now
  scheduleAtBank(transaction, { kind: 'dispute.expire', delay, subject: id })
}

function endOfDay(at: number): number {
  return at - (at % DAY) + DAY - 1
}

function eligibilityOf({ eligibleFor }: CardDispute): Dispute['evidence_details']['enhanced_eligibility'] {
  if (eligibleFor === undefined) return {}
  if (eligibleFor === 'visa_compliance') return { visa_compliance: { status: 'requires_fee_acknowledgement' } }
  const missing = ['missing_merchandise_or_services', 'missing_disputed_transaction_description'] as const
  return { visa_compelling_evidence_3: { required_actions: missing, status: 'requires_action' } }
}

/** The bank fetches the money back, and Stripe takes its fee. */
function withdraw(transaction: Transaction, id: string): Dispute {
  const { amount, charge, balance_transactions: entries } = transaction.load('disputes', id)
  const entry = enter(transaction, id, {
    amount: -amount,
    fee: FEE,
    description: `Chargeback withdrawal for ${charge}`,
  })
  return transaction.patch('disputes', id, { balance_transactions: [...entries, entry], is_charge_refundable: false })
}

function enter(
  transaction: Transaction,
  id: string,
  entry: { readonly amount: number; readonly fee?: typeof FEE; readonly description: string },
): BalanceTransaction {
  const { currency } = transaction.load('disputes', id)
  const category = entry.amount < 0 ? 'dispute' : 'dispute_reversal'
  return moveBalance(transaction, { ...entry, currency, source: id, type: 'adjustment', category })
}

/** Evidence went to the bank, which decides by itself. */
export function sendToBank(transaction: Transaction, id: string): void {
  transaction.unschedule('dispute.expire', id)
  transaction.unschedule('dispute.decide', id)
  scheduleAtBank(transaction, { kind: 'dispute.decide', delay: DECISION_DELAY, subject: id })
}

/** Texts that decide a test dispute. https://docs.stripe.com/testing#evidence */
const DECISIVE: Readonly<Record<string, 'won' | 'lost' | 'escalated'>> = {
  winning_evidence: 'won',
  losing_evidence: 'lost',
  escalate_inquiry_evidence: 'escalated',
}

export const decideDispute: TimerHandler = (transaction, timer) => {
  const dispute = transaction.load('disputes', timer.subject)
  enterClockOfDispute(transaction, dispute)
  const decision = DECISIVE[dispute.evidence.uncategorized_text ?? '']
  if (decision === undefined) return
  const isInquiry = dispute.status.startsWith('warning_')
  if (isInquiry && decision === 'escalated') escalate(transaction, dispute)
  else if (isInquiry && decision === 'won') endDispute(transaction, dispute, 'warning_closed')
  else if (decision !== 'escalated') endDispute(transaction, dispute, decision)
}

/** Nobody answered in time. */
export const expireDispute: TimerHandler = (transaction, timer) => {
  const dispute = transaction.load('disputes', timer.subject)
  enterClockOfDispute(transaction, dispute)
  const details = { ...dispute.evidence_details, past_due: true }
  const late = transaction.patch('disputes', dispute.id, { evidence_details: details })
  endDispute(transaction, late, dispute.status.startsWith('warning_') ? 'warning_closed' : 'lost')
}

export function enterClockOfDispute(transaction: Transaction, { charge }: Dispute): void {
  transaction.enterClockOf(transaction.load('charges', charge).customer)
}

/** An inquiry becomes a dispute: only now is the money fetched back. */
function escalate(transaction: Transaction, before: Dispute): void {
  const card = before.payment_method_details?.card
  const due = endOfDay(transaction.now + DAYS_TO_ANSWER * DAY)
  transaction.patch('disputes', before.id, {
    evidence_details: { ...before.evidence_details, due_by: due },
    ...(card !== undefined && {
      payment_method_details: { type: 'card', card: { ...card, case_type: 'chargeback' as const } },
    }),
    status: 'needs_response',
  })
  const after = withdraw(transaction, before.id)
  transaction.emitChange('charge.dispute.updated', 'disputes', { before, after })
  transaction.emit('charge.dispute.funds_withdrawn', 'disputes', after)
  scheduleAtBank(transaction, { kind: 'dispute.expire', delay: due - transaction.now, subject: before.id })
}

/** Ends a dispute. What was withdrawn comes back when it is won. */
export function endDispute(
  transaction: Transaction,
  { id, amount, charge, balance_transactions: entries }: Dispute,
  status: 'won' | 'lost' | 'warning_closed',
): Dispute {
  transaction.unschedule('dispute.expire', id)
  transaction.unschedule('dispute.decide', id)
  const isPaidBack = status === 'won'
  const description = `Chargeback reversal for ${charge}`
  const after = transaction.patch('disputes', id, {
    ...(isPaidBack && { balance_transactions: [...entries, enter(transaction, id, { amount, description })] }),
    status,
  })
  transaction.emit('charge.dispute.closed', 'disputes', after)
  if (isPaidBack) transaction.emit('charge.dispute.funds_reinstated', 'disputes', after)
  return after
}
