import { invalidRequest, notSimulated } from '../error.js'
import { refuseUnbuilt } from '../lookup.js'
import { createPaymentMethod, requireUsableBy, resolvePaymentMethod } from './payment-methods.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

/**
 * The methods of payment are chosen in the account's settings, no longer per request; Stripe has refused the parameter
 * since 2026-10-28.endive. Shared by payment intents, setup intents and Checkout.
 */
export function refusePaymentMethodTypes(params: object): void {
  if (!('payment_method_types' in params)) return
  const message =
    'The `payment_method_types` parameter is no longer supported. Payment methods are managed in the Dashboard; use ' +
    '`allowed_payment_method_types` or `excluded_payment_method_types` to narrow them down.'
  throw invalidRequest(message, { code: 'payment_method_types_no_longer_supported', param: 'payment_method_types' })
}

interface MethodChoice {
  readonly allowed_payment_method_types?: readonly string[] | '' | null | undefined
  readonly excluded_payment_method_types?: readonly string[] | '' | null | undefined
}

/** Cards are all that the simulator has: they must not be narrowed away. */
export function refuseOtherMethods(params: MethodChoice): void {
  const allowed = params.allowed_payment_method_types || undefined
  const excluded = params.excluded_payment_method_types || []
  if (allowed !== undefined && excluded.length > 0) {
    const message =
      'You may only specify one of these parameters: allowed_payment_method_types, excluded_payment_method_types.'
    throw invalidRequest(message)
  }
  const lacksCards = (allowed !== undefined && !allowed.includes('card')) || excluded.includes('card')
  if (lacksCards) throw notSimulated('Paying without a card', 'allowed_payment_method_types')
}

/** The switch between methods of the Dashboard and none, as intents carry it. */
export function automaticMethods(
  params: { readonly enabled: boolean; readonly allow_redirects?: string } | undefined,
): NonNullable<Records['payment_intents']['automatic_payment_methods']> {
  const redirects = params?.allow_redirects === 'never' ? 'never' : 'always'
  return { allow_redirects: redirects, enabled: params?.enabled ?? true }
}

interface ReturnParams {
  readonly confirm?: boolean
  readonly isOffSession: boolean
  readonly allowsRedirects: boolean
  readonly returnUrl: string | undefined
}

/** With methods that may leave the merchant's page, a payment confirmed by the server must say where to come back. */
export function requireReturnUrl(kind: 'PaymentIntent' | 'SetupIntent', params: ReturnParams): void {
  if (params.confirm === false || params.isOffSession || !params.allowsRedirects || params.returnUrl !== undefined)
    return
  throw invalidRequest(
    `This ${kind} is configured to accept payment methods enabled in your Dashboard. Because some of these payment ` +
      "methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to " +
      'accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and ' +
      '`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.',
  )
}

/** The customer that an intent names must be there; the command then runs on that customer's clock. */
export function enterCustomer(transaction: Transaction, customer: string | undefined): string | null {
  if (customer === undefined || customer === '') return null
  const { id } = transaction.require('customers', customer, { kind: 'customer', param: 'customer' })
  transaction.enterClockOf(id)
  return id
}

interface MethodParams {
  readonly payment_method?: string
  readonly payment_method_data?: { readonly type: string }
}

/** The id of the payment method that a request names or brings along; it must not be another customer's. */
export function methodNamed(
  transaction: Transaction,
  params: MethodParams,
  customer: string | null,
): string | undefined {
  const { payment_method: named, payment_method_data: data } = params
  if (data !== undefined) return createPaymentMethod(transaction, data).id
  if (named === undefined || named === '') return undefined
  const method = resolvePaymentMethod(transaction, named, 'payment_method')
  requireUsableBy(method, customer)
  return method.id
}

/** Whether the request wants the bank to see the customer; the only option of a method that the simulator knows. */
export function threeDSecureRequest(options: object | undefined): 'any' | 'automatic' | 'challenge' | undefined {
  if (options === undefined) return undefined
  refuseUnbuilt(options, ['card'])
  const card = 'card' in options && typeof options.card === 'object' ? options.card : null
  if (card === null) return undefined
  refuseUnbuilt(card, ['request_three_d_secure'])
  const request = 'request_three_d_secure' in card ? card.request_three_d_secure : undefined
  return request === 'any' || request === 'challenge' ? request : 'automatic'
}
