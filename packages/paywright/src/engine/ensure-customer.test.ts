import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../store/database.js'
import { memoryDatabase } from '../testing/database.js'
import { openCheckoutPage, subscribe } from '../testing/journey.js'
import { createTestBilling, type TestBilling } from '../testing/test-billing.js'
import type { StripeGateway } from './ports.js'

let simulator: Simulator
let database: Database
let app: TestBilling

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  database = await memoryDatabase()
  app = createTestBilling({ simulator, database })
  await app.billing.catalog.push()
})

afterAll(async () => {
  await database.close()
  await simulator.close()
})

/** The ids of the Stripe customers that carry this id of the app. */
async function stripeCustomersOf(customerId: string): Promise<readonly string[]> {
  const { data } = await app.stripe.customers.list({ limit: 100 })
  return data.filter(({ metadata }) => metadata['paywright_customer_id'] === customerId).map(({ id }) => id)
}

function process(wrapGateway?: (gateway: StripeGateway) => StripeGateway): TestBilling {
  return createTestBilling({ simulator, database, seams: wrapGateway === undefined ? {} : { wrapGateway } })
}

describe('customers.ensure', () => {
  test('makes one customer at Stripe, with the id of the app', async () => {
    const wish = { customerId: 'one', email: 'one@customer.example', name: 'One' }
    const first = await app.billing.customers.ensure(wish)
    expect(await app.billing.customers.ensure(wish)).toEqual(first)
    expect(await stripeCustomersOf('one')).toEqual([first.stripeCustomerId])
    expect(await app.stripe.customers.retrieve(first.stripeCustomerId ?? '')).toMatchObject({
      email: 'one@customer.example',
      name: 'One',
    })
  })

  test('makes one customer for two processes and two tabs at the same time, whatever else they say of them', async () => {
    const other = process()
    const answers = await Promise.all([
      app.billing.customers.ensure({ customerId: 'race', email: 'a@customer.example' }),
      other.billing.customers.ensure({ customerId: 'race', email: 'b@customer.example' }),
      app.billing.customers.ensure({ customerId: 'race', email: 'c@customer.example' }),
      other.billing.customers.ensure({ customerId: 'race' }),
    ])
    const ids = new Set(answers.map(({ stripeCustomerId }) => stripeCustomerId))
    expect(ids.size).toBe(1)
    expect(await stripeCustomersOf('race')).toEqual([...ids])
  })

  test('makes one customer for two processes that both asked Stripe before either had written', async () => {
    const waiting: (() => void)[] = []
    const together = (gateway: StripeGateway): StripeGateway => ({
      ...gateway,
      createCustomer: async (request) => {
        const created = await gateway.createCustomer(request)
        await new Promise<void>((resolve) => {
          waiting.push(resolve)
          if (waiting.length === 2) waiting.forEach((release) => release())
        })
        return created
      },
    })
    const wish = { customerId: 'together' }
    const [a, b] = await Promise.all([
      process(together).billing.customers.ensure(wish),
      process(together).billing.customers.ensure(wish),
    ])
    expect(a).toEqual(b)
    expect(await stripeCustomersOf('together')).toEqual([a.stripeCustomerId])
  })

  test('makes one customer though the process died between Stripe and the database', async () => {
    const dying = process((gateway) => ({
      ...gateway,
      createCustomer: async (request) => {
        await gateway.createCustomer(request)
        throw new Error('the process died')
      },
    }))
    const wish = { customerId: 'crashed', email: 'before@customer.example' }
    await expect(dying.billing.customers.ensure(wish)).rejects.toThrow('the process died')
    const { stripeCustomerId } = await app.billing.customers.ensure({ ...wish, email: 'after@customer.example' })
    expect(await stripeCustomersOf('crashed')).toEqual([stripeCustomerId])
  })

  test('keeps the customers of different ids apart, however strange the ids are', async () => {
    const ids = ['org/1', 'org:1', 'Ünïcode 🙂', 'x'.repeat(300)]
    const made = await Promise.all(ids.map((customerId) => app.billing.customers.ensure({ customerId })))
    expect(new Set(made.map(({ stripeCustomerId }) => stripeCustomerId)).size).toBe(ids.length)
  })
})

describe('a Stripe customer that is gone', () => {
  test('is replaced at checkout by a new one, once', async () => {
    const { stripeCustomerId: stale } = await app.billing.customers.ensure({ customerId: 'deleted' })
    await app.stripe.customers.del(stale ?? '')
    await openCheckoutPage(app, 'deleted')
    const fresh = await app.billing.customers.get({ customerId: 'deleted' })
    expect(fresh?.stripeCustomerId).not.toBe(stale)
    expect(await stripeCustomersOf('deleted')).toEqual([fresh?.stripeCustomerId])
    await subscribe(app, 'deleted')
    expect(await app.billing.access('deleted')).toMatchObject({ plan: 'pro' })
  })

  test('is replaced by the same new one in two tabs at once', async () => {
    const { stripeCustomerId: stale } = await app.billing.customers.ensure({ customerId: 'deleted-twice' })
    await app.stripe.customers.del(stale ?? '')
    const urls = await Promise.all([openCheckoutPage(app, 'deleted-twice'), openCheckoutPage(app, 'deleted-twice')])
    expect(urls[0]).toBe(urls[1])
    expect(await stripeCustomersOf('deleted-twice')).toHaveLength(1)
  })

  test('is replaced at the portal', async () => {
    const { stripeCustomerId: stale } = await app.billing.customers.ensure({ customerId: 'portal' })
    await app.stripe.customers.del(stale ?? '')
    const { url } = await app.billing.portal.create({ customerId: 'portal' })
    expect(url).toContain(simulator.url)
    expect(await stripeCustomersOf('portal')).toHaveLength(1)
  })
})
