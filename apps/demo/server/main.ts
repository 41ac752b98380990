import { serve, type ServerType } from '@hono/node-server'
import { createSimulator, type Simulator } from '@paywright/simulator'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createApp, SESSION_COOKIE } from './app.js'
import { createDemoBilling } from './billing.js'
import { readConfig, type DemoConfig } from './config.js'
import { openDatabase } from './database.js'
import { createMailbox } from './mailbox.js'
import { createTimeMachine } from './time-machine.js'
import { createUsers } from './users.js'

const WEB_ROOT = fileURLToPath(new URL('../web', import.meta.url))

/** The simulator stands one port above the product, so that both are known before either starts. */
const SIMULATOR_OFFSET = 1

const WEBHOOK_SECRET = 'whsec_demo_0123456789abcdef'

function tokenOf(request: Request): string {
  const cookies = request.headers.get('cookie') ?? ''
  return new RegExp(`(?:^|; )${SESSION_COOKIE}=([^;]*)`).exec(cookies)?.[1] ?? ''
}

async function startSimulator(config: DemoConfig, origin: string): Promise<Simulator | null> {
  if (config.stripe !== null) return null
  return createSimulator({
    port: config.port + SIMULATOR_OFFSET,
    dataFile: join(config.directory, 'simulator.log'),
    webhooks: [{ url: `${origin}/api/billing/webhook`, secret: WEBHOOK_SECRET }],
  })
}

/** Starts everything and answers how to stop it. */
async function start(config: DemoConfig): Promise<() => Promise<void>> {
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
    stripe: {
      secretKey: config.stripe?.secretKey ?? simulator?.secretKey ?? '',
      webhookSecrets:
        config.stripe === null
          ? [WEBHOOK_SECRET]
          : [config.stripe.webhookSecret].filter((secret) => secret !== undefined),
      ...(simulator && { apiBase: simulator.url }),
    },
  })
  await billing.migrate()
  await billing.catalog.push()
  await billing.start()
  const timeMachine = simulator && createTimeMachine(simulator, async () => void (await billing.work()))
  const app = createApp({
    billing,
    users,
    mailbox,
    timeMachine,
    simulatorUrl: simulator?.url ?? null,
    origin,
    webRoot: WEB_ROOT,
  })
  const server = await listen(app.fetch, config.port)
  console.log(
    `\n  Fieldnotes  ${origin}\n  ${simulator === null ? "Stripe      your account's test mode" : `Simulator   ${simulator.url}`}\n\n  Ctrl-C ends both; what you did is kept. \`npm run demo -- --reset\` starts over.\n`,
  )
  return async () => {
    await new Promise((resolve) => server.close(resolve))
    await billing.stop()
    await simulator?.close()
    await database.close()
  }
}

async function listen(fetch: (request: Request) => Response | Promise<Response>, port: number): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, overrideGlobalObjects: false }, () => resolve(server))
    server.on('error', reject)
  })
}

function explain(error: unknown, config: DemoConfig): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code !== 'EADDRINUSE') return `The demo could not start: ${message}`
  return `Port ${config.port} or ${config.port + SIMULATOR_OFFSET} is in use. Stop what runs there, or choose another: PORT=4000 npm run demo`
}

const result = readConfig(process.argv.slice(2), process.env)
if (!result.ok) {
  console.error(result.message)
  process.exit(2)
}
try {
  const stop = await start(result.config)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop().then(() => process.exit(0)))
  }
} catch (error) {
  console.error(explain(error, result.config))
  process.exit(1)
}
