import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LocalPostgres, startLocalPostgres } from '../testing/local-postgres.js'
import { splitBySubject, subjectColumns } from '../testing/split-by-subject.js'
import {
  buildEffect,
  buildInvoice,
  buildPaymentMethod,
  buildState,
  buildSubscription,
} from '../testing/store-conformance/factories.js'
import { buildEvent, buildPlan, NOW } from '../testing/store-conformance/harness.js'
import { storeConformance } from '../testing/store-conformance/index.js'
import { watchPlans, type WatchedPlan } from '../testing/watch-plans.js'
import type { Database } from './database.js'
import { postgres } from './pg.js'
import { createStore } from './store.js'

const server: LocalPostgres = await startLocalPostgres()
afterAll(() => server.stop())

/**
 * Tables that are not split. Most hold a row for each account, or what the account sells. `customers` has a second key, by the
 * Stripe id, and is written when somebody signs up or first pays, not by events: a distributed database keeps a copy of
 * each of these on every node.
 */
const NOT_SPLIT = new Set([
  'accounts',
  'coupons',
  'customers',
  'features',
  'listening',
  'meters',
  'migrations',
  'prices',
  'products',
  'promotion_codes',
  'request_budgets',
  'runs',
])

describe('the schema', () => {
  test('every table that grows has the subject right behind the scope in its key', async () => {
    const database = postgres(await server.createDatabase())
    await createStore(database).migrate()
    const columns = await subjectColumns(database.exec)
    const whole = [...columns].filter(([name, column]) => column === null || NOT_SPLIT.has(name)).map(([name]) => name)
    expect(new Set(whole)).toEqual(NOT_SPLIT)
    expect(columns.get('receipts')).toBe('subject')
    await database.close()
  })

  test('nothing is numbered by a sequence that all share', async () => {
    const database = postgres(await server.createDatabase())
    await createStore(database).migrate()
    expect(await database.exec(`select sequencename from pg_sequences where schemaname = 'paywright'`, [])).toEqual([])
    await database.close()
  })
})

describe('the store with its tables split by subject', () => {
  let database: Database
  beforeAll(async () => {
    database = await splitDatabase()
  })
  afterAll(() => database.close())

  test.each(storeConformance)('$name', ({ check }) => check(database))
})

describe.each(['force_custom_plan', 'force_generic_plan'])(
  'the hot path over split tables of some size, by %s',
  (mode) => {
    let database: Database
    let plans: readonly WatchedPlan[]
    beforeAll(async () => {
      database = await splitDatabase(mode)
      await fill(database)
      plans = await walkTheHotPath(database)
    })
    afterAll(() => database.close())

    test('where a subject is given, one part of each table is looked into', () => {
      expect(plans.length).toBeGreaterThan(15)
      const given = plans.filter(({ statement }) => !IS_FOR_WHOEVER_IS_DUE.test(statement))
      const parts = given.flatMap(({ statement, scans }, place) => {
        const relations = [...new Set(scans.map(({ relation }) => relation).filter(isPart))]
        return relations.map((relation) => ({
          table: tableOf(relation),
          statement: `${place}: ${statement.slice(0, 200)}`,
        }))
      })
      const once = new Set(parts.map((part) => JSON.stringify(part)))
      expect(parts.map((part) => JSON.stringify(part))).toEqual([...once])
      const tables = new Set(parts.map(({ table }) => table))
      for (const table of ['subjects', 'receipts', 'outbox', 'access', 'subscriptions', 'invoices']) {
        expect(tables, 'it was looked into at all').toContain(table)
      }
    })

    test('every table that grows is read by an index, and few rows more than are wanted', async () => {
      const filled = await tablesWithRows(database)
      const scans = plans.flatMap((plan) =>
        plan.scans.map((scan) => ({ ...scan, statement: plan.statement.slice(0, 200) })),
      )
      const ofGrowing = scans.filter(({ relation }) => isPart(relation) && filled.has(tableOf(relation)))
      expect(ofGrowing.length).toBeGreaterThan(20)
      expect(ofGrowing.filter(({ kind }) => kind === 'Seq Scan')).toEqual([])
      expect(ofGrowing.filter(({ rows }) => rows > MOST_ROWS)).toEqual([])
    })
  },
)

/** What is due is looked for across subjects by nature: one look into the index of each part. */
const IS_FOR_WHOEVER_IS_DUE = /order by due_at/

/** A subject of the fill has four receipts and two messages; a look for what is due meets some of each part. */
const MOST_ROWS = 60

const SCOPE = { account: 'acct_1', livemode: false }

async function splitDatabase(mode = 'auto'): Promise<Database> {
  const url = await server.createDatabase()
  const name = new URL(url).pathname.slice(1)
  const first = postgres(url)
  await createStore(first).migrate()
  const columns = [...(await subjectColumns(first.exec))].filter(([table]) => !NOT_SPLIT.has(table))
  await splitBySubject(
    first.exec,
    new Map(columns.flatMap(([table, column]) => (column === null ? [] : [[table, column] as const]))),
  )
  await first.exec(`alter database ${name} set plan_cache_mode = ${mode}`)
  await first.close()
  return postgres(url)
}

