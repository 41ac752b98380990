import { API_VERSION } from '../api-version.js'
import { accountId } from '../core/account.js'
import { settingsOf } from '../core/account-settings.js'
import { invalidRequest, notSimulated, StripeError, type StripeErrorBody } from '../core/error.js'
import type { Reply } from '../core/machine.js'
import { handlers } from '../core/resources.js'
import type { World } from '../world.js'
import { authenticate } from './authenticate.js'
import { documentOf, type Document } from './documents.js'
import { modernize, modernRoute, refuseGone } from './earlier-requests.js'
import { expand, readExpand } from './expand.js'
import { decodeForm, withoutKey } from './form-codec.js'
import { earlierAnswer, keyInUse, readKey, withAnswer, type KeyedRequest } from './idempotency.js'
import { refuseOtherAccounts } from './other-accounts.js'
import { otherRoutes } from './other-routes.generated.js'
import { readParameters } from './parameters.js'
import type { RequestLog } from './request-log.js'
import { createRouter, type Match } from './router.js'
import { routes } from './routes.js'
import { undocumentedRoutes } from './undocumented-routes.js'
import { authenticateSession, isStream, isVersionTwo, readVersionTwo, versionTwoError } from './version-two.js'
import { readVersion } from './versions.js'

/** A request to the API, off the wire. */
export interface ApiRequest {
  readonly method: string
  readonly path: string
  /** Without the question mark. */
  readonly query: string
  readonly body: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

export interface ApiResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  /** To be called when the answer is safe and about to leave: until then the same idempotency key is in use. */
  readonly release: () => void
}

/** What the API needs of the simulator around it. */
export interface ApiServices {
  readonly worldOf: (account: string | null) => World
  readonly nextRequestId: () => string
  readonly log: RequestLog
  /** Counts down the requests that are to be refused with 429. */
  readonly takeRateLimit: () => boolean
  /** Whether this is to go wrong with the request at hand. */
  readonly takeFault: (name: 'failing' | 'lost') => boolean
  /** Idempotency keys of requests whose answer has not left yet. */
  readonly inFlight: Set<string>
  readonly onError: (error: unknown) => void
}

const match = createRouter<string | undefined>({
  ...Object.fromEntries(otherRoutes.map((route) => [route, undefined])),
  ...routes,
  ...undocumentedRoutes,
})

const RATE_LIMITED =
  'Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.'

/** Headers that are answered as they were sent. */
const ECHOED = ['idempotency-key', 'stripe-account'] as const

interface Answer {
  readonly status: number
  readonly body: unknown
  /** The idempotency key that is in use until the answer leaves. */
  readonly slot?: string
  readonly headers?: Readonly<Record<string, string>>
  /** What leaves instead of the body, where that stands for a file. */
  readonly document?: Document | undefined
}

/** Answers one request to the API. */
export function answerApi(services: ApiServices, request: ApiRequest): ApiResponse {
  const id = services.nextRequestId()
  const { headers } = request
  const answer = inItsVersion(request, answerOrRefusal(services, request, id))
  logRequest(services, request, { id, answer })
  return {
    status: answer.status,
    headers: headersOf(id, headers, answer),
    body: answer.document?.body ?? JSON.stringify(answer.body),
    release: () => {
      if (answer.slot !== undefined) services.inFlight.delete(answer.slot)
    },
  }
}

/** Put together step by step, as this is done for every request. */
function headersOf(id: string, asked: ApiRequest['headers'], answer: Answer): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'request-id': id,
    'stripe-version': asked['stripe-version'] ?? API_VERSION,
  }
  for (const name of ECHOED) {
    const value = asked[name]
    if (value !== undefined) headers[name] = value
  }
  const more = answer.document?.headers ?? answer.headers
  return more === undefined ? headers : Object.assign(headers, more)
}

