import { beforeEach, describe, expect, it } from 'vitest'
import { Bench, DAY, HOUR, START } from '../testing/bench.js'
import { meteredPrice, reportUsage } from '../testing/metered.js'

const MONTH_END = Date.parse('2026-02-15T12:00:00Z') / 1000

const tiers = [
  { up_to: 10, unit_amount: 100 },
  { up_to: 'inf', unit_amount: 50 },
]

let bench: Bench
let customer: string
let price: string

beforeEach(() => {
  bench = new Bench()
  customer = bench.customer()
  price = meteredPrice(bench, { billing_scheme: 'tiered', tiers_mode: 'graduated', tiers })
})

function thresholdInvoices(): (readonly [string | null, number])[] {
  return bench
    .all('invoices')
    .filter((invoice) => invoice.billing_reason === 'subscription_threshold')
    .map(({ status, total }) => [status, total] as const)
}

describe('an amount', () => {
  it('makes an invoice as soon as usage costs as much, and the tiers go on', () => {
    const { id } = bench.subscribe(customer, price, { billing_thresholds: { amount_gte: 800 } })
    bench.advanceTo(START + DAY)
    reportUsage(bench, customer, 7)
    expect(thresholdInvoices()).toEqual([])
    reportUsage(bench, customer, 1)
    expect(thresholdInvoices()).toEqual([['draft', 800]])
    bench.advanceTo(START + DAY + 2 * HOUR)
    expect(thresholdInvoices()).toEqual([['paid', 800]])
    reportUsage(bench, customer, 4)
    bench.advanceTo(MONTH_END + 2 * HOUR)
    const invoice = bench.invoice(bench.subscription(id).latest_invoice)
    expect(invoice.billing_reason).toBe('subscription_cycle')
    expect(invoice.lines.data.map(({ amount, quantity }) => [amount, quantity])).toEqual([
      [200, 2],
      [100, 2],
    ])
    reportUsage(bench, customer, 7)
    expect(thresholdInvoices()).toHaveLength(1)
  })

  it('starts the period anew when it is to', () => {
    const licensed = bench.price({ amount: 3100 })
    const { id } = bench.run('subscriptions.create', {
      customer,
      items: [{ price: licensed }, { price }],
      billing_thresholds: { amount_gte: 800, reset_billing_cycle_anchor: true },
    })
    bench.advanceTo(START + DAY)
    reportUsage(bench, customer, 8)
    expect(bench.subscription(id).billing_cycle_anchor).toBe(START + DAY)
    expect(thresholdInvoices()).toEqual([['draft', 800 + 3100 - 3000]])
    bench.advanceTo(START + DAY + HOUR)
    reportUsage(bench, customer, 2)
    bench.advanceTo(Date.parse('2026-02-16T14:00:00Z') / 1000)
    const invoice = bench.invoice(bench.subscription(id).latest_invoice)
    expect(invoice.lines.data.map(({ amount }) => amount)).toEqual([200, 3100])
  })

  it('waits while the subscription is on trial', () => {
    bench.subscribe(customer, price, { billing_thresholds: { amount_gte: 800 }, trial_period_days: 3 })
    reportUsage(bench, customer, 100)
    expect(thresholdInvoices()).toEqual([])
  })
})

describe('a number of units', () => {
  it('makes an invoice each time they were used', () => {
    bench.run('subscriptions.create', { customer, items: [{ price, billing_thresholds: { usage_gte: 8 } }] })
    reportUsage(bench, customer, 8)
    reportUsage(bench, customer, 7)
    expect(thresholdInvoices()).toEqual([['draft', 800]])
    reportUsage(bench, customer, 1)
    expect(thresholdInvoices()).toEqual([
      ['draft', 800],
      ['draft', 200 + 300],
    ])
  })
})
