import type { CustomField } from './custom-fields.js'
import type { CheckoutSession } from './session.js'

/** What the page asks for besides the payment. */
export interface Wants {
  readonly address: 'country' | 'full'
  readonly phone: boolean
  /** `null`: not asked for. */
  readonly businessName: 'needed' | 'optional' | null
  readonly individualName: 'needed' | 'optional' | null
  readonly taxId: 'needed' | 'optional' | null
  /** The countries that goods are sent to; `null` when nothing is sent. */
  readonly shippingTo: readonly string[] | null
  readonly customFields: readonly CustomField[]
  readonly terms: boolean
  readonly promotions: boolean
  readonly texts: {
    readonly shipping: string | null
    readonly submit: string | null
    readonly terms: string | null
  }
}

export function wantsOf(session: CheckoutSession): Wants {
  const { consent_collection: consent, custom_text: text, tax_id_collection: taxId } = session
  return {
    address: needsAddress(session) ? 'full' : 'country',
    phone: session.phone_number_collection?.enabled === true,
    businessName: nameOf(session.name_collection?.business),
    individualName: nameOf(session.name_collection?.individual),
    taxId: taxId?.enabled === true ? (taxId.required === 'if_supported' ? 'needed' : 'optional') : null,
    shippingTo: session.shipping_address_collection?.allowed_countries ?? null,
    customFields: session.custom_fields,
    terms: consent?.terms_of_service === 'required',
    promotions: consent?.promotions === 'auto',
    texts: {
      shipping: text.shipping_address?.message ?? null,
      submit: text.submit?.message ?? null,
      terms: text.terms_of_service_acceptance?.message ?? null,
    },
  }
}

/** Tax needs more than a country. */
function needsAddress(session: CheckoutSession): boolean {
  return session.billing_address_collection === 'required' || session.automatic_tax.enabled
}

function nameOf(asked: { readonly enabled: boolean; readonly optional: boolean } | undefined): Wants['businessName'] {
  if (asked?.enabled !== true) return null
  return asked.optional ? 'optional' : 'needed'
}
