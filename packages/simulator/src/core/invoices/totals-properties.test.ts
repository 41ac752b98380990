import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Records } from '../records.js'
import { Bench, DAY } from '../testing/bench.js'

type Invoice = Records['invoices']

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const amounts = (entries: readonly { readonly amount: number }[] | null): number =>
  sum((entries ?? []).map(({ amount }) => amount))

const coupons = fc.oneof(
  fc.record({ percent_off: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ amount_off: fc.integer({ min: 1, max: 3000 }), currency: fc.constant('usd') }),
)
const rates = fc.record({ percentage: fc.integer({ min: 0, max: 30 }), inclusive: fc.boolean() })
const durations = fc.constantFrom(
  { duration: 'once' },
  { duration: 'forever' },
  { duration: 'repeating', duration_in_months: 2 },
)
const someItems = fc.array(
  fc.record({
    amount: fc.integer({ min: -2000, max: 5000 }),
    coupon: fc.option(fc.nat(2)),
    rate: fc.option(fc.nat(2)),
    discountable: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
)

interface World {
  readonly bench: Bench
  readonly couponIds: readonly string[]
  readonly rateIds: readonly string[]
}

function worldOf(terms: { coupons: readonly object[]; rates: readonly object[]; duration?: object }): World {
  const bench = new Bench()
  const couponIds = terms.coupons.map((coupon) => bench.run('coupons.create', { ...coupon, ...terms.duration }).id)
  const rateIds = terms.rates.map((rate) => bench.run('tax_rates.create', { display_name: 'Tax', ...rate }).id)
  return { bench, couponIds, rateIds }
}

const chosen = (ids: readonly string[], index: number | null): string[] =>
  index === null ? [] : ids.slice(index, index + 1)

test('what is billed, taken off, taxed and owed always adds up', () => {
  fc.assert(
    fc.property(
      someItems,
      fc.record({
        coupons: fc.array(coupons, { minLength: 3, maxLength: 3 }),
        rates: fc.array(rates, { minLength: 3, maxLength: 3 }),
        onInvoice: fc.subarray([0, 1, 2]),
        taxed: fc.subarray([0, 1, 2]),
        balance: fc.integer({ min: -3000, max: 3000 }),
      }),
      (lines, terms) => {
        const { bench, couponIds, rateIds } = worldOf(terms)
        const customer = bench.customer(null, { balance: terms.balance })
        const { id } = bench.run('invoices.create', {
          customer,
          currency: 'usd',
          default_tax_rates: terms.taxed.flatMap((index) => chosen(rateIds, index)),
          discounts: terms.onInvoice.flatMap((index) => chosen(couponIds, index)).map((coupon) => ({ coupon })),
        })
        for (const { amount, coupon, rate, discountable } of lines) {
          const discounts = chosen(couponIds, coupon).map((name) => ({ coupon: name }))
          bench.run('invoiceitems.create', {
            invoice: id,
            amount,
            discountable,
            discounts,
            tax_rates: chosen(rateIds, rate),
          })
        }
        const draft = bench.invoice(id)
        requireConserved(draft)
        bench.run('invoices.finalize', {}, id)
        const final = bench.invoice(id)
        requireConserved(final)
        expect([final.subtotal, final.total, final.amount_due]).toEqual([draft.subtotal, draft.total, draft.amount_due])
        const { balance } = bench.get('customers', customer)
        expect(final.starting_balance + final.total).toBe(final.amount_due + balance)
        expect(final.ending_balance).toBe(balance)
        expect(amounts(bench.all('customer_balance_transactions'))).toBe(balance)
      },
    ),
    { numRuns: 60 },
  )
})

function requireConserved(invoice: Invoice): void {
  const { lines, total_discount_amounts: discounts, total_taxes: taxes } = invoice
  const shares = lines.data.flatMap((line) => line.discount_amounts ?? [])
  const own = lines.data.map((line) =>
    amounts((line.discount_amounts ?? []).filter(({ discount }) => line.discounts.includes(discount))),
  )
  const exclusive = (taxes ?? []).filter((tax) => tax.tax_behavior === 'exclusive')
  expect(invoice.subtotal).toBe(amounts(lines.data) - sum(own))
  expect(amounts(discounts)).toBe(amounts(shares))
  expect(amounts(taxes)).toBe(amounts(lines.data.flatMap((line) => line.taxes ?? [])))
  expect(invoice.total).toBe(amounts(lines.data) - amounts(discounts) + amounts(exclusive))
  expect(invoice.total_excluding_tax).toBe(invoice.total - amounts(taxes))
  expect(invoice.amount_due).toBeGreaterThanOrEqual(0)
  expect(invoice.amount_paid + invoice.amount_remaining).toBe(invoice.amount_due)
}

/** What of a preview and of the invoice that comes must be the same. */
function essence(invoice: Invoice): unknown {
  const { amount_due: due, lines, subtotal, total, total_discount_amounts: discounts, total_taxes: taxes } = invoice
  return {
    due,
    subtotal,
    total,
    discounts: discounts?.map(({ amount }) => amount),
    taxes: taxes?.map(({ amount, taxable_amount: taxable }) => [amount, taxable]),
    lines: lines.data.map((line) => [
      line.amount,
      line.description,
      line.period,
      amounts(line.discount_amounts),
      amounts(line.taxes),
    ]),
  }
}

test('a preview of a new subscription, of a change and of a renewal is the invoice that comes', () => {
  fc.assert(
    fc.property(
      fc.record({
        coupons: fc.array(coupons, { minLength: 3, maxLength: 3 }),
        rates: fc.array(rates, { minLength: 3, maxLength: 3 }),
        duration: durations,
        onSubscription: fc.subarray([0, 1]),
        quantity: fc.integer({ min: 1, max: 5 }),
        later: fc.integer({ min: 1, max: 5 }),
        day: fc.integer({ min: 1, max: 27 }),
        balance: fc.integer({ min: -3000, max: 3000 }),
      }),
      (terms) => {
        const { bench, couponIds, rateIds } = worldOf(terms)
        const customer = bench.customer('pm_card_visa', { balance: terms.balance })
        const price = bench.price()
        const discounts = terms.onSubscription
          .flatMap((index) => chosen(couponIds, index))
          .map((coupon) => ({ coupon }))
        const details = {
          items: [{ price, quantity: terms.quantity, discounts: [{ coupon: couponIds[2] }] }],
          default_tax_rates: rateIds.slice(0, 2),
        }
        const asked = { customer, ...(discounts.length > 0 && { discounts }) }
        const first = bench.run<Invoice>('invoices.create_preview', { ...asked, subscription_details: details })
        const subscription = bench.run<Records['subscriptions']>('subscriptions.create', { ...asked, ...details })
        expect(essence(first)).toEqual(essence(bench.invoice(subscription.latest_invoice)))
        bench.advanceTo(bench.now + terms.day * DAY)
        requireChangeAsPreviewed(bench, subscription, terms.later)
        const next = bench.run<Invoice>('invoices.create_preview', { subscription: subscription.id })
        bench.advanceTo(bench.now + 35 * DAY)
        const renewals = bench.all('invoices').filter(({ billing_reason: reason }) => reason === 'subscription_cycle')
        expect(essence(next)).toEqual(essence(renewals[0] ?? next))
        expect(renewals.length).toBeGreaterThan(0)
      },
    ),
    { numRuns: 25 },
  )
})

function requireChangeAsPreviewed(bench: Bench, subscription: Records['subscriptions'], quantity: number): void {
  const items = [{ id: subscription.items.data[0]?.id, quantity }]
  const change = { items, proration_behavior: 'always_invoice' }
  const preview = bench.try<Invoice>('invoices.create_preview', {
    subscription: subscription.id,
    subscription_details: change,
  })
  const before = bench.subscription(subscription.id).latest_invoice
  bench.run('subscriptions.update', change, subscription.id)
  const after = bench.subscription(subscription.id).latest_invoice
  const isBilled = after !== before && preview !== undefined
  const [said, came] = isBilled ? [essence(preview), essence(bench.invoice(after))] : []
  expect(said).toEqual(came)
}
