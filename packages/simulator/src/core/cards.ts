/** What an issuer answers to a charge. */
export interface Decline {
  readonly code: string
  readonly declineCode: string
  readonly message: string
}

/** How a test card behaves. https://docs.stripe.com/testing */
export interface TestCard {
  readonly brand: string
  readonly funding: 'credit' | 'debit'
  readonly country: string
  /** Every charge is declined. */
  readonly declines?: Decline
  /** Declined cards cannot be attached to a customer either, but for those that fail only when charged. */
  readonly canAttach: boolean
  /**
   * When the bank wants to see the customer: never, on each payment, or unless the card was set up for later use.
   */
  readonly authentication: 'never' | 'always' | 'unless_set_up'
}

const visa = { brand: 'visa', funding: 'credit', country: 'US', canAttach: true, authentication: 'never' } as const

function declined(declineCode: string, message: string, code = 'card_declined'): TestCard {
  return { ...visa, canAttach: false, declines: { code, declineCode, message } }
}

const GENERIC = 'Your card was declined.'
const insufficient = {
  code: 'card_declined',
  declineCode: 'insufficient_funds',
  message: 'Your card has insufficient funds.',
}
const generic = { code: 'card_declined', declineCode: 'generic_decline', message: GENERIC }

/** The cards by number. Any other number that passes the check digit behaves like 4242. */
export const TEST_CARDS: Readonly<Record<string, TestCard>> = {
  '4242424242424242': visa,
  '4000056655665556': { ...visa, funding: 'debit' },
  '5555555555554444': { ...visa, brand: 'mastercard' },
  '5200828282828210': { ...visa, brand: 'mastercard', funding: 'debit' },
  '378282246310005': { ...visa, brand: 'amex' },
  '6011111111111117': { ...visa, brand: 'discover' },
  '3056930009020004': { ...visa, brand: 'diners' },
  '3566002020360505': { ...visa, brand: 'jcb', country: 'JP' },
  '6200000000000005': { ...visa, brand: 'unionpay', country: 'CN' },
  '4000000000000002': declined('generic_decline', GENERIC),
  '4000000000009995': declined('insufficient_funds', 'Your card has insufficient funds.'),
  '4000000000009987': declined('lost_card', GENERIC),
  '4000000000009979': declined('stolen_card', GENERIC),
  '4000000000000069': declined('expired_card', 'Your card has expired.', 'expired_card'),
  '4000000000000127': declined('incorrect_cvc', "Your card's security code is incorrect.", 'incorrect_cvc'),
  '4000000000000119': declined(
    'processing_error',
    'An error occurred while processing your card. Try again in a little bit.',
    'processing_error',
  ),
  '4000000000006975': declined('card_velocity_exceeded', GENERIC),
  '4100000000000019': declined('fraudulent', GENERIC),
  '4000000000004954': declined('fraudulent', GENERIC),
  '4000000000000341': { ...visa, declines: generic },
  '4000002500003155': { ...visa, country: 'IE', authentication: 'unless_set_up' },
  '4000002760003184': { ...visa, country: 'DE', authentication: 'always' },
  '4000003800000446': { ...visa, country: 'IT', authentication: 'unless_set_up' },
  '4000008260003178': { ...visa, country: 'GB', authentication: 'always', declines: insufficient },
  '4000000000003220': { ...visa, authentication: 'always' },
  '4000008400001629': { ...visa, authentication: 'always', declines: generic },
}

/** Cards that come from the bank already set up for off-session use. */
const SET_UP_BY_ISSUER = new Set(['4000003800000446'])

/** The payment method ids and tokens that Stripe's tests know by name, and the numbers behind them. */
const NAMED: Readonly<Record<string, string>> = {
  visa: '4242424242424242',
  visa_debit: '4000056655665556',
  mastercard: '5555555555554444',
  mastercard_debit: '5200828282828210',
  amex: '378282246310005',
  discover: '6011111111111117',
  diners: '3056930009020004',
  jcb: '3566002020360505',
  unionpay: '6200000000000005',
  chargeDeclined: '4000000000000002',
  chargeDeclinedInsufficientFunds: '4000000000009995',
  visa_chargeDeclined: '4000000000000002',
  visa_chargeDeclinedInsufficientFunds: '4000000000009995',
  visa_chargeDeclinedLostCard: '4000000000009987',
  visa_chargeDeclinedStolenCard: '4000000000009979',
  chargeDeclinedExpiredCard: '4000000000000069',
  chargeDeclinedIncorrectCvc: '4000000000000127',
  chargeDeclinedProcessingError: '4000000000000119',
  visa_chargeDeclinedVelocityLimitExceeded: '4000000000006975',
  chargeDeclinedFraudulent: '4100000000000019',
  radarBlock: '4100000000000019',
  chargeCustomerFail: '4000000000000341',
  authenticationRequired: '4000002760003184',
  authenticationRequiredOnSetup: '4000002500003155',
  authenticationRequiredSetupForOffSession: '4000003800000446',
  authenticationRequiredChargeDeclinedInsufficientFunds: '4000008260003178',
  threeDSecure2Required: '4000000000003220',
  threeDSecureRequiredChargeDeclined: '4000008400001629',
}

/** The number behind a magic id such as `pm_card_visa` or `tok_visa`; `undefined` for any other id. */
export function numberOfMagicId(id: string): string | undefined {
  const name = /^(?:pm_card|tok)_(.+)$/.exec(id)?.[1]
  return name === undefined ? undefined : NAMED[name]
}

export function testCardOf(number: string): TestCard {
  return TEST_CARDS[number] ?? { ...visa, brand: brandOf(number) }
}

export function isSetUpByIssuer(number: string): boolean {
  return SET_UP_BY_ISSUER.has(number)
}

/** Hard declines: no further charge is tried until there is another card. https://docs.stripe.com/billing/revenue-recovery/smart-retries */
const HARD = new Set([
  'incorrect_number',
  'lost_card',
  'pickup_card',
  'stolen_card',
  'revocation_of_authorization',
  'revocation_of_all_authorizations',
  'authentication_required',
  'highest_risk_level',
  'transaction_not_allowed',
])

export function isHardDecline(declineCode: string | null | undefined): boolean {
  return declineCode != null && HARD.has(declineCode)
}

function brandOf(number: string): string {
  if (/^3[47]/.test(number)) return 'amex'
  if (/^5[1-5]|^2[2-7]/.test(number)) return 'mastercard'
  if (/^6011|^65/.test(number)) return 'discover'
  return number.startsWith('4') ? 'visa' : 'unknown'
}

/** The check digit that every card number carries. https://en.wikipedia.org/wiki/Luhn_algorithm */
export function passesCheckDigit(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false
  const sum = [...number].reverse().reduce((total, character, index) => {
    const digit = Number(character) * (index % 2 === 1 ? 2 : 1)
    return total + (digit > 9 ? digit - 9 : digit)
  }, 0)
  return sum % 10 === 0
}
