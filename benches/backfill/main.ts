import pg from 'pg'
import { chosenNames } from '../contestants/roster.js'
import type { Running } from '../contestants/running.js'
import { readFlags } from '../flags.js'
import { compareRows } from '../rows.js'
import { setStage } from '../stage.js'
import { judged, markdown, median, rounded } from '../table.js'

const DAY = 86_400

/** How many times faster than each peer Paywright is to be. */
const LEAST = 5

/** A world that nobody has heard of is read whole; how long that takes, and whether it is all there. */
async function main(): Promise<void> {
  const { quick, only, rounds = quick ? 2 : 5, subscriptions = quick ? 100 : 250 } = readFlags()
  const stage = await setStage(Math.floor(Date.now() / 1000) - DAY, chosenNames(only))
  try {
    const { world } = stage
    const ids = createSubscribers(stage.world, subscriptions)
    const contestants = stage.contestants.filter(({ contestant }) => contestant.hasBackfill)
    const seconds = new Map<Running, number[]>(contestants.map((running) => [running, []]))
    // The first round only warms up.
    for (let round = 0; round <= rounds; round += 1) {
      for (const running of contestants) {
        await empty(running)
        const before = performance.now()
        await running.backfill()
        if (round > 0) seconds.get(running)?.push((performance.now() - before) / 1000)
        const { wrong, example } = await compareRows(world, running, ids)
        if (wrong > 0) throw new Error(`${running.contestant.label} has ${wrong} rows wrong: ${example}`)
      }
    }
    process.exitCode = report(seconds, subscriptions) ? 0 : 1
  } finally {
    await stage.strike()
  }
}

/** Customers with a card, a subscription and its paid invoice. */
function createSubscribers(world: Parameters<typeof compareRows>[0], count: number): readonly string[] {
  const price = world.plans()[0]?.stripePriceId
  return world
    .createCustomers(count)
    .map(({ stripeCustomerId: customer }) =>
      world.run('subscriptions.create', '', { customer, items: [{ price, quantity: 2 }] }),
    )
}

/** Forgets what was read, and that it was. */
async function empty({ databaseUrl, contestant }: Running): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const schema = contestant.name === 'paywright' ? 'paywright' : 'stripe'
  const kept = ['accounts', 'migrations', 'user_stripe_customer_map']
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
     where table_schema = $1 and table_type = 'BASE TABLE' and table_name <> all($2)`,
    [schema, kept],
  )
  await client.query(`truncate ${rows.map(({ name }) => name).join(', ')} cascade`)
  await client.end()
}

function report(seconds: ReadonlyMap<Running, readonly number[]>, subscriptions: number): boolean {
  const [ours = [], ...others] = [...seconds.values()]
  const head = [`Backfill of ${rounded(subscriptions)} customers`, 'seconds', 'customers a second', 'Paywright is']
  const times = (theirs: readonly number[]): number =>
    median(theirs.map((took, round) => took / (ours[round] ?? Number.NaN)))
  const lines = [...seconds].map(([{ contestant }, took], index) => [
    contestant.label,
    rounded(median(took), 2),
    rounded(subscriptions / median(took)),
    index === 0 ? '' : `${rounded(times(took), 1)} ×`,
  ])
  console.log(`\n${markdown(head, lines)}\n`)
  return others
    .map((theirs, index) => {
      const label = [...seconds.keys()][index + 1]?.contestant.name
      const found = times(theirs)
      return judged(
        `against ${label}`,
        { value: `${rounded(found, 1)} ×`, limit: `at least ${LEAST} ×` },
        found >= LEAST,
      )
    })
    .every(Boolean)
}

await main()
