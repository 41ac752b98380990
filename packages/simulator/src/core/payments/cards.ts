import { NATIONAL_NUMBERS } from './national-cards.js'

/** What an issuer, or Stripe in its place, answers to a charge. */
export interface Decline {
  readonly code: string
  readonly declineCode: string
  readonly message: string
  /** Stripe's fraud prevention stopped the payment before the bank saw it. */
  readonly isBlocked?: boolean
}

/**
 * When the bank wants to see the customer: never, only if the merchant asks for it, on each payment, or on each payment
 * with the customer present, off-session payments being free of it once the card was set up for them.
 */
export type Authentication = 'never' | 'on_request' | 'always' | 'unless_set_up'

/** How a test card behaves. https://docs.stripe.com/testing */
export interface TestCard {
  readonly brand: string
  readonly funding: 'credit' | 'debit' | 'prepaid'
  readonly country: string
  readonly authentication: Authentication
  /** Every charge is declined. */
  readonly declines?: Decline
  /** Plain decline cards cannot be kept by a customer either. */
  readonly canAttach: boolean
  readonly riskLevel: 'normal' | 'elevated' | 'highest'
  readonly failedChecks: readonly ('cvc' | 'line1' | 'postal_code')[]
  /** The bank regards off-session use as set up from the start. */
  readonly isSetUp: boolean
  /** Refunds do not simply succeed: the bank takes its time, or sends the money back. */
  readonly refund?: 'pending' | 'fails'
  /** The owner has the money fetched back as soon as it was taken. */
  readonly dispute?: CardDispute
  /** The bank warns of a fraud as soon as the money was taken. */
  readonly isWarnedOf?: boolean
  /** The money can be paid out at once. */
  readonly skipsPending?: boolean
}

/** What is disputed, and how. https://docs.stripe.com/testing#disputes */
export interface CardDispute {
  readonly reason: 'fraudulent' | 'noncompliant' | 'product_not_received'
  readonly caseType: 'chargeback' | 'compliance' | 'inquiry'
  readonly networkReasonCode: string
  /** In how many disputes of equal parts. */
  readonly count?: number
  readonly eligibleFor?: 'visa_compelling_evidence_3' | 'visa_compliance'
}

const visa: TestCard = {
  brand: 'visa',
  funding: 'credit',
  country: 'US',
  authentication: 'on_request',
  canAttach: true,
  riskLevel: 'normal',
  failedChecks: [],
  isSetUp: false,
}
const mastercard = { ...visa, brand: 'mastercard' }
const generic = { code: 'card_declined', declineCode: 'generic_decline', message: 'Your card was declined.' }
const insufficient = {
  code: 'card_declined',
  declineCode: 'insufficient_funds',
  message: 'Your card has insufficient funds.',
}
const blocked: TestCard = {
  ...visa,
  riskLevel: 'highest',
  declines: { ...generic, declineCode: 'fraudulent', isBlocked: true },
}
const fraudulent = { reason: 'fraudulent', caseType: 'chargeback', networkReasonCode: '10.4' } as const

/** The decline that a bank gives to the customer's card when it wants to see the customer and cannot. */
export const AUTHENTICATION_REQUIRED: Decline = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
}

/** Cards of the world's countries; without a name of their own they are called by the country. */
const nationalCards: Readonly<Record<string, TestCard>> = Object.fromEntries(
  Object.entries(NATIONAL_NUMBERS).map(([country, number]) => [number, { ...visa, country: country.toUpperCase() }]),
)

function declining(declineCode: string, message = generic.message, code = 'card_declined'): TestCard {
  return { ...visa, canAttach: false, declines: { code, declineCode, message } }
}

