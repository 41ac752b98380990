import { BillingError } from '../errors.js'

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const CONNECTION_CLASSES = ['08', '57P', '53']
const MISSING_TABLE_OR_SCHEMA = ['42P01', '3F000']
const NETWORK_CODES = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENOENT',
]
const DRIVER_MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|pool after calling end|not queryable/i

/** Says what a fault of the driver means for the caller; faults that mean nothing particular are answered as they are. */
export function databaseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (MISSING_TABLE_OR_SCHEMA.includes(code)) return new BillingError('not_migrated', { cause: error })
  const isUnavailable =
    CONNECTION_CLASSES.some((prefix) => code.startsWith(prefix)) ||
    NETWORK_CODES.includes(code) ||
    DRIVER_MESSAGES.test(error.message)
  return isUnavailable ? new BillingError('database_unavailable', { cause: error }) : error
}
