import { invalidRequest, StripeError, type StripeErrorBody } from '../core/error.js'
import { sessionState } from '../core/v2/meter-events.js'
import type { World } from '../world.js'
import { decodeForm, withoutKey, type Form, type FormValue } from './form-codec.js'
import { readParameters } from './parameters.js'

interface Written {
  readonly method: string
  readonly query: string
  readonly body: string
}

/** Whether a request is one of version 2 of the API, which is written in JSON. */
export function isVersionTwo(path: string): boolean {
  return path.startsWith('/v2/')
}

/**
 * The parameters of a request of version 2: a query as in version 1, and a body in JSON.
 *
 * @throws StripeError `invalid_fields` in Stripe's words
 */
export function readVersionTwo(route: string, { query, body }: Written): Readonly<Record<string, unknown>> {
  const asked = decodeForm(query)
  const { page } = asked
  const form = body === '' ? withoutKey(asked, 'page') : readJson(body)
  const params = readParameters(route, form)
  return typeof page === 'string' ? { ...params, page } : params
}

function readJson(body: string): Form {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw invalidRequest('The request body is not valid JSON.', { code: 'invalid_fields' })
  }
  const form = formOf(value, '')
  if (typeof form === 'object') return form
  throw invalidRequest('The request body must be a JSON object.', { code: 'invalid_fields' })
}

/** JSON as a form: nothing in the routes of version 2 that are simulated is a number or a boolean. */
function formOf(value: unknown, path: string): FormValue {
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (typeof value !== 'object') throw invalidRequest(`Invalid string: ${JSON.stringify(value)}`, { param: path })
  const form = Object.create(null) as Record<string, FormValue>
  for (const [key, entry] of Object.entries(value)) form[key] = formOf(entry, path === '' ? key : `${path}.${key}`)
  return form
}

/** The codes of version 1 that version 2 calls otherwise. */
const codes: Readonly<Record<string, string>> = {
  parameter_invalid_empty: 'invalid_fields',
  parameter_missing: 'invalid_fields',
  parameter_unknown: 'invalid_fields',
  resource_missing: 'not_found',
}

/** A refusal as version 2 words it. */
export function versionTwoError({ param, ...error }: StripeErrorBody): StripeErrorBody {
  const code = error.code === undefined ? 'invalid_fields' : (codes[error.code] ?? error.code)
  return { ...error, code, ...(param !== undefined && { param }) }
}

const STREAM = '/v2/billing/meter_event_stream'

/** Whether a request is opened by the token of a session rather than by a key. */
export function isStream(path: string): boolean {
  return path === STREAM
}

/**
 * Checks the token of a session of the meter event stream.
 *
 * @throws StripeError 401, or `temporary_session_expired`
 */
export function authenticateSession(world: World, authorization: string | undefined): void {
  const token = /^bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? ''
  switch (sessionState(world.view(), token)) {
    case 'open':
      return
    case 'expired': {
      const message = 'The session has expired. Create a new meter event session.'
      const code = 'billing_meter_event_session_expired'
      throw new StripeError(400, { type: 'temporary_session_expired', code, message })
    }
    default:
      throw new StripeError(401, { type: 'invalid_request_error', message: 'Invalid meter event session token.' })
  }
}