/** The cards by number. Any other number that passes the check digit behaves like 4242. */
export const TEST_CARDS: Readonly<Record<string, TestCard>> = {
  '4242424242424242': visa,
  '4000056655665556': { ...visa, funding: 'debit' },
  '5555555555554444': mastercard,
  '2223003122003222': mastercard,
  '5200828282828210': { ...mastercard, funding: 'debit' },
  '5105105105105100': { ...mastercard, funding: 'prepaid' },
  '378282246310005': { ...visa, brand: 'amex' },
  '371449635398431': { ...visa, brand: 'amex' },
  '6011111111111117': { ...visa, brand: 'discover' },
  '6011000990139424': { ...visa, brand: 'discover' },
  '6011981111111113': { ...visa, brand: 'discover', funding: 'debit' },
  '3056930009020004': { ...visa, brand: 'diners' },
  '36227206271667': { ...visa, brand: 'diners' },
  '3566002020360505': { ...visa, brand: 'jcb', country: 'JP' },
  '6200000000000005': { ...visa, brand: 'unionpay', country: 'CN' },
  '4000000000000002': declining('generic_decline'),
  '4000000000009995': declining('insufficient_funds', insufficient.message),
  '4000000000009987': declining('lost_card'),
  '4000000000009979': declining('stolen_card'),
  '4000000000000069': declining('expired_card', 'Your card has expired.', 'expired_card'),
  '4000000000000127': declining('incorrect_cvc', "Your card's security code is incorrect.", 'incorrect_cvc'),
  '4000000000000119': declining(
    'processing_error',
    'An error occurred while processing your card. Try again in a little bit.',
    'processing_error',
  ),
  '4000000000006975': declining(
    'card_velocity_exceeded',
    'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
  ),
  '4000000000000341': { ...visa, declines: generic },
  '4100000000000019': blocked,
  '4000000000004954': blocked,
  '4000000000009235': { ...visa, riskLevel: 'elevated' },
  '4000000000000101': { ...visa, failedChecks: ['cvc'] },
  '4000000000000036': { ...visa, failedChecks: ['postal_code'] },
  '4000000000000028': { ...visa, failedChecks: ['line1'] },
  '4000000000000010': { ...visa, failedChecks: ['line1', 'postal_code'] },
  '4000002500003155': { ...visa, country: 'FR', authentication: 'unless_set_up' },
  '4000002760003184': { ...visa, country: 'DE', authentication: 'always' },
  '4000003800000446': { ...visa, country: 'IT', authentication: 'unless_set_up', isSetUp: true },
  '4000008260003178': { ...visa, country: 'GB', authentication: 'always', declines: insufficient },
  '4000000000003220': { ...visa, authentication: 'always' },
  '4000000000003063': { ...visa, authentication: 'always' },
  '4000008400001629': { ...visa, authentication: 'always', declines: generic },
  '4000008400001280': { ...visa, declines: generic },
  '4000000000003055': visa,
  '4000000000003097': { ...visa, authentication: 'never' },
  '4000000000000259': { ...visa, dispute: fraudulent },
  '4000000000002685': {
    ...visa,
    dispute: { reason: 'product_not_received', caseType: 'chargeback', networkReasonCode: '13.1' },
  },
  '4000000000001976': { ...visa, dispute: { ...fraudulent, caseType: 'inquiry' } },
  '4000000000005423': { ...visa, isWarnedOf: true },
  '4000000404000079': { ...visa, dispute: { ...fraudulent, count: 2 } },
  '4000000404000038': { ...visa, dispute: { ...fraudulent, eligibleFor: 'visa_compelling_evidence_3' } },
  '4000008400000779': {
    ...visa,
    dispute: {
      reason: 'noncompliant',
      caseType: 'compliance',
      networkReasonCode: 'M10',
      eligibleFor: 'visa_compliance',
    },
  },
  '4000000000007726': { ...visa, refund: 'pending' },
  '4000000000005126': { ...visa, refund: 'fails' },
  '4000000000000077': { ...visa, skipsPending: true },
  '4000003720000278': { ...visa, country: 'IE', skipsPending: true },
  ...nationalCards,
}

