import type { CheckoutPayer } from '../private-records.js'
import type { Records } from '../records.js'

export type CheckoutSession = Records['checkout_sessions']

/** What every session has alike when it begins. */
export const plain = {
  object: 'checkout.session',
  adaptive_pricing: { enabled: false },
  client_secret: null,
  collected_information: null,
  consent: null,
  currency_conversion: null,
  customer_account: null,
  discounts: [],
  invoice: null,
  livemode: false,
  managed_payments: { enabled: false },
  payment_intent: null,
  payment_link: null,
  payment_method_configuration_details: null,
  payment_status: 'unpaid',
  permissions: null,
  recovered_from: null,
  setup_intent: null,
  shipping_cost: null,
  shipping_options: [],
  status: 'open',
  subscription: null,
} as const satisfies Partial<CheckoutSession>

type CustomerDetails = NonNullable<CheckoutSession['customer_details']>

/** Who pays, as far as it is known. */
export function customerDetails(payer: Partial<CheckoutPayer>): CustomerDetails {
  const { address = null, businessName = null, email = null, individualName = null, name = null, phone = null } = payer
  return {
    address,
    business_name: businessName,
    email,
    individual_name: individualName,
    name: businessName ?? individualName ?? name,
    phone,
    tax_exempt: 'none',
    tax_ids: payer.taxId ? [payer.taxId] : [],
  }
}

/**
 * Where the customer goes when all is done; the application finds the session's id in the address. `null` when the page
 * itself says that all is done.
 */
export function successUrlOf(session: Pick<CheckoutSession, 'id' | 'success_url' | 'return_url'>): string | null {
  const url = session.success_url ?? session.return_url
  return url === undefined || url === null ? null : url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

/** Where the page of a session is, also of one that is to be shown inside of another page. */
export function pageOf(origin: string, id: string): string {
  return `${origin}/c/pay/${id}`
}
