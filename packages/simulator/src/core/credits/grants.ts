import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export type Grant = Records['credit_grants']
export type Entry = Records['credit_balance_transactions']

type Side = Pick<Entry, 'credit' | 'debit' | 'type'>

/** A credit or debit of some minor units, for one of the reasons that there are. */
export type Movement =
  | { readonly type: 'credits_granted' | 'credits_expired' | 'credits_voided' }
  | {
      readonly type: 'credits_applied' | 'credits_application_invoice_voided'
      readonly invoice: string
      readonly line: string
    }

/** What is left of a grant, whether or not it can be used now. */
export function ledgerBalance(transaction: Transaction, grant: Grant): number {
  return transaction.by('credit_balance_transactions', 'credit_grant', grant.id).reduce((sum, entry) => {
    const credited = entry.credit?.amount.monetary?.value ?? 0
    const debited = entry.debit?.amount.monetary?.value ?? 0
    return sum + credited - debited
  }, 0)
}

/** What of a grant can be used at this instant. */
export function availableBalance(transaction: Transaction, grant: Grant): number {
  return isInForce(grant, transaction.now) ? ledgerBalance(transaction, grant) : 0
}

/** A grant that has begun and is not over. Of a void one nothing is left. */
function isInForce(grant: Grant, at: number): boolean {
  const hasBegun = grant.effective_at === null || grant.effective_at <= at
  return hasBegun && !isOver(grant, at)
}

export function isOver({ expires_at: end }: Grant, at: number): boolean {
  return end !== null && end <= at
}

/** Writes into the books of a grant what was added to it or taken from it. */
export function book(transaction: Transaction, grant: Grant, entry: { amount: number; movement: Movement }): Entry {
  const created = transaction.put('credit_balance_transactions', {
    id: transaction.newId('cbtxn'),
    object: 'billing.credit_balance_transaction',
    created: transaction.now,
    ...sideOf(grant, entry.amount, entry.movement),
    credit_grant: grant.id,
    customer: grant.customer,
    effective_at: effectOf(grant, entry.movement, transaction.now),
    livemode: false,
    test_clock: grant.test_clock,
  })
  transaction.emit('billing.credit_balance_transaction.created', 'credit_balance_transactions', created)
  return created
}

/** What is granted counts from when the grant does; all else at once. */
function effectOf(grant: Grant, { type }: Movement, now: number): number {
  return type === 'credits_granted' ? (grant.effective_at ?? now) : now
}

function sideOf(grant: Grant, value: number, movement: Movement): Side {
  const currency = grant.amount.monetary?.currency ?? ''
  const amount = { monetary: { currency, value }, type: 'monetary' } as const
  switch (movement.type) {
    case 'credits_granted':
      return credit({ amount, credits_application_invoice_voided: null, type: movement.type })
    case 'credits_application_invoice_voided': {
      const voided = { invoice: movement.invoice, invoice_line_item: movement.line }
      return credit({ amount, credits_application_invoice_voided: voided, type: movement.type })
    }
    case 'credits_applied': {
      const applied = { invoice: movement.invoice, invoice_line_item: movement.line }
      return debit({ amount, credits_applied: applied, type: movement.type })
    }
    case 'credits_expired':
    case 'credits_voided':
      return debit({ amount, credits_applied: null, type: movement.type })
    default:
      return movement satisfies never
  }
}

function credit(side: NonNullable<Entry['credit']>): Side {
  return { credit: side, debit: null, type: 'credit' }
}

function debit(side: NonNullable<Entry['debit']>): Side {
  return { credit: null, debit: side, type: 'debit' }
}
