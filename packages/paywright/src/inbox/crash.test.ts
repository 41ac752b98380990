import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createSimulator, type Simulator } from '@paywright/simulator'
import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../store/database.js'
import { postgres } from '../store/pg.js'
import { compareWithStripe } from '../testing/compare-with-stripe.js'
import type { CrashOrder } from '../testing/crash-child.js'
import { startLocalPostgres } from '../testing/local-postgres.js'
import { createStripeStory, type StripeStory, type Subscriber } from '../testing/stripe-story.js'
import { createTestBilling, type TestBilling, WEBHOOK_SECRET } from '../testing/test-billing.js'

const CHILD = fileURLToPath(new URL('../../dist/testing/crash-child.js', import.meta.url))
const COMPILER = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url))
const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))

const usersTable = { name: 'users', id: 'id' }
const TOLD = ['subscription.activated', 'access.granted', 'payment.succeeded']

/** More than a process takes for two webhooks; the last child tells how many it really were. */
const MOST_STEPS = 200

const server = await startLocalPostgres()
let simulator: Simulator
let url: string
let database: Database
let bench: TestBilling
let story: StripeStory

beforeAll(async () => {
  const [code] = await once(spawn(process.execPath, [COMPILER, '-b', PACKAGE], { stdio: 'inherit' }), 'exit')
  expect(code).toBe(0)
  simulator = await createSimulator({ now: 1_800_000_000 })
  url = await server.createDatabase()
  database = postgres(url)
  await database.exec('create table users (id text primary key)')
  await database.exec('create table told (key text not null)')
  bench = createTestBilling({ simulator, database, options: { usersTable } })
  await bench.billing.migrate()
  await bench.billing.catalog.push()
  for (const type of ['subscription.activated', 'access.granted', 'payment.succeeded'] as const) {
    bench.billing.on(type, ({ key }) => tell(key))
  }
  story = createStripeStory(bench.stripe)
  await story.takeEvents()
})
afterAll(async () => {
  for (const spare of spares) spare.kill()
  await database.close()
  await server.stop()
  await simulator.close()
})

test(
  'a process killed before any of its steps leaves nothing that the next one does not put right',
  { timeout: 300_000 },
  async () => {
    let step = 1
    let isKilled = true
    while (isKilled && step <= MOST_STEPS) {
      const { subscriber, events } = await newSubscriber(`killed.${step}`)
      const child = startChild(orderFor(events, { atStep: step, signal: 'SIGKILL' }))
      const [, signal] = await once(child, 'exit')
      isKilled = signal === 'SIGKILL'
      await expectHealed(subscriber, events, `killed before step ${step}`)
      step += 1
    }
    expect(isKilled, 'the last child came to its end').toBe(false)
    expect(step, 'there were steps to die at').toBeGreaterThan(30)
  },
)

test('a process stopped for longer than its lease writes nothing when it goes on', { timeout: 60_000 }, async () => {
  const { subscriber, events } = await newSubscriber('stopped')
  const first = events.slice(0, 1)
  const child = startChild(orderFor(first, { atStep: await stepAfterRead(), signal: 'SIGSTOP' }))
  await lineOf(child)
  await simulator.clock.advance(61)
  await bench.stripe.subscriptions.update(subscriber.stripeSubscriptionId, { cancel_at_period_end: true })
  await bench.billing.work()
  await expectInSync(subscriber)
  child.kill('SIGCONT')
  await once(child, 'exit')
  await expectInSync(subscriber)
  await story.takeEvents()
})

async function newSubscriber(customerId: string): Promise<{ subscriber: Subscriber; events: readonly Stripe.Event[] }> {
  await database.exec('insert into users (id) values ($1::text)', [customerId])
  const subscriber = await story.subscribe(customerId)
  // Two are enough to come upon one another, and each costs some twenty processes.
  const wanted = ['customer.subscription.created', 'invoice.paid']
  const events = (await story.takeEvents()).filter(({ type }) => wanted.includes(type))
  expect(events).toHaveLength(wanted.length)
  return { subscriber, events }
}

function orderFor(events: readonly Stripe.Event[], fault: Pick<CrashOrder, 'atStep' | 'signal'>): CrashOrder {
  const timestamp = simulator.clock.now()
  const deliveries = events.map((event) => {
    const body = JSON.stringify(event)
    const signing = { payload: body, secret: WEBHOOK_SECRET, timestamp }
    return { body, signature: bench.stripe.webhooks.generateTestHeaderString(signing) }
  })
  const secrets = { secretKey: 'sk_test_paywright', webhookSecret: WEBHOOK_SECRET }
  return { databaseUrl: url, apiBase: simulator.url, ...secrets, now: timestamp, deliveries, ...fault }
}

/** Processes that have loaded everything and wait for their order: loading takes longer than all the rest. */
const spares: ChildProcess[] = []
const SPARES = 2

function startChild(order: CrashOrder): ChildProcess {
  while (spares.length <= SPARES) spares.push(spawn(process.execPath, [CHILD], { stdio: ['pipe', 'pipe', 'inherit'] }))
  const child = spares.shift()
  if (child === undefined) throw new Error('There is no process to start.')
  child.stdin?.end(`${JSON.stringify(order)}\n`)
  return child
}

/** The next process: Stripe delivers again what was not answered, the lease of the dead one ends, and work goes on. */
async function expectHealed(subscriber: Subscriber, events: readonly Stripe.Event[], when: string): Promise<void> {
  await simulator.clock.advance(61)
  for (const event of events) expect((await bench.deliver(event)).status).toBe(200)
  expect(await bench.billing.work(), when).toMatchObject({ failed: 0, isDrained: true })
  await expectInSync(subscriber, when)
  const receipts = (await bench.billing.receipts()).filter(({ subject }) => subject === subscriber.stripeCustomerId)
  expect(
    receipts.map(({ processedAt }) => processedAt === null),
    when,
  ).toEqual(events.map(() => false))
  await expectTold(subscriber, when)
}

async function expectInSync({ stripeCustomerId }: Subscriber, when?: string): Promise<void> {
  // Two events of many are delivered, so the rest of the mirror is not looked at.
  const options = { usersTable, stripeCustomerIds: [stripeCustomerId], what: 'access' } as const
  expect(await compareWithStripe(database, bench.stripe, options), when).toEqual([])
}

/** Every effect was told at least once, and stands in the outbox exactly once. */
async function expectTold({ stripeCustomerId }: Subscriber, when: string): Promise<void> {
  const rows = await database.exec(
    `select key, delivered_at is not null as delivered, key in (select key from told) as told from paywright.outbox
     where subject = $1::text and topic = 'effect' order by key`,
    [stripeCustomerId],
  )
  const types = rows.map(({ key }) => String(key).split(':')[0] ?? '')
  for (const type of TOLD)
    expect(
      types.filter((other) => other === type),
      when,
    ).toHaveLength(1)
  for (const { key, delivered, told } of rows) {
    expect(delivered, `${String(key)} ${when}`).toBe(true)
    if (TOLD.includes(String(key).split(':')[0] ?? '')) expect(told, `${String(key)} ${when}`).toBe(true)
  }
}

/** Statements that a child makes before it has an answer of Stripe in hand differ with time, so they are counted. */
async function stepAfterRead(): Promise<number> {
  return 10
}

async function lineOf(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error('The child has no output.')
  await once(child.stdout, 'data')
}

async function tell(key: string): Promise<void> {
  await database.exec('insert into told (key) values ($1::text)', [key])
}
