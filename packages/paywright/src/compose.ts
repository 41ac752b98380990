import type { PlanDefinitions } from './domain/catalog.js'
import type { Scope } from './domain/mirror.js'
import { composeMail } from './emails/compose.js'
import { createAccessCache } from './engine/access-cache.js'
import type { EngineContext, ReadingContext } from './engine/context.js'
import type { Clock, Ids, Inbox, Log, RequestBudget, Store, StripeGateway, Urgency } from './engine/ports.js'
import { catchUpIfDue } from './engine/catch-up.js'
import { createListening } from './engine/listening.js'
import { capacityOf, createRequestBudget } from './engine/request-budget.js'
import { createScope, createStoredScope } from './engine/scope.js'
import { createSharedClock } from './engine/shared-clock.js'
import { BillingError } from './errors.js'
import type { HttpContext } from './http/context.js'
import type { InboxContext, Upkeep } from './inbox/context.js'
import { createInbox } from './inbox/create-inbox.js'
import { createHandlers, type Handlers } from './inbox/handlers.js'
import { DEFAULT_POLICY, type WorkPolicy } from './inbox/policy.js'
import { wait } from './inbox/wait.js'
import type { BillingOptions } from './options.js'
import { stderrLog, systemClock, systemIds, systemRandom } from './runtime.js'
import { readSettings, type Environment, type Settings } from './settings.js'
import { createStore } from './store/store.js'
import { createGateway } from './stripe/gateway.js'
import { createPace } from './stripe/pace.js'

/** What tests put in the place of the real thing. */
export interface Seams {
  readonly env?: Environment
  readonly wrapGateway?: (gateway: StripeGateway) => StripeGateway
  readonly wrapStore?: (store: Store) => Store
  readonly wait?: EngineContext['wait']
  readonly ids?: Ids
  /** What the clock of this machine says; unlike `clock` of the options it is held against that of the database. */
  readonly machineClock?: Clock
  /** How often the SDK sends a request again whose connection broke, which it does after a pause. */
  readonly networkRetries?: number
  /** By which requests to Stripe are counted, in milliseconds; else by the time of the database. */
  readonly milliseconds?: () => number
  /** From 0 up to but not including 1. */
  readonly random?: () => number
  readonly policy?: Partial<WorkPolicy>
}

/** Everything wired together. */
export interface Parts {
  readonly engine: EngineContext
  /** The same for verbs that nobody waits for. */
  readonly repair: EngineContext
  /** For who only asks for access, and may be answered from this process's memory. */
  readonly accessReads: ReadingContext
  readonly forgetAccess: (customerId: string) => void
  readonly inbox: Inbox
  readonly handlers: Handlers
  readonly http: HttpContext
}

export function compose(options: BillingOptions<PlanDefinitions>, seams: Seams = {}): Parts {
  const settings = readSettings(options, seams.env ?? process.env)
  const world = openWorld(options, settings, seams)
  const handlers = createHandlers()
  const policy = { ...DEFAULT_POLICY, ...seams.policy }
  const mail = mailOf(options, settings)
  const upkeep = upkeepOf(settings, () => repair)
  const inbox = createInbox({ ...world, handlers, policy, mail, upkeep, random: seams.random ?? systemRandom })
  const { origins, basePath, workSecret } = settings
  const { syncNow, syncDeeply, syncQuietly } = inbox
  const engine: EngineContext = { ...world, origins, basePath, syncNow, syncDeeply, syncQuietly }
  const repair: EngineContext = { ...engine, gateway: world.patientGateway }
  const accessReads: ReadingContext = { ...engine, store: { ...engine.store, accessFacts: world.accessFacts } }
  const { identify, waitUntil = null } = options
  const http: HttpContext = { engine, inbox, identify, workSecret, waitUntil }
  return { engine, repair, accessReads, forgetAccess: world.forgetAccess, inbox, handlers, http }
}

/** Instances that start together, such as when a new version is rolled out, catch up once. */
const SECONDS_BETWEEN_STARTS = 300

