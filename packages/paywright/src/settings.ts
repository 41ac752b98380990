import { createHash } from 'node:crypto'
import { toCatalog, type Catalog, type PlanDefinitions } from './domain/catalog.js'
import { parseDuration } from './domain/time.js'
import type { ReturnOrigins } from './engine/return-url.js'
import { BillingError } from './errors.js'
import type { BillingOptions } from './options.js'

/** The options with the environment's defaults filled in, and checked. */
export interface Settings {
  readonly secretKey: string
  /** Names the key in our database without holding it. */
  readonly keyFingerprint: string
  readonly webhookSecrets: readonly string[]
  readonly apiBase: string | undefined
  readonly catalog: Catalog
  readonly graceSeconds: number
  readonly origins: ReturnOrigins | null
  readonly basePath: string
  readonly workSecret: string | null
}

export type Environment = Readonly<Record<string, string | undefined>>

export function readSettings(options: BillingOptions<PlanDefinitions>, env: Environment): Settings {
  const secretKey = secretKeyOf(options, env)
  const { stripe = {} } = options
  return {
    secretKey,
    keyFingerprint: createHash('sha256').update(secretKey).digest('hex').slice(0, 32),
    webhookSecrets: filled(stripe.webhookSecrets ?? (env['STRIPE_WEBHOOK_SECRET'] ?? '').split(',')),
    apiBase: stripe.apiBase ?? filled([env['STRIPE_API_BASE']])[0],
    catalog: catalogOf(options.plans),
    graceSeconds: graceOf(options.grace ?? '7d'),
    origins: originsOf(options, env),
    basePath: basePathOf(options.basePath ?? '/api/billing'),
    workSecret: filled([options.workSecret ?? env['PAYWRIGHT_WORK_SECRET']])[0] ?? null,
  }
}

function secretKeyOf({ stripe, allowLiveKey = false }: BillingOptions<PlanDefinitions>, env: Environment): string {
  const [secretKey] = filled([stripe?.secretKey ?? env['STRIPE_SECRET_KEY']])
  if (secretKey === undefined) throw wrong('There is no secret key: set STRIPE_SECRET_KEY or `stripe.secretKey`.')
  const isLive = /^(sk|rk)_live_/.test(secretKey)
  if (isLive && !allowLiveKey && env['NODE_ENV'] !== 'production') throw new BillingError('live_key_forbidden')
  return secretKey
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
