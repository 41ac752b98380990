import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSimulator, type Simulator } from './index.js'

let simulator: Simulator
let stripe: Stripe
beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  stripe = new Stripe('sk_test_x', { host: simulator.host, port: simulator.port, protocol: 'http' })
})
afterAll(() => simulator.close())

test('the SDK makes an object and reads it back', async () => {
  const account = await stripe.accounts.retrieveCurrent()
  expect(account.object).toBe('account')
})

test('what an answer says of its time is what the simulated clock says', async () => {
  const dated = async (): Promise<number> => {
    const { lastResponse } = await stripe.accounts.retrieveCurrent()
    return Date.parse(lastResponse.headers['date'] ?? '') / 1000
  }
  expect(await dated()).toBe(simulator.clock.now())
  await simulator.clock.advance(86_400)
  expect(await dated()).toBe(simulator.clock.now())
})
