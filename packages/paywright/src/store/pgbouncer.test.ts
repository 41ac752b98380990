import { createSimulator } from '@paywright/simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareWithStripe } from '../testing/compare-with-stripe.js'
import { subscribe } from '../testing/journey.js'
import { findPgBouncer, type LocalPgBouncer, startPgBouncer } from '../testing/local-pgbouncer.js'
import { startLocalPostgres } from '../testing/local-postgres.js'
import { storeConformance } from '../testing/store-conformance/index.js'
import { createTestBilling } from '../testing/test-billing.js'
import type { Database } from './database.js'
import { postgres } from './pg.js'
import { createStore } from './store.js'

const { program, reason } = findPgBouncer()
const server = program === null ? null : await startLocalPostgres()
afterAll(() => server?.stop())

const FEW_SERVERS = { default_pool_size: 2 }

describe.skipIf(program === null)(`through PgBouncer in transaction mode, with two servers for all${reason}`, () => {
  let bouncer: LocalPgBouncer
  let forgetful: LocalPgBouncer
  let database: Database

  beforeAll(async () => {
    if (program === null) throw new Error('This is skipped without PgBouncer.')
    const url = await newDatabase()
    bouncer = await startPgBouncer(program, url, FEW_SERVERS)
    const ignored = 'statement_timeout,lock_timeout,idle_in_transaction_session_timeout'
    forgetful = await startPgBouncer(program, url, { ...FEW_SERVERS, ignore_startup_parameters: ignored })
    database = postgres(bouncer.through(url))
    await createStore(database).migrate()
  })
  afterAll(async () => {
    await database.close()
    await bouncer.stop()
    await forgetful.stop()
  })

  test.each(storeConformance)('$name', ({ check }) => check(database))

  test('processes that start together migrate once', async () => {
    const url = bouncer.through(await newDatabase())
    const databases = Array.from({ length: 5 }, () => postgres(url))
    const reports = await Promise.all(databases.map((each) => createStore(each).migrate()))
    expect(reports.filter(({ applied }) => applied.length > 0)).toHaveLength(1)
    await Promise.all(databases.map((each) => each.close()))
  })

  test('customers subscribe, and several processes at once leave the database as Stripe says', async () => {
    const simulator = await createSimulator()
    const url = bouncer.through(await newDatabase())
    const processes = [1, 2, 3].map(() => createTestBilling({ simulator, database: postgres(url) }))
    const [app] = processes
    if (app === undefined) throw new Error('There are three.')
    await app.billing.migrate()
    await app.billing.catalog.push()
    await subscribe(app, 'ada')
    await subscribe(app, 'grace', { plan: 'team' })
    await Promise.all(processes.map((each) => each.deliverAll()))
    await Promise.all(processes.map(({ billing }) => billing.work()))
    expect((await app.billing.access('ada')).plan).toBe('pro')
    expect(await compareWithStripe(app.database, app.stripe)).toEqual([])
    for (const { billing } of processes) await billing.close()
    await simulator.close()
  })

  test.each([
    ['refuses', () => bouncer],
    ['takes and forgets', () => forgetful],
  ])(
    'where it %s the limits of a session, each transaction sets them and leaves nothing behind',
    async (_what, which) => {
      const through = postgres(which().through(await newDatabase()))
      const settings = `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`
      expect(await through.transaction((exec) => exec(settings, []))).toEqual([{ statement: '30s', lock: '5s' }])
      expect(await through.exec(settings, [])).toEqual([{ statement: '0', lock: '0' }])
      const count = await through.transaction(async (exec) => {
        await exec('select $1::integer', [1])
        return exec('select count(*)::integer as count from pg_prepared_statements', [])
      })
      expect(count).toEqual([{ count: 0 }])
      await through.close()
    },
  )
})

function newDatabase(): Promise<string> {
  if (server === null) throw new Error('This is skipped without PgBouncer.')
  return server.createDatabase()
}
