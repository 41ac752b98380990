import { BillingError, type BillingErrorCode } from '../errors.js'

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const MEANINGS: readonly (readonly [prefix: string, code: BillingErrorCode])[] = [
  ['42P01', 'not_migrated'],
  ['3F000', 'not_migrated'],
  // A statement or a wait for a lock took longer than it may.
  ['57014', 'database_busy'],
  ['55P03', 'database_busy'],
  // The server is no primary any more, or has closed a transaction in which nothing happened.
  ['25006', 'database_unavailable'],
  ['25P03', 'database_unavailable'],
  ['08', 'database_unavailable'],
  ['57P', 'database_unavailable'],
  ['53', 'database_unavailable'],
]

const NETWORK_CODES = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENOENT',
  // Those of postgres.js.
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
]
const DRIVER_MESSAGES =
  /connection terminated|connection ended|timeout exceeded when trying to connect|pool after calling end|not queryable/i
const READ_TIMEOUT = /query read timeout/i

/** Says what a fault of the driver means for the caller; faults that mean nothing particular are answered as they are. */
export function databaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof BillingError) return error
  for (const fault of chainOf(error)) {
    const code = meaningOf(fault)
    if (code !== undefined) return new BillingError(code, { cause: error })
  }
  return error
}

function meaningOf(fault: object): BillingErrorCode | undefined {
  const code = stringIn(fault, 'code') ?? stringIn(fault, 'originalCode') ?? ''
  const meaning = MEANINGS.find(([prefix]) => code.startsWith(prefix))
  if (meaning !== undefined) return meaning[1]
  const message = stringIn(fault, 'message') ?? ''
  if (READ_TIMEOUT.test(message)) return 'database_busy'
  return NETWORK_CODES.includes(code) || DRIVER_MESSAGES.test(message) ? 'database_unavailable' : undefined
}

/** More wrappings than any library uses; a bound, so that a cause of itself ends. */
const DEEPEST = 6

/** Where libraries keep the fault of the driver below: Drizzle in `cause`, TypeORM in `driverError`, Prisma in `meta`. */
const WRAPPINGS = ['cause', 'driverError', 'meta', 'driverAdapterError'] as const

function* chainOf(fault: object, depth = 0): Generator<object> {
  if (depth > DEEPEST) return
  yield fault
  for (const name of WRAPPINGS) {
    const inner: unknown = name in fault ? Reflect.get(fault, name) : undefined
    if (typeof inner === 'object' && inner !== null) yield* chainOf(inner, depth + 1)
  }
}

function stringIn(fault: object, name: string): string | undefined {
  const value: unknown = name in fault ? Reflect.get(fault, name) : undefined
  return typeof value === 'string' ? value : undefined
}