/** Twenty thousand receipts of five thousand subjects, most of them done; statistics, as a running database has them. */
async function fill({ exec }: Database): Promise<void> {
  const stripeCustomerId = 'cus_0'
  const state = buildState({
    stripeCustomerId,
    customerId: 'user_0',
    subscriptions: [buildSubscription({ stripeCustomerId })],
    invoices: [buildInvoice({ stripeCustomerId })],
    paymentMethods: [buildPaymentMethod({ stripeCustomerId })],
  })
  await exec(`
    insert into paywright.customers (account, livemode, customer_id, stripe_customer_id)
      select 'acct_1', false, 'user_' || i, 'cus_' || i from generate_series(1, 5000) i;
    insert into paywright.subjects (account, livemode, subject, wanted_seq, done_seq, due_at)
      select 'acct_1', false, 'cus_' || i, 4, 4, case when i % 50 = 0 then to_timestamp(${NOW - 100}) end
      from generate_series(1, 5000) i;
    insert into paywright.receipts
        (account, livemode, event_id, type, subject, payload, created_at, received_at, processed_at)
      select 'acct_1', false, 'evt_old_' || i, 'customer.updated', 'cus_' || i % 5000 + 1, '{}', to_timestamp(${NOW} - i),
        to_timestamp(${NOW} - i), case when i % 100 > 0 then to_timestamp(${NOW}) end
      from generate_series(1, 20000) i;
    insert into paywright.outbox (account, livemode, subject, number, topic, key, body, created_at, due_at)
      select 'acct_1', false, 'cus_' || i % 5000 + 1, 1 + i / 5000, 'effect', 'old_' || i, '${JSON.stringify(buildEffect('old'))}', now(),
        case when i % 100 = 0 then to_timestamp(${NOW - 100}) end
      from generate_series(0, 9999) i;
    update paywright.subjects set outbox_seq = 2;
  `)
  const store = createStore({ exec, transaction: (work) => work(exec), close: () => Promise.resolve() })
  await store.wantSync(SCOPE, 'cus_0', NOW)
  const [claimed] = await store.claim({
    scope: SCOPE,
    limit: 1,
    token: 't',
    now: NOW,
    leaseUntil: NOW,
    subject: 'cus_0',
  })
  if (claimed === undefined) throw new Error('There is nothing to claim.')
  await store.commitSync(claimed, buildPlan('cus_0', { state }), NOW)
  await copyMirror(exec)
  await exec('analyze')
}

const GIVEN_COLUMNS = `select string_agg(column_name, ', ') as names from information_schema.columns
  where table_schema = 'paywright' and table_name = $1::text and column_name <> $2::text and is_generated = 'NEVER'`

/** Everybody has in the mirror what the first customer has; in any order, so that foreign keys are looked at no more. */
async function copyMirror(exec: Database['exec']): Promise<void> {
  for (const [table, column] of await subjectColumns(exec)) {
    const first = column === 'stripe_customer_id' ? 'cus_' : 'user_'
    if (column === null || column === 'subject' || NOT_SPLIT.has(table)) continue
    const [columns] = await exec(GIVEN_COLUMNS, [table, column])
    const others = String(columns?.['names'])
    await exec(`set session_replication_role = replica;
      insert into paywright.${table} (${column}, ${others}) select '${first}' || i, ${others}
      from paywright.${table} stored, generate_series(1, 5000) i where stored.${column} = '${first}0'
      on conflict do nothing;
      set session_replication_role = default`)
  }
}

const isPart = (relation: string): boolean => relation.includes('_part_')

const tableOf = (part: string): string => part.replace(/_part_\d+$/, '')

async function tablesWithRows({ exec }: Database): Promise<ReadonlySet<string>> {
  const rows = await exec(
    `select relname from pg_class where relnamespace = 'paywright'::regnamespace and relkind = 'p' and reltuples > 1000`,
    [],
  )
  return new Set(rows.map((row) => String(row['relname'])))
}

async function walkTheHotPath(database: Database): Promise<readonly WatchedPlan[]> {
  const { database: watched, plans } = watchPlans(database)
  const store = createStore(watched)
  const lease = { scope: SCOPE, limit: 1, token: 'token', now: NOW, leaseUntil: NOW + 60 }
  await store.receive(SCOPE, [{ ...buildEvent('evt_new'), subject: 'cus_7' }], NOW)
  await store.wantSync(SCOPE, 'cus_7', NOW)
  await store.claim(lease)
  const [claimed] = await store.claim({ ...lease, subject: 'cus_7' })
  if (claimed === undefined) throw new Error('There is nothing to claim.')
  const stored = await store.loadCustomer(SCOPE, 'cus_7')
  if (stored === null) throw new Error('The customer is not stored.')
  await store.commitSync(claimed, buildPlan('cus_7', { state: stored, effects: [buildEffect('new')] }), NOW)
  await store.doneSeq(SCOPE, 'cus_7')
  await store.subjectFacts(SCOPE, 'cus_7')
  await store.accessFacts(SCOPE, 'user_7')
  await store.accessFacts(SCOPE, 'nobody')
  await store.access(SCOPE, 'user_8')
  const [message] = await store.claimOutbox({ ...lease, limit: 1 })
  if (message === undefined) throw new Error('There is no message.')
  await store.finishOutbox(message, 'token', NOW)
  await store.releaseSync(claimed, { error: 'no', retryAt: NOW, now: NOW })
  return plans
}
