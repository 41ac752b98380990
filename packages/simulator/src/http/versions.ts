import { API_VERSION } from '../api-version.js'
import { invalidRequest } from '../core/error.js'
import { shapes } from './parameters.generated.js'

/** Every version that Stripe has had, as the SDK lists them. */
const KNOWN = new Set(knownVersions())

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

function knownVersions(): readonly string[] {
  const versions = shapes['WebhookEndpointCreateParams']?.fields['api_version']
  return typeof versions === 'object' && 'enum' in versions ? versions.enum : [API_VERSION]
}
