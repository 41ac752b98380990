import { testCardOf, type Decline, type TestCard } from './cards.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type PaymentMethod = Records['payment_methods']
type Checks = NonNullable<NonNullable<PaymentMethod['card']>['checks']>

/** What was entered beside a card's number, before a bank was asked about it; what was not entered is never checked. */
export function openChecks(hasCode: boolean, address: PaymentMethod['billing_details']['address'] | undefined): Checks {
  const open = (isThere: boolean): string | null => (isThere ? 'unchecked' : null)
  return {
    address_line1_check: open(Boolean(address?.line1)),
    address_postal_code_check: open(Boolean(address?.postal_code)),
    cvc_check: open(hasCode),
  }
}

/** The bank's answers to all that it was not asked about yet. */
function answered(checks: Checks, { failedChecks }: TestCard, decline: Decline | undefined): Checks {
  const answer = (open: string | null, hasFailed: boolean): string | null =>
    open === 'unchecked' ? (hasFailed ? 'fail' : 'pass') : open
  return {
    address_line1_check: answer(checks.address_line1_check, failedChecks.includes('line1')),
    address_postal_code_check: answer(checks.address_postal_code_check, failedChecks.includes('postal_code')),
    cvc_check: answer(checks.cvc_check, failedChecks.includes('cvc') || decline?.code === 'incorrect_cvc'),
  }
}

/** Has the bank check what was entered beside a card's number, once: when the card is kept, or pays for the first time. */
export function checkCard(transaction: Transaction, id: string): PaymentMethod {
  const method = transaction.load('payment_methods', id)
  const { card } = method
  if (card?.checks == null || !Object.values(card.checks).includes('unchecked')) return method
  const test = testCardOf(transaction.load('card_behaviours', id).number)
  return transaction.patch('payment_methods', id, {
    card: { ...card, checks: answered(card.checks, test, test.declines) },
  })
}
