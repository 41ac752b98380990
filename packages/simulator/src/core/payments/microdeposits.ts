import { settingsOf } from '../account-settings.js'
import { invalidRequest, StripeError } from '../error.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type NextAction = NonNullable<Records['payment_intents']['next_action']> &
  NonNullable<Records['setup_intents']['next_action']>

const DAY = 86_400
/** Days until the deposits are in the account; in test mode they can be verified at once. */
const DAYS_TO_ARRIVE = 2

type Options = Records['payment_intents']['payment_method_options'] | Records['setup_intents']['payment_method_options']

/** Whether an American account must be shown to be the customer's before it is debited. */
export function needsVerification(transaction: Transaction, paymentMethod: string, options: Options): boolean {
  const { type } = transaction.load('payment_methods', paymentMethod)
  if (type !== 'us_bank_account' || transaction.load('card_behaviours', paymentMethod).isSetUp) return false
  const method: string | undefined = options?.us_bank_account?.verification_method
  return method !== 'skip'
}

/** The customer has to tell which small deposits came. */
export function verifyWithMicrodeposits(transaction: Transaction, intent: string): NextAction {
  const url = `${settingsOf(transaction).origin}/microdeposits/${intent}`
  const arrival = transaction.now + DAYS_TO_ARRIVE * DAY
  return {
    type: 'verify_with_microdeposits',
    verify_with_microdeposits: {
      arrival_date: arrival,
      hosted_verification_url: url,
      microdeposit_type: 'descriptor_code',
    },
  }
}

export interface Deposits {
  readonly amounts?: readonly number[]
  readonly descriptor_code?: string
}

/**
 * What the customer tells of the deposits, by code or by amounts; whatever is not listed is wrong.
 * https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment#test-integration
 */
const ANSWERS: Readonly<Record<string, 'right' | 'exceeded' | 'expired'>> = {
  '32,45': 'right',
  SM11AA: 'right',
  '10,11': 'exceeded',
  SM33CC: 'exceeded',
  '40,41': 'expired',
  SM44DD: 'expired',
}

/** Whether the customer proved to own the account: `exceeded` when there was one wrong answer too many. */
export function judgeDeposits({ amounts, descriptor_code: code }: Deposits): 'right' | 'exceeded' | 'expired' {
  if ((amounts === undefined) === (code === undefined)) {
    throw invalidRequest('You must specify exactly one of these parameters: amounts, descriptor_code.')
  }
  const answer = ANSWERS[code ?? amounts?.toSorted((left, right) => left - right).join(',') ?? '']
  if (answer !== undefined) return answer
  const isCode = code !== undefined
  throw new StripeError(400, {
    type: 'invalid_request_error',
    code: isCode
      ? 'payment_method_microdeposit_verification_descriptor_code_mismatch'
      : 'payment_method_microdeposit_verification_amounts_mismatch',
    message: isCode
      ? 'The descriptor code provided does not match the one sent to the bank account.'
      : 'The amounts provided do not match the amounts that we sent to the bank account.',
    param: isCode ? 'descriptor_code' : 'amounts',
  })
}

/** Why an account stays unverified for good. */
export function unverified(how: 'exceeded' | 'expired'): StripeError {
  if (how === 'expired') {
    const message = 'Microdeposit verification has timed out: the deposits were not verified within ten days.'
    return invalidRequest(message, { code: 'payment_method_microdeposit_verification_timeout' })
  }
  const message = 'You have exceeded the number of allowed verification attempts.'
  return invalidRequest(message, { code: 'payment_method_microdeposit_verification_attempts_exceeded' })
}
