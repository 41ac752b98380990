import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { API_VERSION } from './api-version.js'
import { SimulatedClock } from './clock.js'
import { defaultSettings } from './core/account-settings.js'
import { notSimulated, StripeError } from './core/error.js'
import type { AccountSettings } from './core/records.js'
import { handlers } from './core/resources.js'
import { createState } from './core/state.js'
import { expand, readExpand } from './http/expand.js'
import { decodeForm, withoutKey } from './http/form-codec.js'
import { readParameters } from './http/parameters.js'
import { createRouter } from './http/router.js'
import { routes } from './http/routes.js'
import { World } from './world.js'

export interface SimulatorOptions {
  readonly port?: number
  readonly host?: string
  readonly now?: number
  readonly seed?: number
  readonly settings?: Partial<AccountSettings>
}

export interface Simulator {
  readonly url: string
  readonly port: number
  readonly host: string
  readonly world: World
  readonly clock: { now(): number; advance(seconds: number): void; advanceTo(at: number): void }
  close(): Promise<void>
}

const match = createRouter(routes)

export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { now, seed = 1, host = '127.0.0.1' } = options
  const setting = now === undefined ? { mode: 'real' as const, value: 0 } : { mode: 'frozen' as const, value: now }
  const clock = new SimulatedClock(setting, Date.now)
  const world = new World(createState(seed), clock)
  const server = createServer((request, response) => void answer(world, request, response))
  const port = await listen(server, options.port ?? 0, host)
  const url = `http://${host}:${port}`
  setSettings(world, { ...defaultSettings, ...options.settings, origin: url })
  const advanceTo = (at: number): void => {
    world.fireDue(at)
    clock.moveTo(at)
  }
  return {
    url,
    port,
    host,
    world,
    clock: { now: () => clock.now(), advance: (seconds) => advanceTo(clock.now() + seconds), advanceTo },
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

function setSettings(world: World, settings: AccountSettings): void {
  const transaction = world.view()
  transaction.put('account_settings', settings)
  world.commit(transaction.finish())
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(port, host, () => {
      const address = server.address()
      done(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

let requests = 0

async function answer(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost')
  const id = `req_${String((requests += 1)).padStart(14, '0')}`
  const [status, body] = reply(world, {
    method: request.method ?? 'GET',
    pathname,
    text: chunks.length > 0 ? Buffer.concat(chunks).toString() : search.slice(1),
    id,
  })
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': id, 'stripe-version': API_VERSION })
  response.end(JSON.stringify(body))
}

function reply(
  world: World,
  request: { method: string; pathname: string; text: string; id: string },
): [number, unknown] {
  try {
    const found = match(request.method, request.pathname)
    if (found === undefined || handlers[found.target] === undefined)
      throw notSimulated(`The route ${request.method} ${request.pathname}`)
    const form = decodeForm(request.text)
    const paths = readExpand(found.route, form['expand'])
    const result = world.run({
      name: found.target,
      path: found.path,
      params: readParameters(found.route, withoutKey(form, 'expand')),
      request: { id: request.id, idempotencyKey: null },
    })
    if (!result.ok) return [result.status, { error: result.error }]
    return [200, expand(world.view(), result.body, { route: found.route, paths })]
  } catch (error) {
    if (error instanceof StripeError) return [error.status, { error: error.body }]
    return [500, { error: { type: 'api_error', message: error instanceof Error ? error.stack : String(error) } }]
  }
}
