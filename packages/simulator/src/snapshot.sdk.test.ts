import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSimulator, type Simulator, type SimulatorOptions } from './index.js'

const running: Simulator[] = []
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-'))
})

afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close()
  rmSync(folder, { recursive: true })
})

async function start(options: SimulatorOptions = {}): Promise<{ simulator: Simulator; stripe: Stripe }> {
  return connected(await createSimulator({ now: 1_800_000_000, ...options }))
}

function connected(simulator: Simulator): { simulator: Simulator; stripe: Stripe } {
  running.push(simulator)
  const { host, port } = simulator
  return { simulator, stripe: new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 }) }
}

async function names(stripe: Stripe): Promise<(string | null | undefined)[]> {
  return (await stripe.customers.list({ limit: 100 })).data.map(({ name }) => name)
}

test('a fork starts from the same world and then goes its own way', async () => {
  const { simulator, stripe } = await start()
  await stripe.customers.create({ name: 'Both' })
  const fork = connected(await simulator.fork())
  await fork.stripe.customers.create({ name: 'Fork' })
  await fork.simulator.clock.advance(60)
  await stripe.customers.create({ name: 'Origin' })
  expect(await names(fork.stripe)).toEqual(['Fork', 'Both'])
  expect(await names(stripe)).toEqual(['Origin', 'Both'])
  expect(fork.simulator.clock.now() - simulator.clock.now()).toBe(60)
})

test('restored, everything is as it was, the time and the next ids included', async () => {
  const { simulator, stripe } = await start()
  await stripe.customers.create({ name: 'Kept' })
  const snapshot = JSON.parse(JSON.stringify(simulator.snapshot())) as ReturnType<Simulator['snapshot']>
  const undone = await stripe.customers.create({ name: 'Undone' })
  await stripe.customers.create({ name: 'There' }, { stripeAccount: 'acct_later' })
  await simulator.clock.advance(3600)
  await simulator.restore(snapshot)
  expect(await names(stripe)).toEqual(['Kept'])
  expect((await stripe.customers.list({}, { stripeAccount: 'acct_later' })).data).toEqual([])
  expect(simulator.clock.now()).toBe(1_800_000_000)
  const again = await stripe.customers.create({ name: 'Undone' })
  expect(again.id).toBe(undone.id)
})

test('the same seed gives the same ids, another seed others', async () => {
  const made = async (seed: number): Promise<string> => (await (await start({ seed })).stripe.customers.create({})).id
  expect(await made(3)).toBe(await made(3))
  expect(await made(3)).not.toBe(await made(4))
})

test('with a data file a closed simulator starts again where it was, at its new address', async () => {
  const dataFile = join(folder, 'world.jsonl')
  const webhooks = [{ url: 'http://127.0.0.1:9/hook', secret: 'whsec_a' }]
  const first = await start({ dataFile, webhooks, deliveryMode: 'manual' })
  await first.stripe.customers.create({ name: 'Ada' })
  await first.stripe.customers.create({ name: 'There' }, { stripeAccount: 'acct_other' })
  await first.simulator.clock.advance(100)
  running.length = 0
  await first.simulator.close()

  const second = await start({ dataFile, webhooks, now: 5, deliveryMode: 'manual' })
  expect(second.simulator.clock.now()).toBe(1_800_000_100)
  expect(await names(second.stripe)).toEqual(['Ada'])
  expect((await second.stripe.customers.list({}, { stripeAccount: 'acct_other' })).data).toHaveLength(1)
  expect((await second.stripe.webhookEndpoints.list()).data).toHaveLength(1)
  expect(second.simulator.deliveries.list({ status: 'pending' })).toMatchObject([{ eventType: 'customer.created' }])
  expect(second.simulator.world.view().get('account_settings', 'settings')?.origin).toBe(second.simulator.url)
})

test('restoring reaches the data file, too', async () => {
  const dataFile = join(folder, 'restored.jsonl')
  const { simulator, stripe } = await start({ dataFile })
  const empty = simulator.snapshot()
  await stripe.customers.create({ name: 'Undone' })
  await simulator.restore(empty)
  running.length = 0
  await simulator.close()
  expect(await names((await start({ dataFile })).stripe)).toEqual([])
})