function upkeepOf({ catchUpSeconds }: Settings, context: () => EngineContext): Upkeep | null {
  if (catchUpSeconds === null) return null
  return {
    lookSeconds: Math.min(SECONDS_BETWEEN_STARTS, Math.ceil(catchUpSeconds / 4)),
    run: ({ isStart, signal }) => {
      const everySeconds = isStart ? Math.min(catchUpSeconds, SECONDS_BETWEEN_STARTS) : catchUpSeconds
      return catchUpIfDue(context(), { everySeconds, signal })
    },
  }
}

/** What the inbox and the verbs have in common. */
function openWorld(options: BillingOptions<PlanDefinitions>, settings: Settings, seams: Seams) {
  const { keyFingerprint, catalog, graceSeconds } = settings
  const { log = stderrLog } = options
  const realStore = createStore(options.database, { usersTable: options.usersTable })
  const store = seams.wrapStore?.(realStore) ?? realStore
  const { ids = systemIds, wait: waiting = wait, milliseconds = null } = seams
  const { requestsPerSecond: perSecond } = settings
  const budget =
    perSecond === null ? null : createRequestBudget({ store, scope: () => scope(), perSecond, now: milliseconds })
  const gatewayFor = gatewaysOf({ settings, seams, budget, log, wait: waiting })
  const gateway = gatewayFor('prompt')
  const findScope = createScope({ store, gateway, keyFingerprint })
  const shared = createSharedClock({ own: seams.machineClock ?? systemClock, databaseTime: store.time, log })
  const clock = options.clock ?? shared
  const newsFrom = createListening({ scope: findScope, store, clock })
  // Whoever comes to use our data passes here, so that by then the time is known that all instances share.
  const scope = async (): Promise<Scope> => {
    if (options.clock === undefined) await shared.agree()
    const found = await findScope()
    await newsFrom()
    return found
  }
  const storedScope = createStoredScope({ gateway, keyFingerprint })
  const patientGateway = gatewayFor('patient')
  const gateways = { gateway, patientGateway }
  const cached = withAccessCache(settings, { store, clock })
  return { ...cached, ...gateways, scope, storedScope, newsFrom, catalog, graceSeconds, clock, log, ids, wait: waiting }
}

interface GatewayParts {
  readonly settings: Settings
  readonly seams: Seams
  readonly budget: RequestBudget | null
  readonly log: Log
  readonly wait: (milliseconds: number) => Promise<void>
}

/** Stripe, for who waits and for who does not: both take their turns in one line. */
function gatewaysOf({ settings, seams, budget, log, wait: waiting }: GatewayParts) {
  const { secretKey, apiBase, webhookSecrets, requestsPerSecond, timeoutMilliseconds } = settings
  const now = seams.milliseconds ?? (() => performance.now())
  const pace = createPace({ budget, capacity: capacityOf(requestsPerSecond ?? 0), now, wait: waiting, log })
  return (urgency: Urgency): StripeGateway => {
    const pacing = { pace, urgency }
    const { networkRetries } = seams
    const access = { secretKey, apiBase, timeoutMilliseconds, networkRetries, pacing }
    const real = createGateway({ ...access, webhookSecrets })
    return seams.wrapGateway?.(real) ?? real
  }
}

function withAccessCache({ accessCacheSeconds: seconds }: Settings, parts: { store: Store; clock: Clock }) {
  if (seconds === null) return { store: parts.store, accessFacts: parts.store.accessFacts, forgetAccess: () => {} }
  const { store, accessFacts, forget } = createAccessCache({ ...parts, seconds })
  return { store, accessFacts, forgetAccess: forget }
}

function mailOf({ mail }: BillingOptions<PlanDefinitions>, { origins, catalog }: Settings): InboxContext['mail'] {
  if (mail === undefined) return null
  if (origins === null) {
    const detail = 'Mails carry a link to the app, so set `baseUrl` or APP_URL to where the app is reached.'
    throw new BillingError('configuration_invalid', { detail })
  }
  const { transport: mailer, from, productName, billingPath = '/billing' } = mail
  const billingUrl = new URL(billingPath, origins.origin).href
  return { mailer, render: (notice) => composeMail(notice, { from, productName, billingUrl, catalog }) }
}
