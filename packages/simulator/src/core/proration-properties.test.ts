import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Bench, DAY, START } from './testing/bench.js'

const HOUR = 3600

/** A change of the items, or of when the subscription ends. */
type Change =
  | {
      readonly kind: 'items'
      readonly hours: number
      readonly price: number
      readonly quantity: number
      readonly billing: 'create_prorations' | 'always_invoice'
      readonly isAdded: boolean
    }
  | {
      readonly kind: 'end'
      readonly hours: number
      readonly after: number | null
      readonly billing: 'create_prorations' | 'always_invoice'
    }

const hours = fc.integer({ min: 1, max: 60 * 24 })
const billing = fc.constantFrom('create_prorations' as const, 'always_invoice' as const)

const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('items' as const),
        hours,
        price: fc.nat(2),
        quantity: fc.integer({ min: 1, max: 9 }),
        billing,
        isAdded: fc.boolean(),
      }),
    },
    fc.record({ kind: fc.constant('end' as const), hours, after: fc.option(hours), billing }),
  ),
  { maxLength: 10, size: 'max' },
)

const AMOUNTS = [999, 2000, 30_011]

/** What one item costs for the time between two instants, month by month of the subscription. */
function costBetween(from: number, to: number, monthly: number): number {
  let cost = 0
  for (let month = 0; ; month++) {
    const [start, end] = [monthStart(month), monthStart(month + 1)]
    if (start >= to) return cost
    cost += (monthly * Math.max(0, Math.min(to, end) - Math.max(from, start))) / (end - start)
  }
}

/** The subscription begins on the 15th, which every month has. */
function monthStart(month: number): number {
  const start = new Date(START * 1000)
  start.setUTCMonth(start.getUTCMonth() + month)
  return start.getTime() / 1000
}

const COUPON = { percent_off: 15, duration: 'forever' }
const RATE = { display_name: 'Tax', percentage: 7.5, inclusive: false }

const terms = ['flexible', 'classic'].flatMap((mode) => [
  { mode, coupon: false, taxed: false, factor: 1 },
  { mode, coupon: true, taxed: false, factor: 0.85 },
  { mode, coupon: true, taxed: true, factor: 0.85 * 1.075 },
])

test.each(terms)('time is billed once, for what it is worth: $mode, $factor', ({ mode, coupon, taxed, factor }) => {
  fc.assert(
    fc.property(changes, (story) => {
      const bench = new Bench()
      const customer = bench.customer()
      const prices = AMOUNTS.map((amount) => bench.price({ amount, name: `P${amount}` }))
      const { id } = bench.subscribe(customer, prices[0] ?? '', {
        billing_mode: { type: mode },
        ...(coupon && { discounts: [{ coupon: bench.run('coupons.create', COUPON).id }] }),
        ...(taxed && { default_tax_rates: [bench.run('tax_rates.create', RATE).id] }),
      })
      const worth = live(bench, id, { story: mode === 'classic' ? untilEnd(story) : story, prices })
      if (bench.subscription(id).status !== 'canceled')
        bench.run('subscriptions.cancel', { prorate: true, invoice_now: true }, id)
      const invoices = bench.all('invoices')
      const billed = invoices.reduce((sum, invoice) => sum + invoice.total, 0)
      const lines = invoices.flatMap((invoice) => invoice.lines.data).length
      expect(bench.all('invoice_items').filter(({ invoice }) => invoice === null)).toEqual([])
      // Each line, its discount and its tax are rounded for themselves.
      expect(Math.abs(billed - worth * factor)).toBeLessThanOrEqual(lines * 1.5 + 1e-6)
    }),
    { numRuns: 25 },
  )
})

/** In classic mode the end that is planned becomes the anchor, and months of another length measure what follows. */
function untilEnd(story: readonly Change[]): readonly Change[] {
  const end = story.findIndex(({ kind }) => kind === 'end')
  return end < 0 ? story : story.slice(0, end + 1)
}

/** Tells the story, and answers what the time was worth in which the subscription was there. */
function live(
  bench: Bench,
  id: string,
  { story, prices }: { readonly story: readonly Change[]; readonly prices: readonly string[] },
): number {
  let worth = 0
  let at = START
  const pass = (until: number): void => {
    const { cancel_at: end, items, status } = bench.subscription(id)
    for (const { price, quantity = 1 } of status === 'canceled' ? [] : items.data) {
      worth += costBetween(at, Math.min(until, end ?? until), (price.unit_amount ?? 0) * quantity)
    }
    at = until
    bench.advanceTo(until)
  }
  for (const change of story) {
    pass(at + change.hours * HOUR)
    if (bench.subscription(id).status !== 'canceled') apply(bench, id, { change, prices })
  }
  pass(at + DAY)
  return worth
}

/** Changes the first item, or adds another; a price that is there already is changed in its quantity. */
function apply(
  bench: Bench,
  id: string,
  { change, prices }: { readonly change: Change; readonly prices: readonly string[] },
): void {
  const proration = { proration_behavior: change.billing }
  if (change.kind === 'end') {
    const end = change.after === null ? '' : bench.now + change.after * HOUR
    bench.run('subscriptions.update', { cancel_at: end, ...proration }, id)
    return
  }
  const { data } = bench.subscription(id).items
  const price = prices[change.price]
  const same = data.find((item) => item.price.id === price)
  const item = same?.id ?? (change.isAdded ? undefined : data[0]?.id)
  const asked = { ...(item !== undefined && { id: item }), price, quantity: change.quantity }
  bench.run('subscriptions.update', { items: [asked], ...proration }, id)
}
