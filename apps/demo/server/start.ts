import { serve, type ServerType } from '@hono/node-server'
import { createSimulator, type Simulator } from '@paywright/simulator'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createApp, SESSION_COOKIE } from './app.js'
import { createDemoBilling } from './billing.js'
import type { DemoConfig } from './config.js'
import { openDatabase } from './database.js'
import { createMailbox } from './mailbox.js'
import { createTimeMachine } from './time-machine.js'
import { createUsers } from './users.js'

/** The simulator stands one port above the product, so that both are known before either starts. */
export const SIMULATOR_OFFSET = 1

const WEBHOOK_SECRET = 'whsec_demo_0123456789abcdef'

export interface RunningDemo {
  readonly origin: string
  /** `null` where real Stripe is used. */
  readonly simulator: Simulator | null
  stop(): Promise<void>
}

/** Starts the simulator, the database and the product, and answers when all can be used. */
export async function startDemo(config: DemoConfig, webRoot: string): Promise<RunningDemo> {
  if (config.reset) rmSync(config.directory, { recursive: true, force: true })
  mkdirSync(config.directory, { recursive: true })
  const origin = `http://localhost:${config.port}`
  const simulator = await startSimulator(config, origin)
  const clock = { now: () => simulator?.clock.now() ?? Math.floor(Date.now() / 1000) }
  const database = await openDatabase(join(config.directory, 'database'))
  const users = createUsers(database)
  const mailbox = createMailbox(database, clock)
  const billing = createDemoBilling({
    database,
    identify: (request) => users.bySession(tokenOf(request)),
    origin,
    clock,
    mailer: mailbox,
    stripe: stripeOf(config, simulator),
    travelsInTime: simulator !== null,
  })
  await billing.migrate()
  const timeMachine = simulator && createTimeMachine(simulator, billing)
  const simulatorUrl = simulator?.url ?? null
  const app = createApp({ billing, users, mailbox, timeMachine, simulatorUrl, origin, webRoot })
  const server = await listen(app.fetch, config.port)
  // Pushed by an app that can be reached already, since Stripe tells it at once of what was pushed.
  await billing.catalog.push()
  billing.start()
  const stop = async (): Promise<void> => {
    await new Promise((resolve) => {
      server.close(resolve)
      if ('closeAllConnections' in server) server.closeAllConnections()
    })
    await billing.stop()
    await simulator?.close()
    await database.close()
  }
  return { origin, simulator, stop }
}

async function startSimulator(config: DemoConfig, origin: string): Promise<Simulator | null> {
  if (config.stripe !== null) return null
  return createSimulator({
    port: config.port + SIMULATOR_OFFSET,
    dataFile: join(config.directory, 'simulator.log'),
    settings: { businessName: 'Fieldnotes' },
    webhooks: [{ url: `${origin}/api/billing/webhook`, secret: WEBHOOK_SECRET }],
  })
}

function stripeOf(config: DemoConfig, simulator: Simulator | null): DemoStripe {
  if (simulator !== null) {
    return { secretKey: simulator.secretKey, webhookSecrets: [WEBHOOK_SECRET], apiBase: simulator.url }
  }
  const { secretKey = '', webhookSecret } = config.stripe ?? {}
  return { secretKey, webhookSecrets: webhookSecret === undefined ? [] : [webhookSecret] }
}

type DemoStripe = Parameters<typeof createDemoBilling>[0]['stripe']

function tokenOf(request: Request): string {
  const cookies = request.headers.get('cookie') ?? ''
  return new RegExp(`(?:^|; )${SESSION_COOKIE}=([^;]*)`).exec(cookies)?.[1] ?? ''
}

async function listen(fetch: (request: Request) => Response | Promise<Response>, port: number): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: 'localhost', overrideGlobalObjects: false }, () => resolve(server))
    server.on('error', reject)
  })
}
