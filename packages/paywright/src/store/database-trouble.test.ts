import { createSimulator, type Simulator } from '@paywright/simulator'
import type Stripe from 'stripe'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { BillingError } from '../errors.js'
import { compareWithStripe } from '../testing/compare-with-stripe.js'
import { createGate, type Gate } from '../testing/gate.js'
import { mayMakeDisks, type OwnPostgres, startOwnPostgres } from '../testing/own-postgres.js'
import { createStripeStory, type StripeStory } from '../testing/stripe-story.js'
import { createTestBilling, type TestBilling } from '../testing/test-billing.js'
import type { Database } from './database.js'
import { postgres } from './pg.js'

const usersTable = { name: 'users', id: 'id' }

/** What follows the longest wait after so few failures. */
const LATER = 120

const server: OwnPostgres = await startOwnPostgres()
/** The superuser, past the gate: who makes trouble. */
const admin = postgres(server.url)

let simulator: Simulator
let database: Database
let app: TestBilling
let story: StripeStory
let gate: Gate
let names = 0
/** Events that Stripe was told are stored, and those that it will send again. */
let acknowledged: string[] = []
let unanswered: Stripe.Event[] = []

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  gate = await createGate({ host: '127.0.0.1', port: Number(new URL(server.url).port) })
  await gate.open()
})
afterEach(async () => {
  await database.close()
})
afterAll(async () => {
  await admin.close()
  await gate.shut()
  await server.remove()
  await simulator.close()
})

/** A product with a database of its own, to which a role of its own connects through the gate; answers the name of both. */
async function deploy(tablespace = 'pg_default'): Promise<string> {
  names += 1
  const name = `product_${names}`
  await admin.exec(`create role ${name} login password 'product'`)
  await admin.exec(`create database ${name} owner ${name} tablespace ${tablespace}`)
  startProcess(name)
  await database.exec('create table users (id text primary key)')
  await database.exec(`insert into users select 'customer_' || number from generate_series(1, 1000) as number`)
  await app.billing.migrate()
  await app.billing.catalog.push()
  story = createStripeStory(app.stripe)
  await story.takeEvents()
  acknowledged = []
  unanswered = []
  return name
}

function startProcess(name: string): void {
  const connectionString = `postgres://${name}:product@127.0.0.1:${gate.port}/${name}`
  database = postgres({ connectionString, max: 3 }, { lockTimeout: '1s' })
  app = createTestBilling({ simulator, database, options: { usersTable } })
}

/** Something happens at Stripe; answers how its webhooks were answered. */
async function happen(): Promise<readonly number[]> {
  names += 1
  await story.subscribe(`customer_${names}`)
  return Promise.all((await story.takeEvents()).map(deliver))
}

async function deliver(event: Stripe.Event): Promise<number> {
  const { status } = await app.deliver(event)
  if (status === 200) acknowledged.push(event.id)
  else unanswered.push(event)
  return status
}

/** Nothing is wrong any more: Stripe sends again what was not answered, and time passes. */
async function expectHealed(): Promise<void> {
  await simulator.clock.advance(LATER)
  for (const event of unanswered.splice(0)) expect(await deliver(event)).toBe(200)
  expect(await app.billing.work()).toMatchObject({ failed: 0, isDrained: true })
  const stored = await database.exec('select event_id from paywright.receipts where processed_at is not null', [])
  expect(stored.map((row) => row['event_id'])).toEqual(expect.arrayContaining(acknowledged))
  const own = await database.exec('select stripe_customer_id as id from paywright.stripe_customers', [])
  const stripeCustomerIds = own.map(({ id }) => String(id))
  const options = { usersTable, stripeCustomerIds, what: 'access' } as const
  expect(await compareWithStripe(database, app.stripe, options)).toEqual([])
  const customers = new Set((await subjectsOf(acknowledged)).filter((id) => id.startsWith('cus_')))
  expect(new Set(stripeCustomerIds)).toEqual(customers)
}

async function subjectsOf(eventIds: readonly string[]): Promise<readonly string[]> {
  const rows = await database.exec(
    'select subject from paywright.receipts where event_id in (select jsonb_array_elements_text($1::text::jsonb))',
    [JSON.stringify(eventIds)],
  )
  return rows.map(({ subject }) => String(subject))
}

/** Every answer that was given. */
const statusesOf = (answers: readonly number[]): readonly number[] => [...new Set(answers)]

