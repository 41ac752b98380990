import type { Decline } from './cards.js'

/** How a bank carries out a debit from one of Stripe's test accounts. https://docs.stripe.com/testing#payment-methods */
export interface DebitOutcome {
  /** `soon` is as soon as the bank of an ordinary account has worked through it, `later` three minutes after. */
  readonly when: 'soon' | 'later' | 'never'
  readonly declines?: Decline
  /** The money comes, and the payer has it fetched back at once. */
  readonly isDisputed?: boolean
}

const succeeds: DebitOutcome = { when: 'soon' }
const succeedsLater: DebitOutcome = { when: 'later' }
const disputed: DebitOutcome = { when: 'soon', isDisputed: true }

/** `code` is the charge's `failure_code`; the payment intent tells of it as of a declined card, by `declineCode`. */
function fails(code: string, message: string, declineCode = code): DebitOutcome {
  return { when: 'soon', declines: { code, declineCode, message } }
}

/** The words that Stripe has for its test account that fails for no particular reason, https://docs.stripe.com/payments/sepa-debit */
const generic = fails(
  'incorrect_account_holder_name',
  "The transaction can't be processed because your customer's account information is missing or incorrect. Collect a new " +
    'mandate and ask your customer to provide their name and address exactly as it appears on their bank account. After ' +
    'this, you can attempt the transaction again.',
  'generic_decline',
)
const genericLater: DebitOutcome = { ...generic, when: 'later' }
const noFunds = fails('insufficient_funds', 'The customer has insufficient funds to cover this payment.')
const noAccount = fails('no_account', "The customer's bank account could not be located.")
const closed = fails('account_closed', "The customer's bank account has been closed.")
const unauthorized = fails(
  'debit_not_authorized',
  'The customer has notified their bank that this payment was unauthorized.',
)

/** Accounts by type of method and number. Any other account that is well formed pays as a rule. */
const ACCOUNTS: Readonly<Record<string, Readonly<Record<string, DebitOutcome>>>> = {
  sepa_debit: {
    AT611904300234573201: succeeds,
    AT321904300235473204: succeedsLater,
    AT861904300235473202: generic,
    AT051904300235473205: genericLater,
    AT591904300235473203: disputed,
    AT981904300002222227: noFunds,
    DE89370400440532013000: succeeds,
    DE08370400440532013003: succeedsLater,
    DE62370400440532013001: generic,
    DE78370400440532013004: genericLater,
    DE35370400440532013002: disputed,
    DE65370400440002222227: noFunds,
    FR1420041010050500013M02606: succeeds,
    FR3020041010050500013M02609: succeedsLater,
    FR8420041010050500013M02607: generic,
    FR7920041010050500013M02600: genericLater,
    FR5720041010050500013M02608: disputed,
    IT60X0542811101000000123456: generic,
  },
  us_bank_account: {
    '000123456789': succeeds,
    '000111111116': noAccount,
    '000111111113': closed,
    '000222222227': noFunds,
    '000333333335': unauthorized,
    '000444444440': fails('invalid_currency', 'The customer’s bank account does not take payments in this currency.'),
    '000555555559': disputed,
    '000000000009': { when: 'never' },
  },
  bacs_debit: {
    '00012345': succeeds,
    '90012345': succeedsLater,
    '22222227': noFunds,
    '33333335': unauthorized,
    '55555559': disputed,
  },
  au_becs_debit: {
    '000123456': succeeds,
    '900123456': succeedsLater,
    '111111113': closed,
    '111111116': noAccount,
    '222222227': fails('refer_to_customer', 'The customer’s bank refused this payment.'),
  },
  acss_debit: {
    '000123456789': succeeds,
    '900123456789': succeedsLater,
    '000222222227': unauthorized,
    '000333333335': noFunds,
    '000666666661': disputed,
  },
}

export function debitOutcomeOf(type: string, account: string): DebitOutcome {
  return ACCOUNTS[type]?.[account] ?? succeeds
}

/** American accounts that Stripe's tests know by name; they need no verification. */
const NAMED: Readonly<Record<string, string>> = {
  success: '000123456789',
  noAccount: '000111111116',
  accountClosed: '000111111113',
  accountFrozen: '000111111113',
  insufficientFunds: '000222222227',
  debitNotAuthorized: '000333333335',
  invalidCurrency: '000444444440',
  dispute: '000555555559',
  processing: '000000000009',
}

/** The account behind a magic id such as `pm_usBankAccount_success`; `undefined` for any other id. */
export function accountOfMagicId(id: string): string | undefined {
  const name = /^pm_usBankAccount_(.+)$/.exec(id)?.[1]
  return name === undefined ? undefined : NAMED[name]
}

export const TEST_ROUTING_NUMBER = '110000000'

/** The check digits that every IBAN carries: https://en.wikipedia.org/wiki/International_Bank_Account_Number#Validating_the_IBAN */
export function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false
  const moved = text.slice(4) + text.slice(0, 4)
  const digits = Array.from(moved, (character) => Number.parseInt(character, 36)).join('')
  return BigInt(digits) % 97n === 1n
}

/** The check digit of an American bank. https://en.wikipedia.org/wiki/ABA_routing_transit_number#Check_digit */
export function isRoutingNumber(text: string): boolean {
  if (!/^\d{9}$/.test(text)) return false
  const weights = [3, 7, 1]
  const sum = Array.from(text, Number).reduce((total, digit, index) => total + digit * (weights[index % 3] ?? 0), 0)
  return sum % 10 === 0
}

export interface BankOfIban {
  readonly country: string
  readonly bankCode: string | null
  readonly branchCode: string | null
}

/** Where in the IBANs of a country bank and branch are written, counted from the start. */
const PLACES: Readonly<
  Record<string, { readonly bank: readonly [number, number]; readonly branch?: readonly [number, number] }>
> = {
  AT: { bank: [4, 9] },
  BE: { bank: [4, 7] },
  DE: { bank: [4, 12] },
  DK: { bank: [4, 8] },
  ES: { bank: [4, 8], branch: [8, 12] },
  FR: { bank: [4, 9], branch: [9, 14] },
  GB: { bank: [4, 8], branch: [8, 14] },
  IE: { bank: [4, 8], branch: [8, 14] },
  IT: { bank: [5, 10], branch: [10, 15] },
  NL: { bank: [4, 8] },
}

export function bankOfIban(iban: string): BankOfIban {
  const country = iban.slice(0, 2)
  const places = PLACES[country]
  const part = (place: readonly [number, number] | undefined): string | null =>
    place === undefined ? null : iban.slice(place[0], place[1])
  return { country, bankCode: part(places?.bank), branchCode: part(places?.branch) }
}
