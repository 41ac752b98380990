import { createServer, type Server } from 'node:http'
import type { AccountSettings } from './core/private-records.js'
import type { UnixSeconds } from './core/unix-seconds.js'
import type { DeliveryRecord } from './core/edge-records.js'
import { resend, type DeliveryMode } from './delivery/deliveries.js'
import type { DeliveryFaults } from './delivery/faults.js'
import { registerWebhooks, type WebhookOption } from './delivery/register.js'
import { Engine, NOTHING_WRONG, type Faults } from './engine.js'
import { answerApi, type ApiServices } from './http/api.js'
import { answerControl } from './http/control-plane.js'
import { FROM_ELSEWHERE, isFromElsewhere, listener, type WebRequest, type WebResponse } from './http/listener.js'
import { Forks } from './http/forks.js'
import type { LoggedRequest } from './http/request-log.js'
import { Journal } from './journal.js'
import { Listeners } from './listen/listeners.js'
import { listScenarios, seedScenario, type Seeded } from './scenarios.js'
import { replay, type Entry, type Snapshot } from './snapshot.js'
import type { World } from './world.js'

/** How to start a simulator. */
export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number
  readonly host?: string
  /** The instant, in Unix seconds, at which the clock stands until it is moved. Without it, time passes as it does. */
  readonly now?: UnixSeconds
  /** Where events are sent. Each becomes a webhook endpoint of the account. */
  readonly webhooks?: readonly WebhookOption[]
  /** A file in which the world is kept, so that it is there again after a restart or a crash. */
  readonly dataFile?: string
  /** Decides every id that is given out. */
  readonly seed?: number
  /** What would be set in the Dashboard. */
  readonly settings?: Partial<AccountSettings>
  /** `manual`: events wait until `deliveries.drain()`. */
  readonly deliveryMode?: DeliveryMode
  /** Plays one of the scenarios that `GET /_sim/scenarios` lists, unless the world has something in it already. */
  readonly scenario?: string
  /** Where to start from instead of an empty world. */
  readonly snapshot?: Snapshot
  /** Told of faults of the simulator's own. */
  readonly onError?: (error: unknown) => void
}

/** A running simulator. */
export interface Simulator {
  readonly url: string
  readonly host: string
  readonly port: number
  /** A key to give to the SDK; any other that begins with `sk_test_` does as well. */
  readonly secretKey: string
  /** The signing secrets of the endpoints named in `webhooks`, in their order. */
  readonly webhookSecrets: readonly string[]
  readonly clock: {
    now(): UnixSeconds
    /** When something will next happen by itself; `null` if nothing is planned. */
    nextEventAt(): UnixSeconds | null
    advance(seconds: number): Promise<void>
    /** Lets time pass until an instant, with everything that happens on the way. */
    advanceTo(at: UnixSeconds): Promise<void>
  }
  /** The account's own world, for looking into. */
  readonly world: World
  readonly deliveries: {
    list(filter?: { event?: string; status?: string }): readonly DeliveryRecord[]
    /** Sends all that is due, and resolves when it was sent. */
    drain(): Promise<void>
    /** Sends an event again, whatever came of it before. */
    resend(event: string): Promise<void>
  }
  readonly faults: {
    /** The next requests to the API are refused with 429. */
    rateLimit(requests: number): void
    deliveries(faults: Partial<DeliveryFaults>): void
    /** What goes wrong with requests to the API from now on. */
    api(faults: Partial<Omit<Faults, 'deliveries'>>): void
    clear(): void
  }
  readonly requestLog: () => readonly LoggedRequest[]
  /** Bytes of an unfinished last line that were cut off the data file. */
  readonly cutBytes: number
  /** Plays a scenario, and answers the ids of what it made by their names. */
  seed(scenario: string): Seeded
  snapshot(): Snapshot
  restore(snapshot: Snapshot): Promise<void>
  /** Another simulator that starts from where this one is, on a port of its own; its webhooks wait to be drained. */
  fork(options?: SimulatorOptions): Promise<Simulator>
  close(): Promise<void>
}

/** Long enough for the official CLI, too. */
const SECRET_KEY = 'sk_test_simulator000000000000000'

/**
 * Starts a simulator of Stripe: an HTTP server that the official SDK talks to.
 *
 * @example
 * ```ts
 * import { createSimulator } from '@paywright/simulator'
 * import Stripe from 'stripe'
 *
 * const simulator = await createSimulator({ now: 1_800_000_000 })
 * const stripe = new Stripe(simulator.secretKey, { host: simulator.host, port: simulator.port, protocol: 'http' })
 * await stripe.customers.create({ email: 'ada@example.com' })
 * await simulator.clock.advance(3600)
 * await simulator.close()
 * ```
 *
 * @throws EADDRINUSE when the port is taken
 */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', onError = () => undefined } = options
  const engine = createEngine(options)
  engine.onFault = ({ kind, subject, error }) => onError(new Error(`${kind} of ${subject} failed: ${error}`))
  const cutBytes = options.dataFile === undefined ? 0 : await openJournal(engine, options.dataFile)
  if (options.snapshot !== undefined) await engine.restore(options.snapshot)
  if (options.scenario !== undefined) seedOnce(engine, options.scenario)
  const forks = new Forks(() => createSimulator({ ...forked(options), snapshot: engine.snapshot() }))
  const answer = answerWith({ engine, forks }, onError)
  const listeners: Listeners = new Listeners(engine, {
    origin: () => `http://${host}:${port}`,
    seed: options.seed ?? 1,
  })
  const server = createServer(
    listener(
      (request) => (listeners.isAskedBy(request) ? listeners.answer(request) : answer(request)),
      () => engine.clock.now(),
    ),
  )
  server.on('upgrade', (request, socket) => listeners.connect(request, socket))
  const port = await listen(server, options.port ?? 0, host)
  const url = `http://${host}:${port}`
  engine.serveFrom(url)
  const webhookSecrets = registerWebhooks(engine.worldOf(null), options.webhooks ?? [])
  await engine.saved()
  engine.deliveries.wake()
  return {
    url,
    host,
    port,
    cutBytes,
    webhookSecrets,
    secretKey: SECRET_KEY,
    ...surface(engine, options),
    close: async () => {
      listeners.close()
      await forks.close()
      await close(server, engine)
    },
  }
}

