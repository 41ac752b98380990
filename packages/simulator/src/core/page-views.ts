import type { StripeErrorBody } from './error.js'
import type { Transaction } from './transaction.js'

/** An amount of minor units, and of what. */
export interface Money {
  readonly value: number
  readonly currency: string
}

export interface CardView {
  readonly id: string
  readonly brand: string
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
  readonly isDefault: boolean
}

export function cardsOf(transaction: Transaction, customer: string): CardView[] {
  const methods = transaction.by('payment_methods', 'customer', customer)
  return methods.flatMap((method) => cardView(transaction, method.id) ?? []).toReversed()
}

export function cardView(transaction: Transaction, id: string | null): CardView | null {
  const method = id === null ? undefined : transaction.get('payment_methods', id)
  if (method?.card === undefined) return null
  const { brand, last4, exp_month: expMonth, exp_year: expYear } = method.card
  const customer = method.customer === null ? undefined : transaction.get('customers', method.customer)
  const isDefault = customer?.invoice_settings.default_payment_method === method.id
  return { id: method.id, brand, last4, expMonth, expYear, isDefault }
}

/** The last refusal that a payment or setup intent remembers, as an error's body. */
export function errorBodyOf(error: { type: string; code?: string; message?: string } | null): StripeErrorBody | null {
  if (error === null) return null
  const { code, message = '' } = error
  const type = error.type === 'card_error' ? 'card_error' : 'invalid_request_error'
  return code === undefined ? { type, message } : { type, code, message }
}
