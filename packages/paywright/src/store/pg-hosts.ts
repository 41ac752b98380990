import type { PoolConfig } from 'pg'
import { BillingError } from '../errors.js'

/** Where a connection string leads. */
export interface Addresses {
  /** A connection string for each host that is named, in this order. */
  readonly urls: readonly string[]
  /** Only a server that takes writes is wanted: `target_session_attrs` is `read-write` or `primary`. */
  readonly needsWrites: boolean
}

const DEFAULT_PORT = 5432

// The driver reads one host only, and an address with several is none for `URL`, so it is taken apart here.
// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS
const CONNECTION_STRING = /^(postgres(?:ql)?:\/\/(?:[^@/?]*@)?)([^/?]+)(\/[^?]*)?(?:\?(.*))?$/

const WANTED = ['any', 'read-write', 'primary']

/** Reads the hosts of a connection string; what it does not know is left to the driver. */
export function readAddresses(connectionString: string): Addresses {
  const [, before = '', hosts, path = '', query = ''] = CONNECTION_STRING.exec(connectionString) ?? []
  if (hosts === undefined) return { urls: [connectionString], needsWrites: false }
  const params = new URLSearchParams(query)
  const wanted = params.get('target_session_attrs')
  if (wanted !== null && !WANTED.includes(wanted)) {
    const detail = `\`target_session_attrs\` is ${JSON.stringify(wanted)}; it may be ${WANTED.join(', ')}.`
    throw new BillingError('configuration_invalid', { detail })
  }
  params.delete('target_session_attrs')
  const rest = params.size === 0 ? path : `${path}?${params.toString()}`
  const named = hosts.split(',')
  const urls = named.map((host) => `${before}${named.length > 1 ? withPort(host) : host}${rest}`)
  return { urls, needsWrites: (wanted ?? 'any') !== 'any' }
}

function withPort(host: string): string {
  return /:\d+$/.test(host) ? host : `${host}:${DEFAULT_PORT}`
}

/** The same for what `postgres(…)` is given: the options of a pool for each host. */
export function readServers(source: string | PoolConfig): {
  readonly servers: readonly PoolConfig[]
  readonly needsWrites: boolean
} {
  const config: PoolConfig = typeof source === 'string' ? { connectionString: source } : source
  if (config.connectionString === undefined) return { servers: [config], needsWrites: false }
  const { urls, needsWrites } = readAddresses(config.connectionString)
  return { servers: urls.map((url) => ({ ...config, connectionString: url })), needsWrites }
}
