import { createHash } from 'node:crypto'
import { toCatalog, type Catalog, type PlanDefinitions } from './domain/catalog.js'
import { parseDuration } from './domain/time.js'
import type { ReturnOrigins } from './engine/return-url.js'
import { DEFAULT_REQUESTS_PER_SECOND } from './engine/request-budget.js'
import { BillingError } from './errors.js'
import type { BillingOptions, StripeOptions } from './options.js'

/** The options with the environment's defaults filled in, and checked. */
export interface Settings {
  readonly secretKey: string
  /** Names the key in our database without holding it. */
  readonly keyFingerprint: string
  readonly webhookSecrets: readonly string[]
  readonly apiBase: string | undefined
  /** `null`: as many as there are. */
  readonly requestsPerSecond: number | null
  readonly timeoutMilliseconds: number | undefined
  readonly catalog: Catalog
  readonly graceSeconds: number
  /** How long access is kept in this process; `null`: not at all. */
  readonly accessCacheSeconds: number | null
  /** `null`: nothing catches up by itself. */
  readonly catchUpSeconds: number | null
  readonly origins: ReturnOrigins | null
  readonly basePath: string
  readonly workSecret: string | null
}

export type Environment = Readonly<Record<string, string | undefined>>

export function readSettings(options: BillingOptions<PlanDefinitions>, env: Environment): Settings {
  const secretKey = secretKeyOf(options, env)
  const { stripe = {} } = options
  const apiBase = stripe.apiBase ?? filled([env['STRIPE_API_BASE']])[0]
  return {
    secretKey,
    keyFingerprint: createHash('sha256').update(secretKey).digest('hex').slice(0, 32),
    webhookSecrets: filled(stripe.webhookSecrets ?? (env['STRIPE_WEBHOOK_SECRET'] ?? '').split(',')),
    apiBase,
    requestsPerSecond: requestsPerSecondOf(stripe, { secretKey, isElsewhere: apiBase !== undefined }),
    timeoutMilliseconds: timeoutOf(stripe),
    catalog: catalogOf(options.plans),
    graceSeconds: graceOf(options.grace ?? '7d'),
    accessCacheSeconds: options.accessCache === undefined ? null : accessCacheOf(options.accessCache),
    catchUpSeconds: catchUpOf(options.catchUp ?? '1h'),
    origins: originsOf(options, env),
    basePath: basePathOf(options.basePath ?? '/api/billing'),
    workSecret: filled([options.workSecret ?? env['PAYWRIGHT_WORK_SECRET']])[0] ?? null,
  }
}

function secretKeyOf({ stripe, allowLiveKey = false }: BillingOptions<PlanDefinitions>, env: Environment): string {
  const [secretKey] = filled([stripe?.secretKey ?? env['STRIPE_SECRET_KEY']])
  if (secretKey === undefined) throw wrong('There is no secret key: set STRIPE_SECRET_KEY or `stripe.secretKey`.')
  if (isLive(secretKey) && !allowLiveKey && env['NODE_ENV'] !== 'production')
    throw new BillingError('live_key_forbidden')
  return secretKey
}

function isLive(secretKey: string): boolean {
  return /^(sk|rk)_live_/.test(secretKey)
}

function catalogOf(plans: PlanDefinitions): Catalog {
  const result = toCatalog(plans)
  if (result.ok) return result.catalog
  throw wrong(`${result.problem} ${result.remedy}`)
}

function graceOf(text: string): number {
  const seconds = parseDuration(text)
  if (seconds === null) throw wrong(`\`grace\` is "${text}"; give a number and a unit, such as 7d or 12h.`)
  return seconds
}

const SHORTEST_CATCH_UP = 60

function catchUpOf(text: string | false): number | null {
  if (text === false) return null
  const seconds = parseDuration(text)
  if (seconds !== null && seconds >= SHORTEST_CATCH_UP) return seconds
  throw wrong(`\`catchUp\` is "${text}"; give a minute or more, such as 15m or 1h, or false.`)
}

const MOST_PER_SECOND = 10_000

function requestsPerSecondOf(
  { readsPerSecond }: StripeOptions,
  { secretKey, isElsewhere }: { secretKey: string; isElsewhere: boolean },
): number | null {
  const usual = isLive(secretKey) ? DEFAULT_REQUESTS_PER_SECOND.live : DEFAULT_REQUESTS_PER_SECOND.test
  if (readsPerSecond === undefined) return isElsewhere ? null : usual
  if (readsPerSecond === null || (readsPerSecond >= 1 && readsPerSecond <= MOST_PER_SECOND)) return readsPerSecond
  throw wrong(`\`stripe.readsPerSecond\` is ${readsPerSecond}; give a number from 1 to ${MOST_PER_SECOND}, or null.`)
}

/** With the SDK's repetitions a request must end before the lease of a minute does. */
const LONGEST_TIMEOUT = 18_000

function timeoutOf({ timeoutMilliseconds: timeout }: StripeOptions): number | undefined {
  if (timeout === undefined || (Number.isInteger(timeout) && timeout >= 1 && timeout <= LONGEST_TIMEOUT)) return timeout
  throw wrong(`\`stripe.timeoutMilliseconds\` is ${timeout}; give a whole number from 1 to ${LONGEST_TIMEOUT}.`)
}

/** Longer than this is no cache any more: an app that is told nothing by other processes would be wrong for so long. */
const LONGEST_ACCESS_CACHE_SECONDS = 3600

function accessCacheOf(text: string): number {
  const seconds = parseDuration(text)
  if (seconds !== null && seconds > 0 && seconds <= LONGEST_ACCESS_CACHE_SECONDS) return seconds
  throw wrong(`\`accessCache\` is "${text}"; give a time of at most an hour, such as 10s.`)
}

function originsOf(options: BillingOptions<PlanDefinitions>, env: Environment): ReturnOrigins | null {
  const [baseUrl] = filled([options.baseUrl ?? env['APP_URL']])
  if (baseUrl === undefined) return null
  const allowed = (options.allowedReturnOrigins ?? []).map((address) => originOf(address, 'allowedReturnOrigins'))
  return { origin: originOf(baseUrl, 'baseUrl'), allowed }
}

function originOf(address: string, option: string): string {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.origin
  throw wrong(`\`${option}\` holds "${address}"; give an origin with http or https.`)
}

function basePathOf(path: string): string {
  if (/^(\/[\w.~-]+)*\/?$/.test(path)) return path.replace(/\/$/, '')
  throw wrong(`\`basePath\` is "${path}"; give a path such as /api/billing.`)
}

function filled(texts: readonly (string | undefined)[]): readonly string[] {
  return texts.flatMap((text) => (text === undefined || text.trim() === '' ? [] : [text.trim()]))
}

function wrong(detail: string): BillingError {
  return new BillingError('configuration_invalid', { detail })
}
