import { API_VERSION } from '../api-version.js'
import { invalidRequest } from '../core/error.js'
import { shapes } from './parameters.generated.js'
import type { Form } from './form-codec.js'

/** Every version that Stripe has had, as the SDK lists them. */
const KNOWN = new Set(knownVersions())

/** From this version on requests are written as they are today. */
const ENDIVE = '2026-09-30.endive'
const DAHLIA = '2026-03-25.dahlia'

/**
 * The version that a request asks for. Older ones are accepted and, for now, answered in the form of the pinned one.
 *
 * @throws StripeError for a version that Stripe never had
 */
export function readVersion(header: string | undefined): string {
  if (header === undefined) return API_VERSION
  if (KNOWN.has(header)) return header
  throw invalidRequest(`Invalid Stripe API version: ${header}`)
}

/**
 * Requests of older versions in today's spelling, as far as only the spelling changed.
 * https://docs.stripe.com/changelog
 */
export function modernize(route: string, form: Form, version: string): Form {
  if (version >= ENDIVE) return form
  const { payment_method_types: types, billing_cycle_anchor: anchor, ui_mode: mode, ...rest } = form
  return {
    ...rest,
    ...(types !== undefined && !DYNAMIC_METHODS.has(route) ? { payment_method_types: types } : {}),
    ...(anchor === undefined
      ? {}
      : {
          billing_cycle_anchor: ANCHOR_IS_OBJECT.has(route) && typeof anchor === 'string' ? { type: anchor } : anchor,
        }),
    ...(mode === undefined
      ? {}
      : { ui_mode: version < DAHLIA && typeof mode === 'string' ? (UI_MODES[mode] ?? mode) : mode }),
  }
}

/** Routes whose `payment_method_types` went in endive, when dynamic payment methods became the only ones. */
const DYNAMIC_METHODS = new Set(['POST /v1/checkout/sessions', 'POST /v1/payment_intents', 'POST /v1/setup_intents'])

const ANCHOR_IS_OBJECT = new Set(['POST /v1/subscriptions/:id'])

const UI_MODES: Readonly<Record<string, string>> = {
  hosted: 'hosted_page',
  embedded: 'embedded_page',
  custom: 'elements',
}

function knownVersions(): readonly string[] {
  const versions = shapes['WebhookEndpointCreateParams']?.fields['api_version']
  return typeof versions === 'object' && 'enum' in versions ? versions.enum : [API_VERSION]
}
