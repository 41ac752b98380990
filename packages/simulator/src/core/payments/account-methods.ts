import type Stripe from 'stripe'
import { billingDetailsOf } from './billing-details.js'
import { bankOfIban, isIban, isRoutingNumber, TEST_ROUTING_NUMBER } from './bank-accounts.js'
import { fingerprintOf } from './card-methods.js'
import { invalidRequest, missingParameter, notSimulated } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import { methodTypeOf } from './method-types.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type PaymentMethod = Records['payment_methods']
type Params = Stripe.PaymentMethodCreateParams

/** What is behind a payment method that is no card: its own hash on the wire, and the account's number. */
interface Account {
  readonly fields: Partial<PaymentMethod>
  readonly number: string
}

/** Makes a payment method of a bank account, a wallet or another way to pay, not yet attached to anybody. */
export function createAccountMethod(transaction: Transaction, type: string, params: Params): PaymentMethod {
  if (methodTypeOf(type) === undefined) throw notSimulated(`The payment method type ${type}`, 'type')
  const { fields, number } = accountOf(type, params)
  const id = transaction.newId('pm')
  transaction.put('card_behaviours', {
    id,
    number,
    isSetUp: type !== 'us_bank_account' && number !== '',
    isSpent: false,
  })
  return transaction.put('payment_methods', {
    id,
    object: 'payment_method',
    allow_redisplay: params.allow_redisplay ?? 'unspecified',
    billing_details: billingDetailsOf(params.billing_details),
    created: transaction.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    type,
    ...fields,
  })
}

/** An American account whose owner is known: magic ids and accounts verified elsewhere stand for such. */
export function createVerifiedAccount(transaction: Transaction, number: string): PaymentMethod {
  const account = { account_number: number, routing_number: TEST_ROUTING_NUMBER, account_holder_type: 'individual' }
  const params: Params = { us_bank_account: account, billing_details: { name: 'Jenny Rosen' } }
  const method = createAccountMethod(transaction, 'us_bank_account', params)
  transaction.patch('card_behaviours', method.id, { isSetUp: true })
  return method
}

function accountOf(type: string, params: Params): Account {
  switch (type) {
    case 'sepa_debit':
      return sepaAccount(params)
    case 'us_bank_account':
      return americanAccount(params)
    case 'bacs_debit':
      return britishAccount(params)
    case 'au_becs_debit':
      return australianAccount(params)
    case 'acss_debit':
      return canadianAccount(params)
    case 'boleto':
      return boletoPayer(params)
    default:
      return { number: '', fields: { [type]: chosen(type, params) } }
  }
}

/** What can be chosen beforehand; the rest the customer says on a page of the method's own. */
function chosen(type: string, params: Params): object {
  const { eps, ideal, p24, sofort } = params
  switch (type) {
    case 'eps':
      return { bank: eps?.bank ?? null }
    case 'ideal':
      return { bank: ideal?.bank ?? null, bic: BICS[ideal?.bank ?? ''] ?? null }
    case 'p24':
      return { bank: p24?.bank ?? null }
    case 'sofort':
      return { country: sofort?.country ?? null }
    case 'cashapp':
      return { buyer_id: null, cashtag: null }
    case 'link':
      return { email: params.billing_details?.email || null }
    case 'paypal':
      return { country: null, payer_email: null, payer_id: null }
    default:
      return {}
  }
}

const BICS: Readonly<Record<string, string>> = {
  abn_amro: 'ABNANL2A',
  asn_bank: 'ASNBNL21',
  bunq: 'BUNQNL2A',
  ing: 'INGBNL2A',
  knab: 'KNABNL2H',
  n26: 'NTSBDEB1',
  rabobank: 'RABONL2U',
  regiobank: 'RBRBNL21',
  revolut: 'REVOLT21',
  sns_bank: 'SNSBNL2A',
  triodos_bank: 'TRIONL2U',
  van_lanschot: 'FVLBNL22',
}

function boletoPayer(params: Params): Account {
  const { tax_id: taxId } = params.boleto ?? {}
  if (taxId === undefined) throw missingParameter('boleto[tax_id]')
  const boleto = { fingerprint: fingerprintOf(taxId), tax_id: taxId }
  return { number: '', fields: { boleto } }
}

