import { BillingError, errorCodes } from '../errors.js'
import type { Log } from '../engine/ports.js'
import { describeError } from '../inbox/describe-error.js'
import { json } from './reply.js'
import type { ErrorJson } from './state-json.js'

/** The answer to what was thrown. Our own faults are logged in full and answered without their particulars. */
export function errorReply(error: unknown, log: Log): Response {
  const known = error instanceof BillingError ? error : new BillingError('internal_error', { cause: error })
  const { code, status, hint } = known
  if (status < 500) return reply(status, { code, message: known.message, hint })
  log.error('A request failed.', { code, error: describeError(error) })
  return reply(status, { code, message: errorCodes()[code].message, hint })
}

/** When to come back after a fault that passes by itself, in seconds. */
const RETRY_AFTER = '5'

function reply(status: number, error: ErrorJson['error']): Response {
  return json({ error } satisfies ErrorJson, { status, headers: status === 503 ? { 'retry-after': RETRY_AFTER } : {} })
}
