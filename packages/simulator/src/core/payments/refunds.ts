import { amountInWords } from '../arithmetic/currency.js'
import { scheduleAtBank } from './at-the-bank.js'
import { moveBalance } from './balance-transactions.js'
import { testCardOf } from './cards.js'
import { reviewWarnings } from './fraud-warnings.js'
import { invalidRequest } from '../error.js'
import type { TimerHandler } from '../handler.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type Refund = Records['refunds']
type Charge = Records['charges']

/** Seconds until the bank of an ordinary refund names its reference, and until a refund that takes time ends. Made up. */
const REFERENCE_DELAY = 2
const OUTCOME_DELAY = 5

export interface NewRefund {
  /** One of the two says what is refunded. */
  readonly charge?: string
  readonly paymentIntent?: string
  /** Left out, all that was not refunded before. */
  readonly amount?: number
  readonly reason?: Refund['reason']
  /** Where the customer is told how to get the money, for ways to pay that cannot give it back themselves. */
  readonly instructionsEmail?: string
  readonly metadata?: unknown
}

/** Gives a charge's money back, or part of it, and reports it. */
export function createRefund(transaction: Transaction, wanted: NewRefund): Refund {
  const charge = chargeOf(transaction, wanted)
  transaction.enterClockOf(charge.customer)
  const amount = refundableAmount(transaction, charge, wanted.amount)
  const behaviour = behaviourOf(transaction, charge)
  const id = transaction.newId(charge.payment_method_details?.type === 'card' ? 're' : 'pyr')
  const refund = transaction.put('refunds', {
    id,
    object: 'refund',
    amount,
    balance_transaction: takeFromBalance(transaction, charge, { id, amount }),
    charge: charge.id,
    created: transaction.now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: destinationOf(charge),
    ...(wanted.instructionsEmail !== undefined && { instructions_email: wanted.instructionsEmail }),
    metadata: mergeMetadata({}, wanted.metadata),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    ...(behaviour === 'pending' && { pending_reason: 'processing' as const }),
    reason: wanted.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: behaviour === 'pending' ? 'pending' : 'succeeded',
    transfer_reversal: null,
  })
  transaction.emit('refund.created', 'refunds', refund)
  reportRefunded(transaction, charge, amount)
  const delay = behaviour === 'succeeds' ? REFERENCE_DELAY : OUTCOME_DELAY
  scheduleAtBank(transaction, { kind: 'refund.settle', delay, subject: id })
  return refund
}

/** The charge now says how much of it was given back. */
function reportRefunded(transaction: Transaction, before: Charge, amount: number): void {
  const refunded = before.amount_refunded + amount
  const after = transaction.patch('charges', before.id, {
    amount_refunded: refunded,
    refunded: refunded >= before.amount_captured,
  })
  transaction.emitChange('charge.refunded', 'charges', { before, after })
  reviewWarnings(transaction, before.id)
}

function chargeOf(transaction: Transaction, { charge: named, paymentIntent }: NewRefund): Charge {
  if (named !== undefined) return transaction.require('charges', named, { kind: 'charge', param: 'charge' })
  if (paymentIntent === undefined) {
    throw invalidRequest('One of the following params should be provided for this request: payment_intent or charge.')
  }
  const refer = { kind: 'payment_intent', param: 'payment_intent' }
  const intent = transaction.require('payment_intents', paymentIntent, refer)
  const charge = intent.latest_charge === null ? undefined : transaction.get('charges', intent.latest_charge)
  if (charge?.status === 'succeeded') return charge
  const message = `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`
  throw invalidRequest(message, { param: 'payment_intent' })
}