test('connections refused from the start, and again on the way', async () => {
  const name = await deploy()
  await database.close()
  await gate.shut()
  startProcess(name)
  expect(statusesOf(await happen())).toEqual([503])
  await gate.open()
  await expectHealed()
  await gate.shut()
  expect(statusesOf(await happen())).toEqual([503])
  await expect(app.billing.work()).rejects.toMatchObject({ code: 'database_unavailable' })
  await gate.open()
  await expectHealed()
})

test('no connection to be had, because others have them all', async () => {
  const name = await deploy()
  await admin.exec(`alter role ${name} connection limit 0`)
  await breakSessions(name)
  expect(statusesOf(await happen())).toEqual([503])
  await admin.exec(`alter role ${name} connection limit -1`)
  await expectHealed()
})

test('somebody else keeps the table of the product locked', async () => {
  await deploy()
  await whileLocked('users', async () => {
    // What is received needs no row of it, but may come upon a write that waits for one.
    expect(await happen()).toContain(200)
    await app.billing.work()
    const [subject] = await database.exec('select last_error from paywright.subjects where wanted_seq > done_seq', [])
    expect(subject?.['last_error']).toContain('another transaction has locked')
  })
  await expectHealed()
})

test('somebody else keeps our own tables locked', async () => {
  await deploy()
  await whileLocked('paywright.subjects', async () => expect(statusesOf(await happen())).toEqual([503]))
  await expectHealed()
})

test('a primary that has become a standby while nobody asked is not read from', async () => {
  const name = await deploy()
  const connectionString = `postgres://${name}:product@127.0.0.1:${gate.port}/${name}?target_session_attrs=read-write`
  const idle = postgres({ connectionString, max: 3 })
  await idle.exec('select 1', [])
  await gate.shut()
  const sessions = 'select count(*)::integer as open from pg_stat_activity where usename = $1::text'
  await expect.poll(() => admin.exec(sessions, [name])).toEqual([{ open: 0 }])
  await admin.exec(`alter role ${name} set default_transaction_read_only = on`)
  await gate.open()
  const answer = (): Promise<unknown> => idle.exec('select 1', []).then(String, (error: BillingError) => error.code)
  await expect.poll(answer).toBe('database_unavailable')
  await admin.exec(`alter role ${name} reset default_transaction_read_only`)
  await expect.poll(answer).not.toBe('database_unavailable')
  await idle.close()
})

test('the server is shut down under load, and comes back', async () => {
  await deploy()
  const load = Promise.all([happen(), happen(), happen()])
  await server.shutDown()
  const answers = [...(await load).flat(), ...(await happen())]
  expect(answers.filter((status) => status !== 200 && status !== 503)).toEqual([])
  expect(answers).toContain(503)
  await server.start()
  await admin.exec('select 1').catch(() => undefined)
  await expectHealed()
})

test.skipIf(!mayMakeDisks())('a disk that is full (needs the right to mount one)', async () => {
  await admin.exec(`create tablespace small location '${server.smallDisk(32)}'`)
  const name = await deploy('small')
  const ballast = postgres(server.url.replace(/postgres$/, name))
  await ballast.exec('create table ballast (filling text); alter table ballast alter filling set storage external')
  await fill(ballast)
  let answers: readonly number[] = []
  // Pages that are there already still take some.
  while (!answers.includes(503)) answers = await happen()
  expect(answers.filter((status) => status !== 200 && status !== 503)).toEqual([])
  await ballast.exec('drop table ballast')
  await ballast.close()
  await expectHealed()
})

/** Ends all sessions of a role, as a server that is restarted does. */
async function breakSessions(role: string): Promise<void> {
  await admin.exec('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1::text', [role])
}

async function whileLocked(table: string, work: () => Promise<void>): Promise<void> {
  await database.transaction(async (exec) => {
    await exec(`lock table ${table} in access exclusive mode`, [])
    await work()
  })
}

/** Fills the disk to its last page. */
async function fill(ballast: Database): Promise<void> {
  for (const length of [4_000_000, 200_000, 8000]) {
    let isFull = false
    while (!isFull) {
      const row = ballast.exec(`insert into ballast values (repeat('x', $1::integer))`, [length])
      isFull = await row.then(
        () => false,
        (error: unknown) => isDiskFull(error),
      )
    }
  }
}

function isDiskFull(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : null
  if (cause !== null && 'code' in cause && cause.code === '53100') return true
  throw error
}
