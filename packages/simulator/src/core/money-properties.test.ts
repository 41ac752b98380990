import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Invoice } from './invoices/create.js'
import { DAY } from './testing/bench.js'
import { allActs, changeOf, moneyStories, MoneyWorld, type MoneyStory } from './testing/money-story.js'

const RUNS = 30

const told = (story: MoneyStory): MoneyWorld => new MoneyWorld(story).tell(story.deeds)

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const amounts = (entries: readonly { readonly amount: number }[] | null): number =>
  sum((entries ?? []).map(({ amount }) => amount))

test('whatever happens, each invoice adds up', () => {
  fc.assert(
    fc.property(moneyStories(25), (story) => {
      const { bench } = told(story)
      for (const invoice of bench.all('invoices')) requireSums(invoice)
    }),
    { numRuns: RUNS },
  )
})

function requireSums(invoice: Invoice): void {
  const { data } = invoice.lines
  const own = data.flatMap((line) =>
    (line.discount_amounts ?? []).filter(({ discount }) => line.discounts.includes(discount)),
  )
  const discounts = data.flatMap((line) => line.discount_amounts ?? [])
  const credits = data.flatMap((line) => line.pretax_credit_amounts ?? [])
  const taxes = data.flatMap((line) => line.taxes ?? [])
  const exclusive = taxes.filter((tax) => tax.tax_behavior === 'exclusive')
  expect(invoice.subtotal).toBe(amounts(data) - amounts(own))
  expect(amounts(invoice.total_discount_amounts)).toBe(amounts(discounts))
  expect(amounts(invoice.total_pretax_credit_amounts)).toBe(amounts(credits))
  expect(amounts(invoice.total_taxes)).toBe(amounts(taxes))
  expect(invoice.total).toBe(amounts(data) - amounts(credits) + amounts(exclusive))
  expect(invoice.total_excluding_tax).toBe(invoice.total - amounts(taxes))
  expect(invoice.amount_due).toBe(invoice.amount_paid + invoice.amount_remaining)
  expect(Math.min(invoice.amount_due, invoice.amount_paid, invoice.amount_remaining)).toBeGreaterThanOrEqual(0)
  expect(invoice.number === null).toBe(invoice.status === 'draft')
  expect(invoice.status === 'paid' && invoice.amount_remaining !== 0).toBe(false)
  for (const line of data) {
    const taken = amounts(line.pretax_credit_amounts)
    expect(Math.abs(taken)).toBeLessThanOrEqual(Math.abs(line.amount))
  }
}

test('no money leaks: what was billed was paid, is owed, was credited or is in the balance', () => {
  fc.assert(
    fc.property(moneyStories(25), (story) => {
      const { bench, customer } = told(story)
      const entries = bench.all('customer_balance_transactions')
      let balance = 0
      for (const entry of entries) {
        balance += entry.amount
        expect(entry.ending_balance).toBe(balance)
      }
      expect(bench.get('customers', customer).balance).toBe(balance)
      for (const invoice of bench.all('invoices')) {
        const moved = amounts(entries.filter((entry) => entry.invoice === invoice.id && entry.credit_note === null))
        const isUnmoved = invoice.status === 'draft' || invoice.status === 'void'
        const carried = invoice.total - invoice.amount_due - invoice.pre_payment_credit_notes_amount
        expect(moved).toBe(isUnmoved ? 0 : carried)
      }
      const charged = sum(
        bench
          .all('charges')
          .filter(({ paid }) => paid)
          .map(({ amount }) => amount),
      )
      const paid = bench.all('invoices').map((invoice) => invoice.amount_paid - (invoice.amount_paid_off_stripe ?? 0))
      expect(sum(paid)).toBe(charged)
    }),
    { numRuns: RUNS },
  )
})

test('credit notes and refunds never exceed what they are of', () => {
  fc.assert(
    fc.property(moneyStories(25), (story) => {
      const { bench } = told(story)
      for (const invoice of bench.all('invoices')) {
        const notes = bench.all('credit_notes').filter((note) => note.invoice === invoice.id && note.status !== 'void')
        expect(sum(notes.map(({ pre_payment_amount: before }) => before))).toBe(invoice.pre_payment_credit_notes_amount)
        expect(sum(notes.map(({ post_payment_amount: after }) => after))).toBe(invoice.post_payment_credit_notes_amount)
        expect(sum(notes.map(({ total }) => total))).toBeLessThanOrEqual(Math.max(0, invoice.total))
      }
      for (const note of bench.all('credit_notes')) {
        expect(note.pre_payment_amount + note.post_payment_amount).toBe(note.total)
        const given = amounts(
          bench.all('customer_balance_transactions').filter((entry) => entry.credit_note === note.id),
        )
        const refunded = sum(note.refunds.map(({ amount_refunded: amount }) => amount))
        expect(-given + refunded + (note.out_of_band_amount ?? 0)).toBe(note.post_payment_amount)
      }
      for (const charge of bench.all('charges')) {
        const refunded = amounts(
          bench.all('refunds').filter(({ charge: of, status }) => of === charge.id && status !== 'failed'),
        )
        expect(charge.amount_refunded).toBe(refunded)
        expect(refunded).toBeLessThanOrEqual(charge.amount_captured)
      }
    }),
    { numRuns: RUNS },
  )
})

