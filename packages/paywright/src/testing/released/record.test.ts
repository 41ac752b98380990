import { createSimulator } from '@paywright/simulator'
import { mkdirSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { MIGRATIONS } from '../../store/migrations.generated.js'
import { memoryDatabase } from '../database.js'
import { openCheckoutPage, subscribe, useFailingCard as putFailingCard } from '../journey.js'
import { createTestBilling, type TestBilling } from '../test-billing.js'
import { dumpTables, recorded, type Recording } from './recording.js'

const START = 1_800_000_000
const DAY = 86_400
const SLOWEST_MS = 300_000

/**
 * Writes what this release says to its database: `RECORD_RELEASE=1 npx vitest run record.test` before a release that has
 * new migrations, and never again for that release. An earlier one is recorded in a checkout of it, with this folder copied in.
 */
test.runIf(process.env['RECORD_RELEASE'])(
  'this release is recorded (skipped: RECORD_RELEASE is not set)',
  async () => {
    const simulator = await createSimulator({ now: START })
    const memory = await memoryDatabase()
    const { database, statements, calls } = recorded(memory)
    await live(createTestBilling({ simulator, database }))
    const migration = MIGRATIONS.at(-1)?.name ?? ''
    const recording: Recording = { migration, statements, calls, tables: await dumpTables(memory.exec) }
    for (const [table, rows] of Object.entries(recording.tables)) expect(rows, table).not.toEqual([])
    mkdirSync(new URL('./recordings/', import.meta.url), { recursive: true })
    writeFileSync(
      new URL(`./recordings/${migration}.json.gz`, import.meta.url),
      gzipSync(JSON.stringify(recording), { level: 9 }),
    )
    await memory.close()
    await simulator.close()
  },
  SLOWEST_MS,
)

/** A product's first weeks: every table has rows at the end, some of them of things that are still under way. */
async function live(app: TestBilling): Promise<void> {
  const { billing, stripe, simulator } = app
  await billing.catalog.push()
  await subscribe(app, 'ada')
  await subscribe(app, 'linus', { plan: 'team' })
  await app.deliverAll()
  await billing.access('ada')
  await billing.subscriptions.cancel({ customerId: 'ada' })
  await billing.subscriptions.resume({ customerId: 'ada' })
  await billing.portal.create({ customerId: 'ada' })

  const { stripeCustomerId } = await billing.customers.ensure({ customerId: 'linus' })
  await putFailingCard(app, stripeCustomerId)
  await simulator.clock.advance(32 * DAY)
  await app.deliverAll()
  await billing.work()
  await repair(billing)

  await openCheckoutPage(app, 'margaret')
  await stripe.customers.update(stripeCustomerId, { name: 'Linus the second' })
  const [event] = (await stripe.events.list({ limit: 1 })).data
  if (event !== undefined) await app.deliver(event)
  for (const customerId of ['ada', 'linus', 'nobody']) {
    await app.ask('/state', { as: customerId })
    await billing.invoices.list({ customerId })
  }
  await billing.receipts()
  await billing.deadLetters()
  await billing.health()
}

/** Releases from the third migration on repair. */
async function repair(billing: Partial<TestBilling['billing']>): Promise<void> {
  await billing.replay?.()
  await billing.catchUp?.()
  await billing.backfill?.()
  await billing.reconcile?.()
  await billing.prune?.()
}