/** The payment method ids and tokens that Stripe's tests know by name, and the numbers behind them. */
const NAMED: Readonly<Record<string, string>> = {
  visa: '4242424242424242',
  visa_debit: '4000056655665556',
  mastercard: '5555555555554444',
  mastercard_debit: '5200828282828210',
  mastercard_prepaid: '5105105105105100',
  amex: '371449635398431',
  discover: '6011000990139424',
  diners: '3056930009020004',
  jcb: '3566002020360505',
  unionpay: '6200000000000005',
  chargeDeclined: '4000000000000002',
  chargeDeclinedInsufficientFunds: '4000000000009995',
  visa_chargeDeclined: '4000000000000002',
  visa_chargeDeclinedInsufficientFunds: '4000000000009995',
  visa_chargeDeclinedLostCard: '4000000000009987',
  visa_chargeDeclinedStolenCard: '4000000000009979',
  visa_chargeDeclinedVelocityLimitExceeded: '4000000000006975',
  chargeDeclinedExpiredCard: '4000000000000069',
  chargeDeclinedIncorrectCvc: '4000000000000127',
  chargeDeclinedProcessingError: '4000000000000119',
  chargeDeclinedFraudulent: '4100000000000019',
  chargeCustomerFail: '4000000000000341',
  radarBlock: '4100000000000019',
  riskLevelHighest: '4000000000004954',
  riskLevelElevated: '4000000000009235',
  cvcCheckFail: '4000000000000101',
  avsZipFail: '4000000000000036',
  avsLine1Fail: '4000000000000028',
  avsFail: '4000000000000010',
  authenticationRequired: '4000002760003184',
  authenticationRequiredOnSetup: '4000002500003155',
  authenticationRequiredSetupForOffSession: '4000003800000446',
  authenticationRequiredChargeDeclinedInsufficientFunds: '4000008260003178',
  threeDSecure2Required: '4000000000003220',
  threeDSecureRequired: '4000000000003063',
  threeDSecureRequiredChargeDeclined: '4000008400001629',
  threeDSecureRequiredProcessingError: '4000008400001280',
  threeDSecureOptional: '4000000000003055',
  threeDSecureOptionalProcessingError: '4000000000003097',
  amex_threeDSecureNotSupported: '378282246310005',
  createDispute: '4000000000000259',
  createDisputeProductNotReceived: '4000000000002685',
  createDisputeInquiry: '4000000000001976',
  createIssuerFraudRecord: '4000000000005423',
  createMultipleDisputes: '4000000404000079',
  createCe3EligibleDispute: '4000000404000038',
  createComplianceDispute: '4000008400000779',
  pendingRefund: '4000000000007726',
  refundFail: '4000000000005126',
  bypassPending: '4000000000000077',
  bypassPendingInternational: '4000003720000278',
  ...NATIONAL_NUMBERS,
}

/** The number behind a magic id such as `pm_card_visa` or `tok_visa`; `undefined` for any other id. */
export function numberOfMagicId(id: string): string | undefined {
  const name = /^(?:pm_card|tok)_(.+)$/.exec(id)?.[1]
  return name === undefined ? undefined : NAMED[name]
}

export function testCardOf(number: string): TestCard {
  return TEST_CARDS[number] ?? { ...visa, brand: brandOf(number) }
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
  const digits = Array.from(number, Number).toReversed()
  const sum = digits.reduce((total, digit, index) => {
    const weighed = index % 2 === 1 ? 2 * digit : digit
    return total + (weighed > 9 ? weighed - 9 : weighed)
  }, 0)
  return sum % 10 === 0
}

/** Declines after which no retry is made with the same card. https://docs.stripe.com/billing/revenue-recovery/smart-retries */
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

/** Whether Stripe gives the card up after this decline, until there is another. */
export function isHardDecline(declineCode: string | null | undefined): boolean {
  return declineCode != null && HARD.has(declineCode)
}
