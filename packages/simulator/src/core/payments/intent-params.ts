import { invalidRequest } from '../error.js'
import { lastingMandateOf, type Acceptance } from './mandates.js'
import { mayRedirect, methodTypeOf } from './method-types.js'
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

/** The types of methods that a request narrows an intent down to, and the fields that say so. */
export function methodChoice(params: MethodChoice): {
  readonly allowed_payment_method_types?: readonly string[] | null
  readonly excluded_payment_method_types?: readonly string[] | null
  readonly payment_method_types?: readonly string[]
} {
  const { allowed_payment_method_types: allowed, excluded_payment_method_types: excluded } = params
  if ((allowed?.length ?? 0) > 0 && (excluded?.length ?? 0) > 0) {
    const message =
      'You may only specify one of these parameters: allowed_payment_method_types, excluded_payment_method_types.'
    throw invalidRequest(message)
  }
  return {
    ...(allowed !== undefined && { allowed_payment_method_types: allowed || null }),
    ...(allowed && { payment_method_types: allowed }),
    ...(excluded !== undefined && { excluded_payment_method_types: excluded || null }),
  }
}

/** The switch between methods of the Dashboard and none, as intents carry it. */
export function automaticMethods(
  params: { readonly enabled: boolean; readonly allow_redirects?: string } | undefined,
): NonNullable<Records['payment_intents']['automatic_payment_methods']> {
  const redirects = params?.allow_redirects === 'never' ? 'never' : 'always'
  return { allow_redirects: redirects, enabled: params?.enabled ?? true }
}

const CONFIRMING = ['error_on_requires_action', 'mandate_data', 'off_session', 'return_url'] as const

type ConfirmingParams = { readonly confirm?: boolean } & Partial<Record<(typeof CONFIRMING)[number], unknown>>

/** Refuses what is asked of a payment under way where nothing is confirmed. */
export function requireConfirm(kind: 'PaymentIntent' | 'SetupIntent', params: ConfirmingParams): void {
  if (params.confirm === true) return
  const param = CONFIRMING.find((name) => params[name] !== undefined && params[name] !== '')
  if (param === undefined) return
  const message = `The parameter \`${param}\` cannot be passed when creating a ${kind} unless \`confirm\` is set to true.`
  const code = kind === 'PaymentIntent' ? 'payment_intent_invalid_parameter' : 'setup_intent_invalid_parameter'
  throw invalidRequest(message, { code, param })
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

/** Whether any of the methods that an intent may be paid with leads to a page of its own. */
export function allowsRedirects(intent: {
  readonly automatic_payment_methods: { readonly allow_redirects?: string; readonly enabled: boolean | null } | null
  readonly allowed_payment_method_types?: readonly string[] | null
}): boolean {
  const { allowed_payment_method_types: allowed, automatic_payment_methods: automatic } = intent
  if (allowed != null && !allowed.some(mayRedirect)) return false
  return automatic?.enabled === true && automatic.allow_redirects !== 'never'
}

interface MethodParams {
  readonly payment_method?: string
  readonly payment_method_data?: { readonly type: string }
}

interface MandateParams {
  readonly mandate_data?: { readonly customer_acceptance?: unknown } | '' | null
}

/** How the customer agreed to be debited, if the request tells. */
export function acceptanceOf({ mandate_data: data }: MandateParams): Acceptance | undefined {
  const acceptance = data ? data.customer_acceptance : undefined
  // Guaranteed: the edge has read it as the declaration of `mandate_data` says.
  return acceptance === undefined ? undefined : (acceptance as Acceptance)
}

/** An account is debited only when its owner agreed, then or before. */
export function requireMandate(
  transaction: Transaction,
  kind: 'PaymentIntent' | 'SetupIntent',
  { paymentMethod, ...params }: MandateParams & { readonly paymentMethod: string | null },
): void {
  const method = paymentMethod === null ? undefined : transaction.get('payment_methods', paymentMethod)
  if (method === undefined || methodTypeOf(method.type)?.flow !== 'debit') return
  if (acceptanceOf(params) !== undefined || lastingMandateOf(transaction, method.id) !== undefined) return
  const message =
    `This ${kind} requires a mandate, but no existing mandate was found. Collect mandate acceptance from the customer and ` +
    'try again, providing acceptance data in the mandate_data parameter.'
  throw invalidRequest(message)
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
