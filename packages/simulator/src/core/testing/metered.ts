import type { Bench } from './bench.js'

const EVENT = 'api_call'

/** A monthly price of what is counted by a meter of its own; the meter's events are `reportUsage`. */
export function meteredPrice(bench: Bench, scheme: object): string {
  const meter = bench.run('meters.create', {
    default_aggregation: { formula: 'sum' },
    display_name: 'API calls',
    event_name: EVENT,
  }).id
  const product = bench.run('products.create', { name: 'API calls' }).id
  const recurring = { interval: 'month', usage_type: 'metered', meter }
  return bench.run('prices.create', { product, currency: 'usd', recurring, ...scheme }).id
}

/** The customer has used so much. */
export function reportUsage(bench: Bench, customer: string, value: number): void {
  const payload = { stripe_customer_id: customer, value: String(value) }
  bench.run('meter_events.create', { event_name: EVENT, payload })
}
