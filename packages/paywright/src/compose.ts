import type { PlanDefinitions } from './domain/catalog.js'
import { composeMail } from './emails/compose.js'
import type { EngineContext } from './engine/context.js'
import type { Ids, Inbox, Store, StripeGateway } from './engine/ports.js'
import { createScope } from './engine/scope.js'
import { BillingError } from './errors.js'
import type { HttpContext } from './http/context.js'
import type { InboxContext } from './inbox/context.js'
import { createInbox } from './inbox/create-inbox.js'
import { createHandlers, type Handlers } from './inbox/handlers.js'
import { DEFAULT_POLICY, type WorkPolicy } from './inbox/policy.js'
import { wait } from './inbox/wait.js'
import type { BillingOptions } from './options.js'
import { stderrLog, systemClock, systemIds, systemRandom } from './runtime.js'
import { readSettings, type Environment, type Settings } from './settings.js'
import { createStore } from './store/store.js'
import { createGateway } from './stripe/gateway.js'

/** What tests put in the place of the real thing. */
export interface Seams {
  readonly env?: Environment
  readonly wrapGateway?: (gateway: StripeGateway) => StripeGateway
  readonly wrapStore?: (store: Store) => Store
  readonly wait?: EngineContext['wait']
  readonly ids?: Ids
  /** From 0 up to but not including 1. */
  readonly random?: () => number
  readonly policy?: Partial<WorkPolicy>
}

/** Everything wired together. */
export interface Parts {
  readonly engine: EngineContext
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
  const inbox = createInbox({ ...world, handlers, policy, mail, random: seams.random ?? systemRandom })
  const { origins, basePath, workSecret } = settings
  const { syncNow, syncQuietly } = inbox
  const engine: EngineContext = { ...world, origins, basePath, syncNow, syncQuietly }
  const { identify, waitUntil = null } = options
  return { engine, inbox, handlers, http: { engine, inbox, identify, workSecret, waitUntil } }
}

/** What the inbox and the verbs have in common. */
function openWorld(options: BillingOptions<PlanDefinitions>, settings: Settings, seams: Seams) {
  const { secretKey, apiBase, webhookSecrets, keyFingerprint, catalog, graceSeconds } = settings
  const { log = stderrLog, clock = systemClock } = options
  const realStore = createStore(options.database, { usersTable: options.usersTable })
  const store = seams.wrapStore?.(realStore) ?? realStore
  const realGateway = createGateway({ secretKey, apiBase, webhookSecrets })
  const gateway = seams.wrapGateway?.(realGateway) ?? realGateway
  const scope = createScope({ store, gateway, keyFingerprint })
  const { ids = systemIds, wait: waiting = wait } = seams
  return { store, gateway, scope, catalog, graceSeconds, clock, log, ids, wait: waiting }
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
