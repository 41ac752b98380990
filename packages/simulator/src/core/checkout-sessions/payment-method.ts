import { createAccountMethod, createVerifiedAccount } from '../payments/account-methods.js'
import { createCard } from '../payments/card-methods.js'
import { invalidRequest } from '../error.js'
import type { CheckoutPayer } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import type { CheckoutForm, ChosenMethod } from './form.js'
import { addressParams } from './payer.js'
import type { CheckoutSession } from './session.js'

/** The payment method that the customer typed or chose; `null` when they gave none. */
export function paymentMethodOf(
  transaction: Transaction,
  session: CheckoutSession,
  { form, payer }: { readonly form: CheckoutForm; readonly payer: CheckoutPayer },
): string | null {
  const { card, method } = form
  if (method !== undefined) return chosen(transaction, session, { method, payer })
  if (card === null) return null
  const allowRedisplay = form.saves === true ? 'always' : undefined
  const billingDetails = billingDetailsOf(payer)
  return createCard(transaction, { ...card, billingDetails, ...(allowRedisplay !== undefined && { allowRedisplay }) })
    .id
}

function billingDetailsOf({ address, email, name, phone }: CheckoutPayer): object {
  return {
    email,
    ...(name !== null && { name }),
    ...(phone !== null && { phone }),
    ...(address !== null && { address: addressParams(address) }),
  }
}

function chosen(
  transaction: Transaction,
  { customer, payment_method_types: types }: CheckoutSession,
  { method, payer }: { readonly method: ChosenMethod; readonly payer: CheckoutPayer },
): string {
  const common = { billing_details: billingDetailsOf(payer) }
  const type = method.kind === 'elsewhere' ? method.type : method.kind
  const isOffered = type === 'saved' || types.includes(type)
  if (!isOffered) throw invalidRequest('This way to pay is not offered here.')
  switch (method.kind) {
    case 'saved':
      if (customer !== null && transaction.get('payment_methods', method.id)?.customer === customer) return method.id
      throw invalidRequest('This card is no longer there.')
    case 'sepa_debit':
      return createAccountMethod(transaction, 'sepa_debit', { ...common, sepa_debit: { iban: method.iban } }).id
    case 'bacs_debit': {
      const account = { account_number: method.account, sort_code: method.sortCode }
      return createAccountMethod(transaction, 'bacs_debit', { ...common, bacs_debit: account }).id
    }
    case 'us_bank_account':
      return createVerifiedAccount(transaction, method.account).id
    case 'elsewhere':
      return createAccountMethod(transaction, method.type, common).id
    default:
      return method satisfies never
  }
}
