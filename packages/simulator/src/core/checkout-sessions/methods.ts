import { invalidRequest } from '../error.js'
import { methodTypeOf } from '../payments/method-types.js'
import type { CreateParams } from './create-params.js'
import type { CheckoutSession } from './session.js'

/** Debits whose account the page cannot ask for. */
const WITHOUT_FORM = new Set(['acss_debit', 'au_becs_debit'])

/**
 * The ways to pay of a session. A real account has a list in its settings; this one has cards in it, and the others when a
 * request allows them. Those that are unknown or do not fit the currency are left out silently, as Stripe does.
 */
export function methodTypesOf(params: CreateParams, currency: string | null): CheckoutSession['payment_method_types'] {
  const { allowed_payment_method_types: allowed = ['card'], excluded_payment_method_types: excluded = [] } = params
  const isKept = params.mode !== 'payment'
  const types = allowed.filter((type) => fits(type, { currency, isKept }) && !excluded.some((other) => other === type))
  if (types.length > 0) return [...types]
  const message =
    'No valid payment method types for this Checkout Session. Please ensure that you have activated payment methods ' +
    `compatible with your chosen currency (\`${currency ?? 'usd'}\`).`
  throw invalidRequest(message)
}

/** Whether the page can take it, in this currency, and once or for good. */
function fits(
  type: string,
  { currency, isKept }: { readonly currency: string | null; readonly isKept: boolean },
): boolean {
  const known = methodTypeOf(type)
  if (known === undefined || known.flow === 'voucher' || WITHOUT_FORM.has(type)) return false
  return (known.isReusable || !isKept) && (known.currencies?.includes(currency ?? 'usd') ?? true)
}

/** What the session says about its ways to pay; cards are always spoken of. */
export function methodOptionsOf(
  params: CreateParams,
  types: CheckoutSession['payment_method_types'],
): CheckoutSession['payment_method_options'] {
  const { payment_method_options: asked = {} } = params
  const usage = (type: 'bacs_debit' | 'sepa_debit'): { setup_future_usage?: 'none' | 'off_session' | 'on_session' } => {
    const wanted: string | undefined = asked[type]?.setup_future_usage
    return wanted === 'none' || wanted === 'off_session' || wanted === 'on_session'
      ? { setup_future_usage: wanted }
      : {}
  }
  return {
    ...(types.includes('card') && {
      card: { request_three_d_secure: asked.card?.request_three_d_secure ?? 'automatic' },
    }),
    ...(types.includes('bacs_debit') && { bacs_debit: usage('bacs_debit') }),
    ...(types.includes('sepa_debit') && { sepa_debit: usage('sepa_debit') }),
    ...(types.includes('us_bank_account') && { us_bank_account: { verification_method: 'automatic' as const } }),
  }
}
