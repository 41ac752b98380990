import { billingHere, requestOf } from './access/seeded.js'
import { readFlags } from './flags.js'
import { onceConnected, startPostgres } from './postgres.js'
import { markdown, rounded } from './table.js'
import { createWorld, deliveryOf, type BenchWorld } from './world.js'

const HOUR = 3600
const AT_ONCE = 32

/** Bytes of a subscription below which a table is not named. */
const LEAST = 100

interface Size {
  readonly table: string
  readonly bytes: number
}

/** What a subscription and an event take in the database. */
async function main(): Promise<void> {
  const { subscriptions = 10_000 } = readFlags()
  const world = await createWorld(Math.floor(Date.now() / 1000) - HOUR)
  const server = await startPostgres()
  try {
    const databaseUrl = await server.createDatabase('sizes')
    const { billing, handle, finish } = billingHere(world, databaseUrl)
    await billing.migrate()
    await billing.catalog.push()
    const events = subscribeAll(world, subscriptions)
    await deliverAll(events, handle)
    await finish()
    while (!(await billing.work()).isDrained);
    await billing.close()
    report(await readSizes(databaseUrl), { subscriptions, events: events.length })
  } finally {
    await server.stop()
    await world.simulator.close()
  }
}

/** Everybody buys; answers the events as they would be sent. */
function subscribeAll(world: BenchWorld, count: number): readonly string[] {
  const price = world.plans()[0]?.stripePriceId
  for (const { stripeCustomerId: customer } of world.createCustomers(count)) {
    world.run('subscriptions.create', '', { customer, items: [{ price, quantity: 1 }] })
  }
  return world.newEvents().map((event) => deliveryOf(event, '/api/billing/webhook'))
}

async function deliverAll(
  deliveries: readonly string[],
  handle: (request: Request) => Promise<Response>,
): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    for (let text = deliveries[next++]; text !== undefined; text = deliveries[next++]) {
      const { status } = await handle(requestOf(text))
      if (status !== 200) throw new Error(`A delivery was answered ${status}.`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

/** With indexes and what is stored out of line, after a vacuum. */
async function readSizes(databaseUrl: string): Promise<readonly Size[]> {
  return onceConnected(databaseUrl, async (client) => {
    await client.query('vacuum full')
    const { rows } = await client.query<Size>(
      `select relname as table, pg_total_relation_size(oid)::float8 as bytes from pg_class
       where relnamespace = 'paywright'::regnamespace and relkind = 'r' order by bytes desc`,
    )
    return rows
  })
}

function report(sizes: readonly Size[], { subscriptions, events }: { subscriptions: number; events: number }): void {
  const kept = sizes.filter(({ table }) => table !== 'receipts')
  const receipts = sizes.find(({ table }) => table === 'receipts')?.bytes ?? 0
  const total = kept.reduce((sum, { bytes }) => sum + bytes, 0)
  console.log(`${rounded(subscriptions)} subscriptions of one customer each, ${rounded(events)} events\n`)
  console.log(
    markdown(
      ['Table', 'bytes of a subscription'],
      [
        ...kept
          .filter(({ bytes }) => bytes >= LEAST * subscriptions)
          .map(({ table, bytes }) => [table, rounded(bytes / subscriptions)]),
        ['all but receipts', rounded(total / subscriptions)],
      ],
    ),
  )
  console.log(`\nA receipt takes ${rounded(receipts / events)} bytes, payload and indexes included.`)
}

await main()