function createEngine({ now, seed = 1, settings = {}, deliveryMode = 'immediate' }: SimulatorOptions): Engine {
  const clock = now === undefined ? { mode: 'real' as const, value: 0 } : { mode: 'frozen' as const, value: now }
  return new Engine({ seed, clock, settings, deliveryMode })
}

function surface(
  engine: Engine,
  options: SimulatorOptions,
): Omit<Simulator, 'url' | 'host' | 'port' | 'cutBytes' | 'webhookSecrets' | 'secretKey' | 'close'> {
  return {
    world: engine.worldOf(null),
    clock: {
      now: () => engine.clock.now(),
      nextEventAt: () => engine.nextEventAt(),
      advance: (seconds) => engine.advanceTo(engine.clock.now() + seconds),
      advanceTo: (at) => engine.advanceTo(at),
    },
    deliveries: {
      list: (filter) => engine.listDeliveries(filter),
      drain: () => engine.deliveries.drain(),
      resend: async (event) => {
        resend(engine.worldOf(null), event)
        await engine.deliveries.drain()
      },
    },
    faults: {
      rateLimit: (requests) => void (engine.faults = { ...engine.faults, rateLimited: requests }),
      deliveries: (faults) => {
        engine.faults = { ...engine.faults, deliveries: { ...engine.faults.deliveries, ...faults } }
      },
      api: (faults) => void (engine.faults = { ...engine.faults, ...faults }),
      clear: () => void (engine.faults = NOTHING_WRONG),
    },
    requestLog: () => engine.log.list(),
    seed: (scenario) => seeded(engine, scenario),
    snapshot: () => engine.snapshot(),
    restore: (snapshot) => engine.restore(snapshot),
    fork: (changes = {}) => createSimulator({ ...forked(options), ...changes, snapshot: engine.snapshot() }),
  }
}

/** A fork listens elsewhere, keeps nothing, and sends nothing by itself. */
function forked({
  port: _port,
  dataFile: _dataFile,
  webhooks: _webhooks,
  scenario: _scenario,
  ...options
}: SimulatorOptions): SimulatorOptions {
  return { ...options, deliveryMode: 'manual' }
}

async function openJournal(engine: Engine, path: string): Promise<number> {
  const { journal, entries, cutBytes } = await Journal.open<Entry>(path, () => engine.entries())
  if (entries.length > 0) engine.load(replay(entries))
  engine.journal = journal
  await journal.compact()
  return cutBytes
}

interface Inside {
  readonly engine: Engine
  readonly forks: Forks
}

function seedOnce(engine: Engine, scenario: string): void {
  if (engine.worldOf(null).count('products') === 0) seeded(engine, scenario)
}

function seeded(engine: Engine, scenario: string): Seeded {
  const made = seedScenario(engine.worldOf(null), scenario)
  if (made !== undefined) return made
  const names = listScenarios().map(({ name }) => name)
  throw new Error(`There is no scenario ${scenario}. There are: ${names.join(', ')}.`)
}

function answerWith(
  inside: Inside,
  onError: (error: unknown) => void,
): (request: WebRequest) => WebResponse | Promise<WebResponse> {
  const { engine } = inside
  const services: ApiServices = {
    worldOf: (account) => engine.worldOf(account),
    nextRequestId: () => engine.nextRequestId(),
    log: engine.log,
    takeRateLimit: () => engine.takeRateLimit(),
    takeFault: (name) => engine.takeFault(name),
    inFlight: new Set(),
    onError,
  }
  const broken = (response: WebResponse): WebResponse =>
    engine.takeFault('lost') ? { ...response, isLost: true } : response
  return (request) => {
    if (!/^\/v[12]\//.test(request.path)) return answerBeside(inside, request)
    const response = answerApi(services, request)
    if (engine.journal !== undefined) {
      return engine
        .saved()
        .finally(response.release)
        .then(() => broken(response))
    }
    response.release()
    return broken(response)
  }
}

/** What is not the API: the control plane, the hosted pages and the console. */
async function answerBeside(inside: Inside, request: WebRequest): Promise<WebResponse> {
  if (isFromElsewhere(request)) return FROM_ELSEWHERE
  if (request.path === '/_sim' || request.path.startsWith('/_sim/')) return answerControl(inside, request)
  // Loaded when the first page is asked for, since most simulators never show one.
  const { answerPage } = await import('./http/pages.js')
  return answerPage(inside.engine, request)
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

async function close(server: Server, engine: Engine): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
  await engine.close()
}
