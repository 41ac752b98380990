import { createSimulator } from '@paywright/simulator'
import { type Database, postgres } from 'paywright'
import {
  compareWithStripe,
  createTestBilling,
  CUSTOMER_METADATA_KEY,
  startEmbeddedPostgres,
  storeConformance,
} from 'paywright/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { loadEmbeddedPostgres } from './embedded.js'

/** Every version that Paywright runs on, by the newest of each that the package brings. */
const VERSIONS = ['15.18.0-beta.17', '16.14.0-beta.17', '17.10.0-beta.17', '18.4.0-beta.17']

for (const version of VERSIONS) {
  const server = await startEmbeddedPostgres(() => loadEmbeddedPostgres(version))
  const conforming = await migrated(await server.createDatabase())
  const [row] = await conforming.exec(`select current_setting('server_version') as version`, [])
  const found = String(row?.['version'])
  const major = version.split('.')[0] ?? ''

  describe(`Postgres ${found}`, () => {
    afterAll(async () => {
      await conforming.close()
      await server.stop()
    })

    test('is the version that was meant', () => {
      process.stdout.write(`The store and a journey run on Postgres ${found}.\n`)
      expect(found.split('.')[0]).toBe(major)
    })

    test.each(storeConformance)('$name', ({ check }) => check(conforming))

    test('a customer subscribes, pays, and leaves, and the database says what Stripe says', async () => {
      const simulator = await createSimulator()
      const database = postgres(await server.createDatabase())
      const app = createTestBilling({ simulator, database })
      await app.billing.migrate()
      await app.billing.catalog.push()
      const { stripeCustomerId } = await app.billing.customers.ensure({ customerId: 'ada' })
      const card = await app.stripe.paymentMethods.attach('pm_card_visa', { customer: stripeCustomerId })
      const prices = await app.stripe.prices.list({ lookup_keys: ['paywright_pro_month'] })
      const subscription = await app.stripe.subscriptions.create({
        customer: stripeCustomerId,
        items: prices.data.map(({ id }) => ({ price: id })),
        default_payment_method: card.id,
        metadata: { [CUSTOMER_METADATA_KEY]: 'ada' },
      })
      await app.deliverAll()
      expect((await app.billing.access('ada')).plan).toBe('pro')
      await app.stripe.subscriptions.cancel(subscription.id)
      await app.deliverAll()
      expect((await app.billing.access('ada')).plan).toBe('free')
      expect(await compareWithStripe(database, app.stripe)).toEqual([])
      await app.billing.close()
      await simulator.close()
    })
  })
}

async function migrated(url: string): Promise<Database> {
  const simulator = await createSimulator()
  const database = postgres(url)
  await createTestBilling({ simulator, database }).billing.migrate()
  await simulator.close()
  return database
}
