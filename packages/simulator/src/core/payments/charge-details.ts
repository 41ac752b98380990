import type { Charge, ChargeOptions, PaymentMethod } from './charge-request.js'

interface DetailOptions extends ChargeOptions {
  readonly amount: number
  /** Until when what was set aside can be taken; `null` when it was taken at once. */
  readonly captureBefore: number | null
}

/** What paid a charge, and what the networks said to it. */
export function detailsOf(id: string, method: PaymentMethod, options: DetailOptions): Charge['payment_method_details'] {
  const { card } = method
  if (card === undefined) return otherDetailsOf(id, method, options.mandate ?? null)
  const { amount, captureBefore, decline, isAuthenticated = false } = options
  return {
    type: 'card',
    card: {
      amount_authorized: decline === undefined ? amount : null,
      authorization_code: decline === undefined ? digitsOf(id, 6) : null,
      brand: card.brand,
      ...(captureBefore !== null && { capture_before: captureBefore }),
      checks: card.checks,
      country: card.country,
      electronic_commerce_indicator: isAuthenticated ? '05' : null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      extended_authorization: { status: 'disabled' },
      fingerprint: card.fingerprint ?? null,
      funding: card.funding,
      incremental_authorization: { status: 'unavailable' },
      installments: null,
      last4: card.last4,
      mandate: null,
      multicapture: { status: 'unavailable' },
      network: card.brand,
      network_token: { used: false },
      network_transaction_id: digitsOf(id, 15),
      overcapture: { maximum_amount_capturable: amount, status: 'unavailable' },
      regulated_status: 'unregulated',
      three_d_secure: isAuthenticated ? authenticated : null,
      transaction_link_id: null,
      wallet: null,
    },
  }
}

const authenticated = {
  authentication_flow: 'challenge',
  electronic_commerce_indicator: '05',
  exemption_indicator: null,
  result: 'authenticated',
  result_reason: null,
  transaction_id: null,
  version: '2.2.0',
} as const

/** Digits that look drawn by lot and are the same in every replay. */
function digitsOf(id: string, count: number): string {
  return Array.from(id.slice(-count), (character) => character.charCodeAt(0) % 10).join('')
}

/** What paid a charge when it was no card; what the customer types on a page of the method's own stays unknown. */
function otherDetailsOf(id: string, method: PaymentMethod, mandate: string | null): Charge['payment_method_details'] {
  const { type } = method
  if (method.sepa_debit !== undefined) {
    const { generated_from: _, ...account } = method.sepa_debit
    return { type, sepa_debit: { ...account, mandate } }
  }
  if (method.us_bank_account !== undefined) {
    const { account_holder_type, account_type, bank_name, fingerprint, last4, routing_number } = method.us_bank_account
    const account = { account_holder_type, account_type, bank_name, fingerprint, last4, routing_number }
    return { type, us_bank_account: { ...account, ...(mandate !== null && { mandate }), payment_reference: null } }
  }
  if (method.bacs_debit !== undefined) return { type, bacs_debit: { ...method.bacs_debit, mandate } }
  const named = mandate === null ? {} : { mandate }
  if (method.au_becs_debit !== undefined) return { type, au_becs_debit: { ...method.au_becs_debit, ...named } }
  if (method.acss_debit !== undefined) return { type, acss_debit: { ...method.acss_debit, ...named } }
  return { type, [type]: WITHOUT_NUMBER[type] === true ? {} : { transaction_id: digitsOf(id, 15) } }
}

const WITHOUT_NUMBER: Readonly<Record<string, boolean>> = {
  afterpay_clearpay: true,
  bancontact: true,
  eps: true,
  klarna: true,
  link: true,
  p24: true,
}
