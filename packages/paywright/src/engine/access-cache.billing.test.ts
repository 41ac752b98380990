import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../store/database.js'
import { memoryDatabase } from '../testing/database.js'
import { subscribe } from '../testing/journey.js'
import { createTestBilling, type TestBilling } from '../testing/test-billing.js'

let simulator: Simulator
let database: Database
let one: TestBilling
let other: TestBilling
beforeAll(async () => {
  simulator = await createSimulator({ deliveryMode: 'manual' })
  database = await memoryDatabase()
  one = createTestBilling({ simulator, database, options: { accessCache: '60s' } })
  other = createTestBilling({ simulator, database, options: { accessCache: '60s' } })
  await one.billing.catalog.push()
})
afterAll(async () => {
  await database.close()
  await simulator.close()
})

const planIn = async ({ billing }: TestBilling): Promise<string | null> => (await billing.access('ada')).plan

test('this process sees what it has written at once, another one when it forgets or the time is up', async () => {
  expect([await planIn(one), await planIn(other)]).toEqual(['free', 'free'])
  await subscribe(one, 'ada')
  expect([await planIn(one), await planIn(other)]).toEqual(['pro', 'pro'])
  const [subscription] = await one.billing.subscriptions.list({ customerId: 'ada' })
  await one.stripe.subscriptions.cancel(subscription?.stripeSubscriptionId ?? '')
  await one.billing.sync({ customerId: 'ada' })
  expect([await planIn(one), await planIn(other)]).toEqual(['free', 'pro'])
  other.billing.forgetAccess({ customerId: 'ada' })
  expect(await planIn(other)).toBe('free')
  await subscribe(one, 'ada')
  expect([await planIn(one), await planIn(other)]).toEqual(['pro', 'free'])
  await simulator.clock.advance(60)
  expect(await planIn(other)).toBe('pro')
})

test.each(['0s', '2h', 'soon'] as const)('a time of %s is refused', (accessCache) => {
  const options = { accessCache: accessCache as '10s' }
  expect(() => createTestBilling({ simulator, database, options })).toThrow(/accessCache/)
})