test('credit grants are spent once', () => {
  fc.assert(
    fc.property(moneyStories(25), (story) => {
      const { bench } = told(story)
      const entries = bench.all('credit_balance_transactions')
      for (const grant of bench.all('credit_grants')) {
        const value = grant.amount.monetary?.value ?? 0
        let left = 0
        for (const entry of entries.filter((candidate) => candidate.credit_grant === grant.id)) {
          left += (entry.credit?.amount.monetary?.value ?? 0) - (entry.debit?.amount.monetary?.value ?? 0)
          expect(left).toBeGreaterThanOrEqual(0)
          expect(left).toBeLessThanOrEqual(value)
        }
        const isOver = grant.expires_at !== null && grant.expires_at <= bench.now
        expect(isOver && left !== 0).toBe(false)
      }
      for (const invoice of bench.all('invoices')) {
        if (invoice.status === 'draft') continue
        const shown = sum(
          (invoice.total_pretax_credit_amounts ?? [])
            .filter(({ type }) => type === 'credit_balance_transaction')
            .map(({ amount }) => amount),
        )
        const booked = entries.filter((entry) => entry.debit?.credits_applied?.invoice === invoice.id)
        const spent = sum(booked.map((entry) => entry.debit?.amount.monetary?.value ?? 0))
        expect(spent).toBe(shown)
      }
    }),
    { numRuns: RUNS },
  )
})

test('a year at once is the same as day by day, and a fork replays to the same bytes', () => {
  fc.assert(
    fc.property(moneyStories(18), (story) => {
      const { bench } = told(story)
      const daily = bench.fork()
      const again = bench.fork()
      const target = bench.now + 120 * DAY
      bench.events.length = 0
      bench.advanceTo(target)
      while (daily.now < target) daily.advanceTo(Math.min(daily.now + DAY, target))
      again.advanceTo(target)
      expect(JSON.stringify(daily.events)).toBe(JSON.stringify(bench.events))
      expect(JSON.stringify(daily.all('invoices'))).toBe(JSON.stringify(bench.all('invoices')))
      expect(JSON.stringify(again.events)).toBe(JSON.stringify(bench.events))
    }),
    { numRuns: Math.ceil(RUNS / 3) },
  )
})

const essence = (invoice: Invoice): unknown => ({
  due: invoice.amount_due,
  starting: invoice.starting_balance,
  subtotal: invoice.subtotal,
  total: invoice.total,
  discounts: invoice.total_discount_amounts?.map(({ amount }) => amount),
  credits: amounts(invoice.total_pretax_credit_amounts),
  taxes: invoice.total_taxes?.map(({ amount, taxable_amount: taxable }) => [amount, taxable]),
  lines: invoice.lines.data.map(({ amount, description, period, taxes }) => [amount, description, period, taxes]),
})

test('the preview of the next invoice is the invoice that comes', () => {
  let compared = 0
  fc.assert(
    fc.property(moneyStories(18), (story) => {
      const world = told(story)
      const { bench, subscription: id } = world
      const isOpenEnded = bench.all('invoices').every(({ status }) => status !== 'draft' && status !== 'open')
      const { pending_invoice_item_interval: interval, pending_update: update } = world.current()
      if (!isOpenEnded || interval !== null || update !== null) return
      const shown = bench.try<Invoice>('invoices.create_preview', { subscription: id })
      if (shown === undefined) return
      const before = world.current().latest_invoice
      const end = Math.min(...world.current().items.data.map((item) => item.current_period_end))
      bench.advanceTo(end)
      const after = world.current()
      expect(after.latest_invoice).not.toBe(before)
      const invoice = bench.invoice(after.latest_invoice)
      expect(essence(invoice)).toEqual(essence(shown))
      compared += 1
      if (after.pause_collection !== null || invoice.status !== 'draft') return
      bench.run('invoices.finalize', {}, invoice.id)
      expect(essence(bench.invoice(invoice.id))).toEqual(essence(shown))
    }),
    { numRuns: RUNS },
  )
  expect(compared).toBeGreaterThan(RUNS / 5)
})

test('the preview of a change is the invoice that the change brings', () => {
  let compared = 0
  fc.assert(
    fc.property(moneyStories(18), fc.nat(9999), fc.nat(9999), (story, one, two) => {
      const world = told(story)
      const { bench, subscription: id } = world
      if (bench.all('invoices').some(({ status }) => status === 'draft') || world.current().pending_update !== null)
        return
      const change = { ...changeOf(world, one, two), proration_behavior: 'always_invoice' }
      const shown = bench.try<Invoice>('invoices.create_preview', { subscription: id, subscription_details: change })
      const before = world.current().latest_invoice
      const isDone = world.update({ ...change, payment_behavior: 'default_incomplete' })
      expect(shown === undefined && isDone && world.current().latest_invoice !== before).toBe(false)
      if (shown === undefined || !isDone || world.current().latest_invoice === before) return
      expect(essence(bench.invoice(world.current().latest_invoice))).toEqual(essence(shown))
      compared += 1
    }),
    { numRuns: RUNS },
  )
  expect(compared).toBeGreaterThan(RUNS / 6)
})

test('the stories do everything there is to do', () => {
  const done = new Set<string>()
  fc.assert(
    fc.property(moneyStories(40), (story) => {
      const world = told(story)
      for (const act of world.done) done.add(act)
      for (const { status } of world.bench.all('invoices')) done.add(`invoice ${status}`)
      if (world.bench.all('credit_balance_transactions').some(({ debit }) => debit !== null)) done.add('credits spent')
    }),
    { numRuns: 200, seed: 11 },
  )
  const statuses = ['draft', 'open', 'paid', 'uncollectible', 'void'].map((status) => `invoice ${status}`)
  const missing = [...allActs, ...statuses, 'credits spent'].filter((name) => !done.has(name))
  expect(missing).toEqual([])
})
