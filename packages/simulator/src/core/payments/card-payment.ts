import { settingsOf } from '../account-settings.js'
import { testCardOf, type Decline } from './cards.js'
import { StripeError } from '../error.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

/** How a card is about to be used. */
export interface CardUse {
  readonly paymentMethod: string
  readonly offSession: boolean
  /** The merchant asked for an authentication where the bank would not. */
  readonly requestsAuthentication?: boolean
}

/** Whether the bank wants to see the customer before it agrees. */
export function needsAuthentication(transaction: Transaction, use: CardUse): boolean {
  const behaviour = transaction.load('card_behaviours', use.paymentMethod)
  const { authentication } = testCardOf(behaviour.number)
  switch (authentication) {
    case 'never':
      return false
    case 'on_request':
      // Only the card made for it shows a page; the others are waved through. https://docs.stripe.com/testing#regulatory-cards
      return use.requestsAuthentication === true && behaviour.number === '4000000000003055'
    case 'always':
      return true
    case 'unless_set_up':
      return !(use.offSession && behaviour.isSetUp)
    default:
      return authentication satisfies never
  }
}

/** What the customer has to do next: visit the bank's page, and come back. */
export function redirectToBank(
  transaction: Transaction,
  intent: string,
  returnUrl: string | null,
): NonNullable<Records['payment_intents']['next_action']> & NonNullable<Records['setup_intents']['next_action']> {
  const url = `${settingsOf(transaction).origin}/3ds/${intent}`
  return { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } }
}

/** The bank's refusal as an error: HTTP 402. */
export function cardError(decline: Decline, details: { charge?: string; param?: string } = {}): StripeError {
  const { code, declineCode, message } = decline
  return new StripeError(402, { type: 'card_error', code, decline_code: declineCode, message, ...details })
}

/** From now on the bank regards the card as set up for use without its owner. */
export function rememberSetUp(transaction: Transaction, paymentMethod: string): void {
  transaction.patch('card_behaviours', paymentMethod, { isSetUp: true })
}
