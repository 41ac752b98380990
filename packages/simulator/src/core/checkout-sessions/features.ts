import { mergeMetadata } from '../metadata.js'
import { customFieldsOf } from './custom-fields.js'
import type { CreateParams } from './create-params.js'
import type { CheckoutSession } from './session.js'

/** What a session collects and says, as the request asks for it. */
export function featuresOf(params: CreateParams): Partial<CheckoutSession> {
  return {
    after_expiration: recoveryOf(params.after_expiration),
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    automatic_tax: automaticTaxOf(params.automatic_tax),
    billing_address_collection: params.billing_address_collection ?? null,
    consent_collection: consentOf(params.consent_collection),
    custom_fields: customFieldsOf(params.custom_fields ?? []),
    custom_text: customTextOf(params.custom_text),
    invoice_creation: invoiceCreationOf(params),
    phone_number_collection: { enabled: params.phone_number_collection?.enabled ?? false },
    saved_payment_method_options: savedOptionsOf(params.saved_payment_method_options),
    shipping_address_collection: params.shipping_address_collection ?? null,
    submit_type: params.submit_type ?? null,
    tax_id_collection: {
      enabled: params.tax_id_collection?.enabled ?? false,
      required: params.tax_id_collection?.required ?? 'never',
    },
    ...looksOf(params),
    ...(params.name_collection !== undefined && { name_collection: nameCollectionOf(params.name_collection) }),
    ...(params.permissions !== undefined && {
      permissions: { update_shipping_details: params.permissions.update_shipping_details ?? 'client_only' },
    }),
  }
}

function recoveryOf(asked: CreateParams['after_expiration']): CheckoutSession['after_expiration'] {
  const { recovery } = asked ?? {}
  if (recovery === undefined) return null
  const { allow_promotion_codes: allowsCodes = false, enabled } = recovery
  return { recovery: { allow_promotion_codes: allowsCodes, enabled, expires_at: null, url: null } }
}

function automaticTaxOf(asked: CreateParams['automatic_tax']): CheckoutSession['automatic_tax'] {
  if (asked?.enabled !== true) return { enabled: false, liability: null, provider: null, status: null }
  return { enabled: true, liability: { type: 'self' }, provider: 'stripe', status: 'requires_location_inputs' }
}

function consentOf(asked: CreateParams['consent_collection']): CheckoutSession['consent_collection'] {
  if (asked === undefined) return null
  return {
    payment_method_reuse_agreement: asked.payment_method_reuse_agreement ?? null,
    promotions: asked.promotions ?? 'none',
    terms_of_service: asked.terms_of_service ?? 'none',
  }
}

function customTextOf(asked: CreateParams['custom_text']): CheckoutSession['custom_text'] {
  return {
    after_submit: asked?.after_submit || null,
    shipping_address: asked?.shipping_address || null,
    submit: asked?.submit || null,
    terms_of_service_acceptance: asked?.terms_of_service_acceptance || null,
  }
}

function savedOptionsOf(
  asked: CreateParams['saved_payment_method_options'],
): CheckoutSession['saved_payment_method_options'] {
  if (asked === undefined) return null
  return {
    allow_redisplay_filters: asked.allow_redisplay_filters ?? null,
    payment_method_remove: asked.payment_method_remove ?? null,
    payment_method_save: asked.payment_method_save ?? null,
  }
}

function nameCollectionOf(
  asked: NonNullable<CreateParams['name_collection']>,
): NonNullable<CheckoutSession['name_collection']> {
  const { business, individual } = asked
  return {
    ...(business !== undefined && { business: { enabled: business.enabled, optional: business.optional ?? false } }),
    ...(individual !== undefined && {
      individual: { enabled: individual.enabled, optional: individual.optional ?? false },
    }),
  }
}

/** How the page looks; of this only the name is seen here. */
function looksOf({ branding_settings: branding }: CreateParams): Pick<CheckoutSession, 'branding_settings'> {
  if (branding === undefined) return {}
  return {
    branding_settings: {
      background_color: branding.background_color || '#ffffff',
      border_style: branding.border_style || 'rounded',
      button_color: branding.button_color || '#0074d4',
      display_name: branding.display_name ?? '',
      font_family: branding.font_family || 'default',
      icon: branding.icon ?? null,
      logo: branding.logo ?? null,
    },
  }
}

/** One-time payments say whether they make an invoice; other modes say nothing. */
function invoiceCreationOf({ mode, invoice_creation: asked }: CreateParams): CheckoutSession['invoice_creation'] {
  if (mode !== 'payment') return null
  const data = asked?.invoice_data ?? {}
  const { rendering_options: rendering } = data
  return {
    enabled: asked?.enabled ?? false,
    invoice_data: {
      account_tax_ids: data.account_tax_ids || null,
      custom_fields: data.custom_fields || null,
      description: data.description ?? null,
      footer: data.footer ?? null,
      issuer: data.issuer === undefined ? null : { type: data.issuer.type },
      metadata: mergeMetadata({}, data.metadata),
      rendering_options: rendering
        ? { amount_tax_display: rendering.amount_tax_display || null, template: rendering.template ?? null }
        : null,
    },
  }
}