function answerOrRefusal(services: ApiServices, request: ApiRequest, id: string): Answer {
  const log = (): string => logAddress(services, id)
  try {
    const { headers } = request
    if (!isStream(request.path)) authenticate(headers['authorization'])
    const version = readVersion(headers['stripe-version'])
    const world = services.worldOf(
      readAccount(services, headers['stripe-account'] ?? accountInContext(headers['stripe-context'])),
    )
    if (isStream(request.path)) authenticateSession(world, headers['authorization'])
    const route = modernRoute(findRoute(request), headers['stripe-version'])
    if (services.takeRateLimit()) return rateLimited(log())
    return answerOnce(services, request, { world, route, version, id, log, takeFault: services.takeFault })
  } catch (error) {
    if (error instanceof StripeError) return refusal(error.status, error.body, log())
    services.onError(error)
    const reason = error instanceof Error ? error.message : String(error)
    const message = `The simulator failed; this is a fault in it, not in your request. ${reason}`
    return refusal(500, { type: 'api_error', message }, log())
  }
}

interface Routed {
  readonly world: World
  readonly route: Match<string>
  readonly version: string
  readonly id: string
  /** Where the console shows this request. */
  readonly log: () => string
  readonly takeFault: ApiServices['takeFault']
}

function answerOnce(services: ApiServices, request: ApiRequest, routed: Routed): Answer {
  const { method, path, body, headers } = request
  const keyed = readKey({ method, path, body, header: headers['idempotency-key'] })
  if (keyed === undefined) return carryOut(request, routed, undefined)
  const slot = `${routed.world.account ?? ''} ${keyed.key}`
  if (services.inFlight.has(slot)) throw keyInUse(keyed.key)
  const earlier = earlierAnswer(routed.world, keyed)
  if (earlier === undefined) {
    const answer = carryOut(request, routed, keyed)
    services.inFlight.add(slot)
    return { status: answer.status, body: answer.body, document: answer.document, slot }
  }
  return {
    status: earlier.status,
    body: earlier.body,
    headers: { 'idempotent-replayed': 'true', 'original-request': earlier.requestId },
  }
}

function carryOut(
  request: ApiRequest,
  { world, route, version, id, log, takeFault }: Routed,
  keyed: KeyedRequest | undefined,
): Answer {
  const { params, paths } = readRequest(request, { route: route.route, version })
  refuseOtherAccounts(params, accountId(world.state))
  const answer = takeFault('failing') ? (): Answer => failure(log()) : (reply: Reply): Answer => answerOf(reply, log)
  const reply = world.run({
    name: route.target,
    path: route.path,
    params,
    request: { id, idempotencyKey: request.headers['idempotency-key'] ?? null },
    show: (transaction, body) => expand(transaction, body, { route: route.route, version, paths }),
    keep:
      keyed &&
      ((decided, changes) => {
        // Version 2 carries out again what failed, rather than repeating its answer.
        if (!decided.ok && isVersionTwo(request.path)) return changes
        const { key, route: path, fingerprint } = keyed
        const { status, body } = answer(decided)
        return withAnswer(world, changes, {
          id: key,
          route: path,
          fingerprint,
          status,
          body,
          requestId: id,
          created: world.now,
        })
      }),
  })
  const document = reply.ok ? documentOf(route.target, reply.body) : undefined
  return document === undefined ? answer(reply) : { ...answer(reply), document }
}

interface Asked {
  readonly params: Readonly<Record<string, unknown>>
  /** What is to be expanded in the answer. */
  readonly paths: ReturnType<typeof readExpand>
}

function readRequest(request: ApiRequest, { route, version }: { route: string; version: string }): Asked {
  if (isVersionTwo(request.path)) return { params: readVersionTwo(route, request), paths: [] }
  const asked = request.headers['stripe-version']
  const written = decodeForm(textOf(request))
  refuseGone(route, written, asked)
  const form = modernize(route, written, asked)
  return {
    params: readParameters(route, withoutKey(form, 'expand')),
    paths: readExpand({ route, version }, form['expand']),
  }
}