function refundableAmount(transaction: Transaction, charge: Charge, wanted: number | undefined): number {
  // An inquiry takes no money, so the charge behind it can still be refunded.
  const isChargedBack = transaction.by('disputes', 'charge', charge.id).some((dispute) => !dispute.is_charge_refundable)
  const { amount_captured: captured, amount_refunded: refunded, currency, id } = charge
  if (isChargedBack) {
    throw invalidRequest(`Charge ${id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' })
  }
  if (charge.refunded) {
    throw invalidRequest(`Charge ${id} has already been refunded.`, { code: 'charge_already_refunded' })
  }
  if (charge.status !== 'succeeded')
    throw invalidRequest(`Charge ${id} cannot be refunded because it is ${charge.status}.`)
  if (!charge.captured) {
    const message = `Charge ${id} has not been captured. Cancel its PaymentIntent to release what it has set aside.`
    throw invalidRequest(message, { code: 'charge_not_refundable', param: 'charge' })
  }
  const left = captured - refunded
  const amount = wanted ?? left
  if (amount < 1) {
    const message = 'Invalid positive integer'
    throw invalidRequest(message, { code: 'parameter_invalid_integer', param: 'amount' })
  }
  if (amount <= left) return amount
  const limit = refunded === 0 ? 'charge amount' : 'unrefunded amount on charge'
  const words = (value: number): string => amountInWords(value, currency).split(' ')[0] ?? ''
  const message = `Refund amount (${words(amount)}) is greater than ${limit} (${words(left)})`
  throw invalidRequest(message, { param: 'amount' })
}

function behaviourOf(transaction: Transaction, charge: Charge): 'succeeds' | 'pending' | 'fails' {
  const behaviour = transaction.get('card_behaviours', charge.payment_method ?? '')
  const details = charge.payment_method_details
  // Banks that are debited give back as slowly as they pay.
  if (details?.type.endsWith('_debit') === true || details?.type === 'us_bank_account') return 'pending'
  return testCardOf(behaviour?.number ?? '').refund ?? 'succeeds'
}

function takeFromBalance(
  transaction: Transaction,
  charge: Charge,
  { id, amount }: { readonly id: string; readonly amount: number },
): string {
  const words = charge.description === null ? '' : ` (${charge.description})`
  const isCard = charge.payment_method_details?.type === 'card'
  return moveBalance(transaction, {
    amount: -amount,
    currency: charge.currency,
    description: `REFUND FOR ${isCard ? 'CHARGE' : 'PAYMENT'}${words}`,
    source: id,
    type: isCard ? 'refund' : 'payment_refund',
    category: 'refund',
  }).id
}

function destinationOf(charge: Charge): NonNullable<Refund['destination_details']> {
  const type = charge.payment_method_details?.type ?? 'card'
  if (type !== 'card') return { type, [type]: {} }
  return { type, card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' } }
}

/** The bank has worked through a refund: it names its reference, or the money comes back. */
export const settleRefund: TimerHandler = (transaction, timer) => {
  const before = transaction.load('refunds', timer.subject)
  const charge = transaction.load('charges', before.charge ?? '')
  transaction.enterClockOf(charge.customer)
  if (behaviourOf(transaction, charge) === 'fails') {
    failRefund(transaction, before, charge)
    return
  }
  const { pending_reason: _, ...rest } = before
  const card = before.destination_details?.card
  const reference = { reference: referenceOf(before.id), reference_status: 'available' }
  const after = transaction.put('refunds', {
    ...rest,
    ...(card !== undefined && { destination_details: { type: 'card', card: { ...card, ...reference } } }),
    status: 'succeeded',
  })
  reportUpdate(transaction, before, after)
}

/** Events of both names tell of every change, the older one with the refund as well. */
export function reportUpdate(transaction: Transaction, before: Refund, after: Refund): void {
  transaction.emitChange('refund.updated', 'refunds', { before, after })
  transaction.emitChange('charge.refund.updated', 'refunds', { before, after })
}

/** The bank sends the money back: it is the account's again, and the charge has not been refunded after all. */
function failRefund(transaction: Transaction, before: Refund, charge: Charge): void {
  const entry = moveBalance(transaction, {
    amount: before.amount,
    currency: before.currency,
    description: 'REFUND FAILURE',
    source: before.id,
    type: 'refund_failure',
    category: 'refund_failure',
  })
  const after = transaction.patch('refunds', before.id, {
    failure_balance_transaction: entry.id,
    failure_reason: 'expired_or_canceled_card',
    status: 'failed',
  })
  const fields = { amount_refunded: charge.amount_refunded - before.amount, refunded: false }
  transaction.patch('charges', charge.id, fields)
  reportUpdate(transaction, before, after)
  transaction.emit('refund.failed', 'refunds', after)
  reviewWarnings(transaction, charge.id)
}

/** A number that looks drawn by lot and is the same in every replay. */
function referenceOf(id: string): string {
  return Array.from(id.slice(-16), (character) => character.charCodeAt(0) % 10).join('')
}
