import pg from 'pg'
import { createNoWebhooks } from '../contestants/no-webhooks.js'
import { installPeers } from '../contestants/peer-packages.js'
import { readFlags } from '../flags.js'
import { startPostgres } from '../postgres.js'
import { judged, markdown, median, percent, rounded } from '../table.js'
import { createWorkload, type Workload } from '../webhooks/load.js'
import { createWorld, SECRET_KEY, WEBHOOK_SECRET } from '../world.js'
import { measureGrowth } from './growth.js'
import { billingHere, deliverHere, type Place, POOL_SIZE } from './seeded.js'

const HOUR = 3600
const AT_ONCE = [1, 16] as const

/** Of what a bare prepared select can do, the share that an access check is to reach. */
const LEAST = 0.8

/** Something that can be asked about a customer. */
interface Asked {
  readonly label: string
  readonly ask: (customerId: string) => Promise<unknown>
  readonly rates: ReadonlyMap<number, number[]>
}

/** How fast access is answered, beside a select of one row, and what it and the rest cost as the tables grow. */
async function main(): Promise<void> {
  const { quick, rounds = quick ? 3 : 7, million } = readFlags()
  installPeers()
  const world = await createWorld(Math.floor(Date.now() / 1000) - HOUR)
  const postgres = await startPostgres()
  try {
    const isFast = await measureAccess({ world, postgres }, { rounds, milliseconds: quick ? 300 : 700 })
    const sizes = quick ? [1000, 10_000] : [1000, 10_000, 100_000, ...(million ? [1_000_000] : [])]
    const isFlat = await measureGrowth({ world, postgres }, sizes)
    process.exitCode = isFast && isFlat ? 0 : 1
  } finally {
    await postgres.stop()
    await world.simulator.close()
  }
}

async function measureAccess(
  place: Place,
  how: { readonly rounds: number; readonly milliseconds: number },
): Promise<boolean> {
  const { asked, customerIds, close } = await prepare(place)
  // The first round only warms up.
  for (let round = 0; round <= how.rounds; round += 1) {
    for (const lanes of AT_ONCE) {
      for (const { ask, rates } of asked) {
        const rate = await asksPerSecond(ask, { lanes, customerIds, milliseconds: how.milliseconds })
        if (round > 0) rates.get(lanes)?.push(rate)
      }
    }
  }
  await close()
  return report(asked)
}

async function prepare({ world, postgres }: Place) {
  const databaseUrl = await postgres.createDatabase('access')
  const { billing, handle, finish } = billingHere(world, databaseUrl)
  const { billing: cached } = billingHere(world, databaseUrl, { accessCache: '10s' })
  await billing.migrate()
  await billing.catalog.push()
  const workload = await createWorkload(world, 200)
  await deliverHere({ handle }, workload.first)
  await finish()
  const bare = await bareSelect(databaseUrl, workload)
  const peer = await noWebhooks({ world, postgres }, workload)
  const asked = [
    ['bare prepared select of one row', bare.ask],
    ['billing.access', billing.access],
    ['billing.access, accessCache of 10s', cached.access],
    ['stripe-no-webhooks: subscriptions.get', peer.ask],
  ] as const
  return {
    asked: asked.map(([label, ask]): Asked => ({ label, ask, rates: new Map(AT_ONCE.map((lanes) => [lanes, []])) })),
    customerIds: workload.customers.map(({ customerId }) => customerId),
    close: async () => {
      await bare.close()
      await billing.close()
      await cached.close()
      await peer.close()
    },
  }
}

/** The least that can be asked: a row by its key, by a statement that is prepared, over a pool of the same size. */
async function bareSelect(connectionString: string, { customers }: Workload) {
  const pool = new pg.Pool({ connectionString, max: POOL_SIZE })
  await pool.query(
    'create table bare (customer_id text primary key, plan text, status text, current_period_end timestamptz)',
  )
  await pool.query(`insert into bare select unnest($1::text[]), 'pro', 'active', now()`, [
    customers.map(({ customerId }) => customerId),
  ])
  const text = 'select plan, status, current_period_end from bare where customer_id = $1'
  return {
    ask: (customerId: string) => pool.query({ name: 'bare', text, values: [customerId] }),
    close: () => pool.end(),
  }
}

async function noWebhooks({ world, postgres }: Place, workload: Workload) {
  const databaseUrl = await postgres.createDatabase('no_webhooks')
  const access = { secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET, poolSize: POOL_SIZE }
  const setup = { ...access, name: 'no-webhooks', port: 0, databaseUrl, apiBase: world.simulator.url }
  const adapter = await createNoWebhooks(setup, world.plans())
  await adapter.migrate()
  await adapter.introduce(workload.customers)
  await deliverHere(adapter, workload.first)
  if (adapter.access === null) throw new Error('It has no access.')
  return { ask: adapter.access, close: adapter.close }
}

async function asksPerSecond(
  ask: Asked['ask'],
  { lanes, customerIds, milliseconds }: { lanes: number; customerIds: readonly string[]; milliseconds: number },
): Promise<number> {
  const before = performance.now()
  let count = 0
  const lane = async (): Promise<void> => {
    while (performance.now() - before < milliseconds) {
      await ask(customerIds[count++ % customerIds.length] ?? '')
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return (count * 1000) / (performance.now() - before)
}

function report(asked: readonly Asked[]): boolean {
  const [bare, ours] = asked
  if (bare === undefined || ours === undefined) throw new Error('Nothing was measured.')
  const share = (one: Asked, lanes: number): number =>
    median((one.rates.get(lanes) ?? []).map((rate, round) => rate / (bare.rates.get(lanes)?.[round] ?? Number.NaN)))
  const head = ['Answers a second', ...AT_ONCE.flatMap((lanes) => [`${lanes} at a time`, 'of the bare select'])]
  const lines = asked.map((one) => [
    one.label,
    ...AT_ONCE.flatMap((lanes) => [rounded(median(one.rates.get(lanes) ?? [])), percent(share(one, lanes))]),
  ])
  console.log(`\n${markdown(head, lines)}\n`)
  return AT_ONCE.map((lanes) =>
    judged(
      `billing.access, ${lanes} at a time`,
      { value: percent(share(ours, lanes)), limit: `at least ${percent(LEAST)}` },
      share(ours, lanes) >= LEAST,
    ),
  ).every(Boolean)
}

await main()
