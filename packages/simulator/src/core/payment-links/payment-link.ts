import type Stripe from 'stripe'
import { featuresOf } from '../checkout-sessions/features.js'
import type { CreateParams as SessionParams } from '../checkout-sessions/create-params.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'

export type PaymentLink = Records['payment_links']
export type CreateParams = Stripe.PaymentLinkCreateParams

/** What of a payment link follows from what was asked for. */
type Fields = Omit<
  PaymentLink,
  'active' | 'currency' | 'id' | 'livemode' | 'object' | 'optional_items' | 'restrictions' | 'shipping_options' | 'url'
>

export type Mode = 'payment' | 'subscription'

/** A payment link says what its sessions will say, so it is read as they are. */
export function fieldsOf(params: CreateParams, mode: Mode): Fields {
  const features = featuresOf(sessionLike(params, mode))
  const { automatic_tax: tax, custom_fields: fields = [], name_collection: names } = features
  return {
    after_completion: afterCompletionOf(params.after_completion),
    allow_promotion_codes: params.allow_promotion_codes ?? false,
    application: null,
    application_fee_amount: null,
    application_fee_percent: null,
    automatic_tax: { enabled: tax?.enabled ?? false, liability: tax?.liability ?? null },
    billing_address_collection: params.billing_address_collection ?? 'auto',
    consent_collection: features.consent_collection ?? null,
    custom_fields: fields.map(withoutValue),
    custom_text: features.custom_text ?? noText,
    customer_creation: mode === 'subscription' ? 'always' : (params.customer_creation ?? 'if_required'),
    inactive_message: params.inactive_message ?? null,
    invoice_creation: mode === 'subscription' ? null : (features.invoice_creation ?? null),
    managed_payments: null,
    metadata: mergeMetadata({}, params.metadata),
    ...(names !== undefined && { name_collection: names }),
    on_behalf_of: null,
    payment_intent_data: mode === 'subscription' ? null : intentDataOf(params.payment_intent_data),
    payment_method_collection: params.payment_method_collection ?? 'always',
    payment_method_options: null,
    payment_method_types: params.payment_method_types ?? null,
    phone_number_collection: { enabled: params.phone_number_collection?.enabled ?? false },
    shipping_address_collection: params.shipping_address_collection ?? null,
    submit_type: params.submit_type ?? 'auto',
    subscription_data: mode === 'subscription' ? subscriptionDataOf(params.subscription_data) : null,
    tax_id_collection: {
      enabled: params.tax_id_collection?.enabled ?? false,
      required: params.tax_id_collection?.required ?? 'never',
    },
    transfer_data: null,
  }
}

const noText = { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null }

/** The parameters that links and sessions have in common. */
export function sessionLike(params: CreateParams, mode: Mode): SessionParams {
  const { invoice_creation: invoice, payment_intent_data: intent, subscription_data: subscription } = params
  const { automatic_tax, billing_address_collection, consent_collection, custom_fields, custom_text } = params
  const { name_collection, phone_number_collection, shipping_address_collection, tax_id_collection } = params
  return {
    mode,
    ...(automatic_tax !== undefined && { automatic_tax }),
    ...(billing_address_collection !== undefined && { billing_address_collection }),
    ...(consent_collection !== undefined && { consent_collection }),
    ...(custom_fields !== undefined && { custom_fields }),
    ...(custom_text !== undefined && { custom_text }),
    ...(name_collection !== undefined && { name_collection }),
    ...(phone_number_collection !== undefined && { phone_number_collection }),
    ...(shipping_address_collection !== undefined && { shipping_address_collection }),
    ...(tax_id_collection !== undefined && { tax_id_collection }),
    ...(params.allow_promotion_codes !== undefined && { allow_promotion_codes: params.allow_promotion_codes }),
    ...(params.submit_type !== undefined && { submit_type: params.submit_type }),
    ...(mode === 'payment' && invoice !== undefined && { invoice_creation: withoutEmpty(invoice) }),
    ...(mode === 'payment' && intent !== undefined && { payment_intent_data: intent }),
    ...(mode === 'subscription' && subscription !== undefined && { subscription_data: withoutTaxIds(subscription) }),
  }
}

function withoutEmpty({ enabled, invoice_data: data }: NonNullable<CreateParams['invoice_creation']>): {
  enabled: boolean
  invoice_data?: NonNullable<NonNullable<SessionParams['invoice_creation']>['invoice_data']>
} {
  if (data === undefined) return { enabled }
  const { metadata, ...rest } = data
  return { enabled, invoice_data: { ...rest, ...(metadata && { metadata }) } }
}

function withoutTaxIds(
  data: NonNullable<CreateParams['subscription_data']>,
): NonNullable<SessionParams['subscription_data']> {
  const { invoice_settings: settings, ...rest } = data
  if (settings?.issuer === undefined) return rest
  return { ...rest, invoice_settings: { issuer: settings.issuer } }
}

function afterCompletionOf(asked: CreateParams['after_completion']): PaymentLink['after_completion'] {
  if (asked?.type === 'redirect') return { redirect: { url: asked.redirect?.url ?? '' }, type: 'redirect' }
  const { custom_message: message = null } = asked?.hosted_confirmation ?? {}
  return { hosted_confirmation: { custom_message: message }, type: 'hosted_confirmation' }
}

type SessionField = NonNullable<ReturnType<typeof featuresOf>['custom_fields']>[number]

/** A link has the fields, and no answers. */
function withoutValue(field: SessionField): PaymentLink['custom_fields'][number] {
  const { dropdown, numeric, text, ...rest } = field
  const bare = <Part extends { readonly value: string | null }>({
    value: _value,
    ...part
  }: Part): Omit<Part, 'value'> => part
  return {
    ...rest,
    ...(dropdown !== undefined && { dropdown: bare(dropdown) }),
    ...(numeric !== undefined && { numeric: bare(numeric) }),
    ...(text !== undefined && { text: bare(text) }),
  }
}

function intentDataOf(asked: CreateParams['payment_intent_data']): PaymentLink['payment_intent_data'] {
  if (asked === undefined) return null
  return {
    capture_method: asked.capture_method ?? null,
    description: asked.description ?? null,
    metadata: mergeMetadata({}, asked.metadata),
    setup_future_usage: asked.setup_future_usage ?? null,
    statement_descriptor: asked.statement_descriptor ?? null,
    statement_descriptor_suffix: asked.statement_descriptor_suffix ?? null,
    transfer_group: null,
  }
}

function subscriptionDataOf(asked: CreateParams['subscription_data']): PaymentLink['subscription_data'] {
  const { invoice_settings: settings = {}, trial_settings: trial } = asked ?? {}
  return {
    description: asked?.description ?? null,
    invoice_settings: {
      account_tax_ids: settings.account_tax_ids || null,
      custom_fields: settings.custom_fields || null,
      description: settings.description ?? null,
      footer: settings.footer ?? null,
      issuer: { type: 'self' },
    },
    metadata: mergeMetadata({}, asked?.metadata),
    trial_period_days: asked?.trial_period_days ?? null,
    trial_settings:
      trial === undefined
        ? null
        : { end_behavior: { missing_payment_method: trial.end_behavior.missing_payment_method } },
  }
}