function requireHolder(params: Params, type: string, fields: readonly ('email' | 'name')[]): void {
  for (const field of fields) {
    if (params.billing_details?.[field]) continue
    const param = `billing_details[${field}]`
    const message = `Missing required param: ${param}. It is required for payment methods of type ${type}.`
    throw invalidRequest(message, { code: 'parameter_missing', param })
  }
}

function sepaAccount(params: Params): Account {
  const { iban: given } = params.sepa_debit ?? {}
  if (given === undefined) throw missingParameter('sepa_debit[iban]')
  const iban = given.replaceAll(' ', '').toUpperCase()
  if (!isIban(iban)) {
    throw invalidRequest('The IBAN you provided is invalid.', {
      code: 'invalid_bank_account_iban',
      param: 'sepa_debit[iban]',
    })
  }
  requireHolder(params, 'sepa_debit', ['name', 'email'])
  const { country, bankCode, branchCode } = bankOfIban(iban)
  const details = {
    bank_code: bankCode,
    branch_code: branchCode ?? '',
    country,
    fingerprint: fingerprintOf(iban),
    generated_from: { charge: null, setup_attempt: null },
    last4: iban.slice(-4),
  }
  return { number: iban, fields: { sepa_debit: details } }
}

function americanAccount(params: Params): Account {
  const { account_number: number, routing_number: routing, ...rest } = params.us_bank_account ?? {}
  if (rest.financial_connections_account !== undefined) {
    throw notSimulated('Financial Connections', 'us_bank_account[financial_connections_account]')
  }
  if (number === undefined) throw missingParameter('us_bank_account[account_number]')
  if (routing === undefined) throw missingParameter('us_bank_account[routing_number]')
  if (!isRoutingNumber(routing)) {
    const details = { code: 'routing_number_invalid', param: 'us_bank_account[routing_number]' }
    throw invalidRequest('The bank routing number provided is invalid.', details)
  }
  requireHolder(params, 'us_bank_account', ['name'])
  const details = {
    account_holder_type: rest.account_holder_type ?? 'individual',
    account_type: rest.account_type ?? 'checking',
    bank_name: 'STRIPE TEST BANK',
    financial_connections_account: null,
    fingerprint: fingerprintOf(`${routing}${number}`),
    last4: number.slice(-4),
    networks: { preferred: 'ach', supported: ['ach'] },
    routing_number: routing,
    status_details: {},
  }
  return { number, fields: { us_bank_account: details } }
}

function britishAccount(params: Params): Account {
  const { account_number: number, sort_code: sortCode } = params.bacs_debit ?? {}
  if (number === undefined) throw missingParameter('bacs_debit[account_number]')
  if (sortCode === undefined) throw missingParameter('bacs_debit[sort_code]')
  requireHolder(params, 'bacs_debit', ['name', 'email'])
  const details = { fingerprint: fingerprintOf(`${sortCode}${number}`), last4: number.slice(-4), sort_code: sortCode }
  return { number, fields: { bacs_debit: details } }
}

function australianAccount(params: Params): Account {
  const { au_becs_debit: account } = params
  if (account === undefined) throw missingParameter('au_becs_debit')
  requireHolder(params, 'au_becs_debit', ['name', 'email'])
  const { account_number: number, bsb_number: bsb } = account
  const details = { bsb_number: bsb, fingerprint: fingerprintOf(`${bsb}${number}`), last4: number.slice(-4) }
  return { number, fields: { au_becs_debit: details } }
}

function canadianAccount(params: Params): Account {
  const { acss_debit: account } = params
  if (account === undefined) throw missingParameter('acss_debit')
  requireHolder(params, 'acss_debit', ['name', 'email'])
  const { account_number: number, institution_number: institution, transit_number: transit } = account
  const details = {
    bank_name: 'STRIPE TEST BANK',
    fingerprint: fingerprintOf(`${institution}${transit}${number}`),
    institution_number: institution,
    last4: number.slice(-4),
    transit_number: transit,
  }
  return { number, fields: { acss_debit: details } }
}
