import { BillingError, errorCodes, withoutSecrets } from '../errors.js'
import type { Log } from '../engine/ports.js'
import { json } from './reply.js'
import type { ErrorJson } from './state-json.js'

/** The answer to what was thrown. Our own faults are logged in full and answered without their particulars. */
export function errorReply(error: unknown, log: Log): Response {
  const known = error instanceof BillingError ? error : new BillingError('internal_error', { cause: error })
  const { code, status, hint } = known
  if (status < 500) return reply(status, { code, message: known.message, hint })
  log.error('A request failed.', { code, error: describe(error) })
  return reply(status, { code, message: errorCodes()[code].message, hint })
}

function reply(status: number, error: ErrorJson['error']): Response {
  return json({ error } satisfies ErrorJson, { status })
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return withoutSecrets(String(error))
  const cause = error.cause === undefined ? '' : `, because: ${describe(error.cause)}`
  return withoutSecrets(`${error.name}: ${error.message}`) + cause
}
