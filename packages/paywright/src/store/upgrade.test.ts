import { PGlite } from '@electric-sql/pglite'
import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../engine/ports.js'
import { startLocalPostgres } from '../testing/local-postgres.js'
import { comparable, fillTables, type Recording, rowsOf } from '../testing/released/recording.js'
import { buildEvent } from '../testing/store-conformance/harness.js'
import type { Database, Row } from './database.js'
import { migrate } from './migrate.js'
import { MIGRATIONS } from './migrations.generated.js'
import { postgres } from './pg.js'
import { pglite } from './pglite.js'
import { createStore } from './store.js'
import { boolean, text, textOrNull } from './values.js'

const folder = new URL('../testing/released/recordings/', import.meta.url)
const RECORDINGS = readdirSync(folder).toSorted().map(readRecording)
const LATER = 1_900_000_000

// Guaranteed by `record.test.ts`, which writes them.
function readRecording(file: string): Recording {
  return JSON.parse(gunzipSync(readFileSync(new URL(file, folder))).toString()) as Recording
}

const server = await startLocalPostgres()
const instance = await PGlite.create()
afterAll(async () => {
  await instance.close()
  await server.stop()
})

const BACKENDS = [
  { backend: 'Postgres', open: async () => postgres(await server.createDatabase()) },
  {
    backend: 'PGlite',
    open: async () => {
      await instance.exec('drop schema if exists paywright cascade')
      return pglite(instance)
    },
  },
]

const CASES = BACKENDS.flatMap((backend) => RECORDINGS.map((recording) => ({ ...backend, recording })))

describe.each(CASES)('from $recording.migration on $backend', ({ open, recording }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrateTo(database, recording.migration)
  })
  afterAll(() => database.close())

  test('an instance of that release goes on while a newer one has migrated', async () => {
    await upgrade(database)
    for (const { statement, params, rows } of recording.calls) {
      const sent = recording.statements[statement] ?? ''
      const answered = await database.exec(sent, params)
      expect(comparable(answered), `${sent}\n${JSON.stringify(params)}`).toEqual(rows)
    }
  })

  test('its data is there afterwards, and the newest release works with it', async () => {
    await database.exec('drop schema paywright cascade')
    await migrateTo(database, recording.migration)
    await fillTables(database.exec, recording.tables)
    await upgrade(database)
    await expectRowsOf(database, recording)
    await expectToWork(database, recording)
  })

  test('the same when what only that release needs has been taken away', async () => {
    await migrate(database, () => Promise.resolve(), { contract: true })
    await expectToWork(database, recording)
  })
})

/** The schema as that release made it. */
async function migrateTo(database: Database, newest: string): Promise<void> {
  await database.exec(`create schema paywright;
    create table paywright.migrations (name text primary key, applied_at timestamptz not null default now())`)
  const end = MIGRATIONS.findIndex((migration) => migration.name === newest) + 1
  for (const { name, sql } of MIGRATIONS.slice(0, end)) {
    await database.exec(sql)
    await database.exec('insert into paywright.migrations (name) values ($1::text)', [name])
  }
}

async function upgrade(database: Database): Promise<void> {
  await migrate(database, () => Promise.resolve())
}

/** Every value that the release has written stands where it has written it. */
async function expectRowsOf(database: Database, { tables }: Recording): Promise<void> {
  for (const [table, before] of Object.entries(tables)) {
    const columns = Object.keys(before[0] ?? {})
    const after = (await rowsOf(database.exec, table)).map((row) => pick(row, columns))
    expect(comparable(after), table).toEqual(comparable(before))
  }
}

function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column]]))
}

async function expectToWork(database: Database, recording: Recording): Promise<void> {
  const store = createStore(database)
  for (const row of recording.tables['customers'] ?? []) {
    const scope = { account: text(row, 'account'), livemode: boolean(row, 'livemode') }
    const stripeCustomerId = textOrNull(row, 'stripe_customer_id')
    const owned = (table: string): readonly Row[] =>
      (recording.tables[table] ?? []).filter((other) => other['stripe_customer_id'] === stripeCustomerId)
    const access = await store.access(scope, text(row, 'customer_id'))
    expect(access.stripeCustomerId).toBe(stripeCustomerId)
    expect(access.subscriptions).toHaveLength(owned('subscriptions').length)
    if (stripeCustomerId === null || owned('stripe_customers').length === 0) continue
    const state = await store.loadCustomer(scope, stripeCustomerId)
    expect(state?.invoices).toHaveLength(owned('invoices').length)
    expect(state?.paymentMethods).toHaveLength(owned('payment_methods').length)
    await expectToSync(store, { scope, stripeCustomerId })
  }
}

/** A new delivery is received once, taken with those that waited before, and done with. */
async function expectToSync(
  store: Store,
  { scope, stripeCustomerId }: { scope: Parameters<Store['receive']>[0]; stripeCustomerId: string },
): Promise<void> {
  const event = { ...buildEvent(`evt_${(arrivals += 1)}`), subject: stripeCustomerId, objectId: stripeCustomerId }
  expect([...(await store.receive(scope, [event, event], LATER))]).toEqual([event.eventId])
  const wish = { scope, limit: 1, token: event.eventId, now: LATER, leaseUntil: LATER + 30 }
  const [claim] = await store.claim({ ...wish, subject: stripeCustomerId })
  if (claim === undefined) throw new Error(`${stripeCustomerId} cannot be claimed.`)
  expect(claim.pending.length).toBeGreaterThan(0)
  expect(await store.commitSync(claim, { kind: 'nothing' }, LATER)).toBe(true)
  expect(await store.doneSeq(scope, stripeCustomerId)).toBe(claim.wantedSeq)
}

let arrivals = 0
