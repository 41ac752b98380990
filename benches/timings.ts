import { createSimulator, type Simulator } from '@paywright/simulator'
import Stripe from 'stripe'
import { bundleSimulator, serveSimulator, stop } from './processes.js'
import { judged, median, rounded } from './table.js'

const NOW = 1_800_000_000
const DAY = 86_400

/** How often each is measured; the median counts. */
const TIMES = 9

const LONGEST = { start: 300, fork: 5, year: 20 }

/** Start, fork and a year of a subscription, each in milliseconds. */
export async function measureTimings(): Promise<boolean> {
  console.log(`\nMilliseconds, medians of ${TIMES}\n`)
  const kept = [
    judgedBelow('start, to the first line printed', await starts(), LONGEST.start),
    judgedBelow('fork of a seeded world, serving', await forks(), LONGEST.fork),
    judgedBelow('restore of a seeded world', await restores(), LONGEST.fork),
    judgedBelow('a year of a monthly subscription', await years(), LONGEST.year),
  ]
  return kept.every(Boolean)
}

function judgedBelow(what: string, values: readonly number[], limit: number): boolean {
  const value = median(values)
  return judged(what, { value: rounded(value, 1), limit: `under ${limit}` }, value < limit)
}

async function times(measure: () => Promise<number>): Promise<readonly number[]> {
  const values: number[] = []
  // The first time only warms up.
  for (let time = 0; time <= TIMES; time++) values.push(await measure())
  return values.slice(1)
}

async function starts(): Promise<readonly number[]> {
  bundleSimulator()
  const found = await times(async () => {
    const server = await serveSimulator()
    stop(server)
    return server.startedIn
  })
  bundleSimulator('--remove')
  return found
}

async function forks(): Promise<readonly number[]> {
  const simulator = await seeded()
  const found = await times(async () => {
    const before = performance.now()
    const fork = await simulator.fork()
    const took = performance.now() - before
    // A fork that is never written to would be no test of what it costs.
    fork.world.run({ name: 'customers.create', params: { name: 'Fork' } })
    await fork.close()
    return took
  })
  await simulator.close()
  return found
}

async function restores(): Promise<readonly number[]> {
  const simulator = await seeded()
  const snapshot = simulator.snapshot()
  const found = await times(async () => {
    simulator.world.run({ name: 'customers.create', params: { name: 'Undone' } })
    const before = performance.now()
    await simulator.restore(snapshot)
    return performance.now() - before
  })
  await simulator.close()
  return found
}

async function years(): Promise<readonly number[]> {
  const simulator = await createSimulator({ now: NOW, deliveryMode: 'manual' })
  const stripe = connected(simulator)
  const { id: price } = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 2000,
    recurring: { interval: 'month' },
    product_data: { name: 'Pro' },
  })
  const found = await times(async () => {
    await subscribe(stripe, price)
    const before = performance.now()
    await simulator.clock.advance(365 * DAY)
    const took = performance.now() - before
    await stripe.subscriptions.list({ limit: 1 }).then(({ data }) => stripe.subscriptions.cancel(data[0]?.id ?? ''))
    return took
  })
  await simulator.close()
  return found
}

/** A world such as a test suite starts from: a catalogue, and 500 customers with subscriptions. */
async function seeded(): Promise<Simulator> {
  const simulator = await createSimulator({ now: NOW, deliveryMode: 'manual' })
  const stripe = connected(simulator)
  const { id: price } = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 2000,
    recurring: { interval: 'month' },
    product_data: { name: 'Pro' },
  })
  for (let count = 0; count < 500; count++) await subscribe(stripe, price)
  return simulator
}

async function subscribe(stripe: Stripe, price: string): Promise<void> {
  const customer = await stripe.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price }] })
}

function connected({ secretKey, host, port }: Simulator): Stripe {
  return new Stripe(secretKey, { host, port, protocol: 'http', telemetry: false })
}