/** A refusal in the words of the version of the API that the request is of. */
function inItsVersion(request: ApiRequest, answer: Answer): Answer {
  const { error } = answer.body as { readonly error?: StripeErrorBody }
  if (answer.status < 400 || error === undefined || !isVersionTwo(request.path)) return answer
  return { ...answer, body: { error: versionTwoError(error) } }
}

function answerOf(reply: Reply, log: () => string): { status: number; body: unknown } {
  return reply.ok ? { status: 200, body: reply.body } : refusal(reply.status, reply.error, log())
}

function refusal(status: number, error: StripeErrorBody, requestLogUrl: string): Answer {
  return { status, body: { error: { ...error, request_log_url: requestLogUrl } } }
}

/** The page of the request in the console, as Stripe's Dashboard has a page for each. */
function logAddress(services: ApiServices, id: string): string {
  return `${settingsOf(services.worldOf(null).view()).origin}/console/requests/${id}`
}

/** By way of a fault: what was asked for is done, and the client cannot know. */
function failure(requestLogUrl: string): Answer {
  const message = 'An error occurred with our servers. (A fault that was asked for; the request was carried out.)'
  return refusal(500, { type: 'api_error', message }, requestLogUrl)
}

function rateLimited(requestLogUrl: string): Answer {
  const error = { type: 'invalid_request_error' as const, code: 'rate_limit', message: RATE_LIMITED }
  return { ...refusal(429, error, requestLogUrl), headers: { 'stripe-rate-limited-reason': 'global-rate' } }
}

function textOf({ query, body, headers }: ApiRequest): string {
  const type = headers['content-type']
  if (body !== '' && type !== undefined && !type.startsWith('application/x-www-form-urlencoded')) {
    throw invalidRequest(
      'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any ' +
        'questions, we can help at https://support.stripe.com/.',
    )
  }
  return query === '' || body === '' ? query + body : `${query}&${body}`
}

/** A context names the account last, after those that it is reached through. */
function accountInContext(header: string | undefined): string | undefined {
  return header?.split('/').at(-1)
}

function readAccount(services: ApiServices, header: string | undefined): string | null {
  if (header === undefined || header === '') return null
  if (header === accountId(services.worldOf(null).state)) return null
  if (/^acct_\w+$/.test(header)) return header
  const message = `The provided key does not have access to account '${header}' (or that account does not exist). Application access may have been revoked.`
  throw new StripeError(403, { type: 'invalid_request_error', code: 'account_invalid', message })
}

function findRoute({ method, path }: ApiRequest): Match<string> {
  const found = match(method, path)
  const { target } = found ?? {}
  if (found !== undefined && target !== undefined && handlers[target] !== undefined) return { ...found, target }
  if (found !== undefined || path.startsWith('/v2/')) throw notSimulated(`${method} ${path}`)
  throw new StripeError(404, {
    type: 'invalid_request_error',
    message:
      `Unrecognized request URL (${method}: ${path}). If you are trying to list objects, remove the trailing slash. If you ` +
      'are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. Please see ' +
      'https://stripe.com/docs or we can help at https://support.stripe.com/.',
  })
}

function logRequest(services: ApiServices, request: ApiRequest, { id, answer }: { id: string; answer: Answer }): void {
  const { method, path, query, body, headers } = request
  const { error } = answer.body as { error?: StripeErrorBody }
  services.log.add({
    id,
    at: services.worldOf(null).now,
    method,
    path,
    status: answer.status,
    account: headers['stripe-account'] ?? null,
    idempotencyKey: headers['idempotency-key'] ?? null,
    isReplayed: answer.headers?.['idempotent-replayed'] === 'true',
    error: answer.status < 400 ? null : (error?.code ?? error?.type ?? null),
    message: answer.status < 400 ? null : (error?.message ?? null),
    param: answer.status < 400 ? null : (error?.param ?? null),
    sent: query === '' || body === '' ? query + body : `${query}&${body}`,
  })
}
