import type { Records } from '../records.js'

export type CheckoutSession = Records['checkout_sessions']

/** What every session has alike, as long as the features behind it are not built. */
export const plain = {
  object: 'checkout.session',
  adaptive_pricing: { enabled: false },
  after_expiration: null,
  automatic_tax: { enabled: false, liability: null, provider: null, status: null },
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
  customer_account: null,
  discounts: [],
  invoice: null,
  livemode: false,
  managed_payments: { enabled: false },
  payment_intent: null,
  payment_link: null,
  payment_method_configuration_details: null,
  payment_method_options: { card: { request_three_d_secure: 'automatic' } },
  payment_method_types: ['card'],
  payment_status: 'unpaid',
  permissions: null,
  phone_number_collection: { enabled: false },
  recovered_from: null,
  saved_payment_method_options: null,
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  status: 'open',
  subscription: null,
  tax_id_collection: { enabled: false, required: 'never' },
  ui_mode: 'hosted_page',
  wallet_options: null,
} as const satisfies Partial<CheckoutSession>

const noInvoice = {
  account_tax_ids: null,
  custom_fields: null,
  description: null,
  footer: null,
  issuer: null,
  metadata: {},
  rendering_options: null,
} as const

/** One-time payments say that they make no invoice; other modes say nothing. */
export function invoiceCreationOf(mode: string): CheckoutSession['invoice_creation'] {
  return mode === 'payment' ? { enabled: false, invoice_data: noInvoice } : null
}

export function customerDetails(payer: {
  email: string | null
  name?: string | null
  country?: string | null
}): NonNullable<CheckoutSession['customer_details']> {
  const { email, name = null, country = null } = payer
  const address = { city: null, country, line1: null, line2: null, postal_code: null, state: null }
  return {
    address: country === null ? null : address,
    business_name: null,
    email,
    individual_name: null,
    name,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  }
}

/** Where the customer goes when all is done; the application finds the session's id in the address. */
export function successUrlOf(session: Pick<CheckoutSession, 'id' | 'success_url'>): string {
  return (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}
