import { requestsPerSecond, requestText } from './load.js'
import { servePeers } from './peers.js'
import { serveBare, serveSimulator, stop, type Served } from './processes.js'
import { judged, median, percent, rounded, row } from './table.js'

const CONNECTIONS = 16
const ROUNDS = 5
const MILLISECONDS = 1500

/** Of what Node's own server can do with the same bytes, the share that the simulator is to reach. */
const LEAST = { retrieve: 0.4, create: 0.25 }

const headers = {
  authorization: 'Bearer sk_test_simulator',
  'stripe-version': '2026-10-28.endive',
  'user-agent': 'Stripe/v1 NodeBindings/23.1.0',
  accept: 'application/json',
}
const formHeaders = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
const FORM = 'email=ada%40example.com&name=Ada+Lovelace&description=First&metadata[user]=42&metadata[team]=blue'

interface Rates {
  readonly retrieve: number[]
  readonly create: number[]
}

interface Contestant extends Rates {
  readonly name: string
  readonly server: Served
  readonly customer: string
}

/** Side by side and in turns, so that whatever else the machine does falls on all alike. */
export async function measureThroughput(): Promise<boolean> {
  const contestants = await start()
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { server, customer, ...rates } of contestants) {
      const retrieve = await rate(server, () => requestText(`GET /v1/customers/${customer}`, headers))
      const create = await rate(server, (number) => createRequest(`${round}-${number}`))
      // The first round only warms up.
      if (round === 0) continue
      rates.retrieve.push(retrieve)
      rates.create.push(create)
    }
  }
  for (const { server } of contestants) stop(server)
  return report(contestants)
}

async function start(): Promise<readonly Contestant[]> {
  const simulator = await serveSimulator('--webhook', 'http://127.0.0.1:9/hook')
  // Events are planned and queued; what it takes to send them is the receiver's affair.
  await post(simulator, '/_sim/settings', JSON.stringify({ deliveryMode: 'manual' }))
  const response = await post(simulator, '/v1/customers', FORM)
  const customer = (JSON.parse(response.body) as { id: string }).id
  const servers = [
    ['bare node:http, the same bytes', await serveBare(response)],
    ['the simulator', simulator],
    ...(await servePeers()),
  ] as const
  return servers.map(([name, server]) => ({ name, server, customer, retrieve: [], create: [] }))
}

function rate({ port }: Served, request: (number: number) => string): Promise<number> {
  return requestsPerSecond({ port, connections: CONNECTIONS, milliseconds: MILLISECONDS, request })
}

/** With a key of its own, as the SDK sends with everything it makes. */
function createRequest(key: string): string {
  return requestText('POST /v1/customers', { ...formHeaders, 'idempotency-key': `stripe-node-retry-${key}` }, FORM)
}

interface Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

async function post({ port }: Served, path: string, body: string): Promise<Response> {
  const sent = path.startsWith('/v1/') ? formHeaders : {}
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: sent, body })
  const answered = [...response.headers].filter(
    ([name]) => !['connection', 'content-length', 'date', 'keep-alive'].includes(name),
  )
  return { status: response.status, headers: Object.fromEntries(answered), body: await response.text() }
}

function report(contestants: readonly Contestant[]): boolean {
  console.log(`\nRequests per second over ${CONNECTIONS} connections, medians of ${ROUNDS} rounds in turns\n`)
  console.log(row(['', 'retrieve', 'create']))
  for (const { name, retrieve, create } of contestants) {
    console.log(row([name, rounded(median(retrieve)), rounded(median(create))]))
  }
  const [bare, simulator, ...peers] = contestants.map(({ name, retrieve, create }) => ({
    name,
    retrieve: median(retrieve),
    create: median(create),
  }))
  if (bare === undefined || simulator === undefined) throw new Error('Nothing was measured.')
  console.log('')
  const kept = (['retrieve', 'create'] as const).flatMap((what) => [
    judged(
      `${what}: of bare node:http`,
      { value: percent(simulator[what] / bare[what]), limit: `at least ${percent(LEAST[what])}` },
      simulator[what] / bare[what] >= LEAST[what],
    ),
    ...peers.map((peer) =>
      judged(
        `${what}: against ${peer.name.split(' ')[0]}`,
        { value: `${rounded(simulator[what] / peer[what], 2)} ×`, limit: 'ahead' },
        simulator[what] > peer[what],
      ),
    ),
  ])
  return kept.every(Boolean)
}
