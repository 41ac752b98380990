/** The one code of an error that is not Stripe's own. */
const NOT_SIMULATED = 'not_simulated'

/** Types of Stripe's errors, https://docs.stripe.com/api/errors. */
export type StripeErrorType =
  | 'api_error'
  | 'card_error'
  | 'idempotency_error'
  | 'invalid_request_error'
  | 'temporary_session_expired'

/** The body of an error as Stripe sends it under the key `error`. */
export interface StripeErrorBody {
  readonly type: StripeErrorType
  readonly message: string
  readonly code?: string
  readonly param?: string
  readonly doc_url?: string
  /** Where the log shows the refused request; the edges add it. */
  readonly request_log_url?: string
  readonly decline_code?: string
  readonly charge?: string
  readonly payment_intent?: unknown
  readonly payment_method?: unknown
  readonly setup_intent?: unknown
}

/**
 * Thrown by a resource to refuse a command. Nothing the command wrote is kept, except when `keepsChanges` is set:
 * a declined card answers 402 and still leaves a failed charge behind.
 */
export class StripeError extends Error {
  readonly status: number
  readonly body: StripeErrorBody
  readonly keepsChanges: boolean

  constructor(status: number, body: Omit<StripeErrorBody, 'doc_url'>, options: { keepsChanges?: boolean } = {}) {
    super(body.message)
    this.name = 'StripeError'
    this.status = status
    const isStripes = body.code !== undefined && body.code !== '' && body.code !== NOT_SIMULATED
    this.body = isStripes ? { ...body, doc_url: documentationOf(body.code ?? '') } : body
    this.keepsChanges = options.keepsChanges ?? false
  }
}

function documentationOf(code: string): string {
  return `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`
}

/** An error about one parameter of the request: HTTP 400. */
export function invalidRequest(
  message: string,
  details: { param?: string; code?: string; charge?: string } = {},
): StripeError {
  return new StripeError(400, { type: 'invalid_request_error', message, ...details })
}

/** A required parameter is missing: HTTP 400. */
export function missingParameter(param: string): StripeError {
  return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
}

/** An object does not exist: HTTP 404 when it was asked for itself, 400 when another request refers to it. */
export function noSuch(kind: string, id: string, options: { param: string; status: 400 | 404 }): StripeError {
  const { param, status } = options
  const message = `No such ${kind}: '${id}'`
  return new StripeError(status, { type: 'invalid_request_error', code: 'resource_missing', message, param })
}

/** What Stripe has and the simulator does not: never an empty success. */
export function notSimulated(what: string, param?: string): StripeError {
  const message = `${what} is not simulated yet. The simulator answers an error rather than something made up.`
  const body = { type: 'invalid_request_error' as const, code: NOT_SIMULATED, message }
  return new StripeError(param === undefined ? 404 : 400, param === undefined ? body : { ...body, param })
}

/** Whether this is not refused, where nobody is there to be told why it is. */
export function isPossible(attempt: () => void): boolean {
  try {
    attempt()
    return true
  } catch (error) {
    if (error instanceof StripeError) return false
    throw error
  }
}
