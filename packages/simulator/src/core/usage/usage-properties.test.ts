import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Bench, HOUR } from '../testing/bench.js'
import { meteredPrice, reportUsage } from '../testing/metered.js'

/** Something that happens to a subscription that measures. */
type Step =
  | { readonly kind: 'wait'; readonly hours: number }
  | { readonly kind: 'use'; readonly value: number }
  | { readonly kind: 'threshold'; readonly amount: number | null; readonly resets: boolean }
  | { readonly kind: 'seats'; readonly quantity: number; readonly billing: string }
  | { readonly kind: 'anchor' }

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 500 }) }),
    },
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('use' as const), value: fc.integer({ min: 1, max: 400 }) }),
    },
    fc.record({
      kind: fc.constant('threshold' as const),
      amount: fc.option(fc.integer({ min: 50, max: 2000 })),
      resets: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('seats' as const),
      quantity: fc.integer({ min: 1, max: 9 }),
      billing: fc.constantFrom('create_prorations', 'always_invoice'),
    }),
    fc.record({ kind: fc.constant('anchor' as const) }),
  ),
  { maxLength: 25, size: 'max' },
)

test.each(['flexible', 'classic'])('all that is used is billed once: %s', (mode) => {
  fc.assert(
    fc.property(steps, fc.boolean(), (story, atPeriodEnd) => {
      const bench = new Bench()
      const customer = bench.customer()
      const metered = meteredPrice(bench, { unit_amount: 3 })
      const { id, items } = bench.subscribe(customer, bench.price(), {
        billing_mode: { type: mode },
        items: [{ price: bench.price() }, { price: metered }],
      })
      const seats = items.data.find(({ price }) => price.id !== metered)?.id ?? ''
      let used = 0
      for (const step of story) used += take(bench, { id, customer, seats }, step)
      if (atPeriodEnd) {
        bench.run('subscriptions.update', { cancel_at_period_end: true }, id)
        bench.advanceTo(bench.now + 40 * 24 * HOUR)
      } else bench.run('subscriptions.cancel', { invoice_now: true }, id)
      const lines = bench.all('invoices').flatMap((invoice) => invoice.lines.data)
      const billed = lines.filter((line) => line.pricing?.price_details?.price === metered)
      expect(billed.reduce((sum, line) => sum + (line.quantity ?? 0), 0)).toBe(used)
      expect(billed.reduce((sum, line) => sum + line.amount, 0)).toBe(3 * used)
    }),
    { numRuns: 60 },
  )
})

interface Place {
  readonly id: string
  readonly customer: string
  readonly seats: string
}

/** Answers how much was used. */
function take(bench: Bench, { id, customer, seats }: Place, step: Step): number {
  switch (step.kind) {
    case 'wait':
      bench.advanceTo(bench.now + step.hours * HOUR)
      return 0
    case 'use':
      reportUsage(bench, customer, step.value)
      return step.value
    case 'threshold': {
      const limits = { amount_gte: step.amount, reset_billing_cycle_anchor: step.resets }
      bench.run('subscriptions.update', { billing_thresholds: step.amount === null ? '' : limits }, id)
      return 0
    }
    case 'seats': {
      const change = { items: [{ id: seats, quantity: step.quantity }], proration_behavior: step.billing }
      bench.run('subscriptions.update', change, id)
      return 0
    }
    case 'anchor':
      bench.run('subscriptions.update', { billing_cycle_anchor: { type: 'now' } }, id)
      return 0
    default:
      return step satisfies never
  }
}
