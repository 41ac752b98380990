import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LocalPostgres, startLocalPostgres } from '../testing/local-postgres.js'
import { buildState, buildSubscription } from '../testing/store-conformance/factories.js'
import { buildPlan, createBench, CUSTOMER, NOW } from '../testing/store-conformance/harness.js'
import type { Database } from './database.js'
import { postgres } from './pg.js'
import { createStore } from './store.js'

const server: LocalPostgres = await startLocalPostgres()
let database: Database
beforeAll(async () => {
  database = postgres(await server.createDatabase())
  await createStore(database).migrate()
})
afterAll(async () => {
  await database.close()
  await server.stop()
})

test.each([true, false])(
  'a link that ends while a commit is under way leaves nothing behind (known: %s)',
  async (known) => {
    const { scope, store, receive, claimOne, commit } = createBench(database)
    const subscriptions = [buildSubscription({ stripeCustomerId: CUSTOMER })]
    const state = buildState({ stripeCustomerId: CUSTOMER, customerId: 'ada', subscriptions })
    const link = { customerId: 'ada', stripeCustomerId: CUSTOMER }
    await store.ensureCustomer(scope, { customerId: 'ada', email: null, name: null })
    await store.claimStripeCustomer(scope, { ...link, generation: 1 })
    await receive()
    if (known) await commit(await claimOne(), { state })
    if (known) await receive()
    const claimed = await claimOne()
    let releasing: Promise<unknown> = Promise.resolve()
    const paused = pausing(database, 'insert into paywright.access', async () => {
      releasing = store.releaseStripeCustomer(scope, link)
      await somebodyWaits(database)
    })
    const changed = { ...state, subscriptions: subscriptions.map((one) => ({ ...one, status: 'past_due' as const })) }
    expect(await createStore(paused).commitSync(claimed, buildPlan(CUSTOMER, { state: changed }), NOW)).toBe(true)
    await releasing
    expect(await store.accessFacts(scope, 'ada')).toEqual({ stripeCustomerId: null, subscriptions: [] })
    await store.claimStripeCustomer(scope, { customerId: 'ada', stripeCustomerId: 'cus_2', generation: 2 })
    expect(await store.accessFacts(scope, 'ada')).toEqual({ stripeCustomerId: 'cus_2', subscriptions: [] })
  },
)

test('a commit that comes while a link is being ended keeps nothing of it', async () => {
  const { scope, store, receive, claimOne, commit } = createBench(database)
  const state = buildState({
    stripeCustomerId: CUSTOMER,
    subscriptions: [buildSubscription({ stripeCustomerId: CUSTOMER })],
  })
  const link = { customerId: 'ada', stripeCustomerId: CUSTOMER }
  await store.ensureCustomer(scope, { customerId: 'ada', email: null, name: null })
  await store.claimStripeCustomer(scope, { ...link, generation: 1 })
  await receive()
  const claimed = await claimOne()
  let committing: Promise<boolean> = Promise.resolve(false)
  await database.transaction(async (exec) => {
    await createStore({ ...database, exec }).releaseStripeCustomer(scope, link)
    committing = commit(claimed, { state })
    await somebodyWaits(database)
  })
  expect(await committing).toBe(true)
  await store.claimStripeCustomer(scope, { customerId: 'ada', stripeCustomerId: 'cus_2', generation: 2 })
  expect(await store.accessFacts(scope, 'ada')).toEqual({ stripeCustomerId: 'cus_2', subscriptions: [] })
})

test('who has no need to be written anew is left alone', async () => {
  const { scope, receive, claimOne, commit } = createBench(database)
  const state = buildState({ stripeCustomerId: CUSTOMER, customerId: 'ada' })
  const versions: unknown[] = []
  for (let turn = 0; turn < 2; turn += 1) {
    await receive()
    await commit(await claimOne(), { state })
    const rows = await database.exec(
      'select xmin::text as version, record from paywright.access where account = $1::text',
      [scope.account],
    )
    expect(rows[0]?.['record']).not.toBeNull()
    versions.push(rows)
  }
  expect(versions[1]).toEqual(versions[0])
})

/** The database, where a transaction stops after such a statement until `meanwhile` is done. */
function pausing(inner: Database, statement: string, meanwhile: () => Promise<void>): Database {
  return {
    ...inner,
    transaction: (work) =>
      inner.transaction((exec) =>
        work(async (text, params) => {
          const rows = await exec(text, params)
          if (text.includes(statement)) await meanwhile()
          return rows
        }),
      ),
  }
}

/** Ends when another connection waits for a lock. */
async function somebodyWaits({ exec }: Database): Promise<void> {
  const look = 'select 1 from pg_locks where not granted'
  while ((await exec(look, [])).length === 0);
}
