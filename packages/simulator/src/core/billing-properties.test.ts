import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Invoice } from './invoices/create.js'
import { Bench, DAY, type Subscription } from './testing/bench.js'

/** Something that is done to a customer's one subscription. */
type Step =
  | { readonly kind: 'wait'; readonly days: number }
  | { readonly kind: 'card'; readonly card: 'pm_card_visa' | 'pm_card_chargeCustomerFail' }
  | {
      readonly kind: 'update'
      readonly price: number
      readonly quantity: number
      readonly billing: string
      readonly now: boolean
    }
  | { readonly kind: 'cancelAtPeriodEnd'; readonly value: boolean }
  | { readonly kind: 'extra'; readonly amount: number }
  | { readonly kind: 'cancelAt'; readonly days: number | null }
  | { readonly kind: 'add'; readonly price: number }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume'; readonly unchanged: boolean }
  | { readonly kind: 'coupon'; readonly percent: number }
  | { readonly kind: 'pay' }
  | { readonly kind: 'void' }

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 45 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('update' as const),
      price: fc.nat(3),
      quantity: fc.integer({ min: 1, max: 9 }),
      billing: fc.constantFrom('create_prorations', 'always_invoice', 'none'),
      now: fc.boolean(),
    }),
  },
  fc.record({
    kind: fc.constant('card' as const),
    card: fc.constantFrom('pm_card_visa', 'pm_card_chargeCustomerFail'),
  }),
  fc.record({ kind: fc.constant('cancelAtPeriodEnd' as const), value: fc.boolean() }),
  fc.record({ kind: fc.constant('extra' as const), amount: fc.integer({ min: -5000, max: 5000 }) }),
  fc.record({ kind: fc.constant('cancelAt' as const), days: fc.option(fc.integer({ min: 1, max: 60 })) }),
  fc.record({ kind: fc.constant('add' as const), price: fc.nat(3) }),
  fc.record({ kind: fc.constant('pause' as const) }),
  fc.record({ kind: fc.constant('resume' as const), unchanged: fc.boolean() }),
  fc.record({ kind: fc.constant('coupon' as const), percent: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ kind: fc.constant('pay' as const) }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('void' as const) }) },
)

interface Story {
  readonly trialDays: number
  readonly classic: boolean
  readonly steps: readonly Step[]
}

const stories: fc.Arbitrary<Story> = fc.record({
  trialDays: fc.constantFrom(0, 0, 1, 14, 40),
  classic: fc.boolean(),
  steps: fc.array(steps, { maxLength: 12 }),
})

const prices = [
  { amount: 999, name: 'A' },
  { amount: 2000, name: 'B' },
  { amount: 7, name: 'C' },
  { amount: 25_000, interval: 'year', name: 'D' },
]

class Told {
  readonly bench = new Bench({ afterRetries: 'mark_unpaid' })
  readonly customer = this.bench.customer()
  readonly prices = prices.map((price) => this.bench.price(price))
  readonly id: string

  constructor({ trialDays, classic }: Story) {
    const { id } = this.bench.subscribe(this.customer, this.prices[0] ?? '', {
      billing_mode: { type: classic ? 'classic' : 'flexible' },
      ...(trialDays > 0 && { trial_period_days: trialDays }),
    })
    this.id = id
  }

  take(step: Step): void {
    const { bench, customer, id } = this
    const { latest_invoice: invoice } = bench.subscription(id)
    switch (step.kind) {
      case 'wait':
        return bench.advanceTo(bench.now + step.days * DAY)
      case 'card':
        return void bench.giveCard(customer, step.card)
      case 'update':
        return this.attempt('subscriptions.update', this.change(step), id)
      case 'cancelAtPeriodEnd':
        return this.attempt('subscriptions.update', { cancel_at_period_end: step.value }, id)
      case 'extra':
        return this.attempt('invoiceitems.create', { customer, amount: step.amount, currency: 'usd' })
      case 'cancelAt': {
        const cancelAt = step.days === null ? '' : bench.now + step.days * DAY
        return this.attempt('subscriptions.update', { cancel_at: cancelAt }, id)
      }
      case 'add':
        return this.attempt('subscriptions.update', { items: [{ price: this.prices[step.price] }] }, id)
      case 'pause':
        return this.attempt('subscriptions.pause', {}, id)
      case 'resume': {
        const type = step.unchanged ? 'unchanged' : 'now'
        return this.attempt('subscriptions.resume', { billing_cycle_anchor: { type } }, id)
      }
      case 'coupon': {
        const coupon = bench.run('coupons.create', { percent_off: step.percent, duration: 'forever' }).id
        return this.attempt('subscriptions.update', { discounts: [{ coupon }] }, id)
      }
      case 'pay':
        return this.attempt('invoices.pay', {}, invoice ?? '')
      case 'void':
        return this.attempt('invoices.void', {}, invoice ?? '')
      default:
        return step satisfies never
    }
  }

  change(step: Extract<Step, { kind: 'update' }>): object {
    const item = this.bench.subscription(this.id).items.data[0]?.id
    return {
      items: [{ id: item, price: this.prices[step.price], quantity: step.quantity }],
      proration_behavior: step.billing,
      ...(step.now &&
        this.bench.subscription(this.id).status !== 'trialing' && { billing_cycle_anchor: { type: 'now' } }),
    }
  }

  /** Refusals are part of the story: an ended subscription refuses, a bad card declines. */
  attempt(name: string, params: object, id?: string): void {
    this.bench.try(name, params, id)
  }
}

function told(story: Story): Told {
  const world = new Told(story)
  for (const step of story.steps) world.take(step)
  return world
}

const isFinal = ({ status }: Invoice): boolean => status !== 'draft'

test('the amounts of every invoice add up, and no money is lost on the way to the balance', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const { bench, customer } = told(story)
      for (const invoice of bench.all('invoices')) {
        const lines = invoice.lines.data.reduce((sum, line) => sum + line.amount, 0)
        const off = (invoice.total_discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0)
        expect([invoice.subtotal, invoice.total]).toEqual([lines, lines - off])
        expect(invoice.amount_due).toBe(invoice.amount_paid + invoice.amount_remaining)
        expect(invoice.number === null).toBe(!isFinal(invoice))
        expect(invoice.status === 'paid' && invoice.amount_remaining !== 0).toBe(false)
      }
      const settled = bench.all('invoices').filter((invoice) => isFinal(invoice) && invoice.status !== 'void')
      const carried = settled.reduce((sum, invoice) => sum + invoice.total - invoice.amount_due, 0)
      expect(bench.get('customers', customer).balance).toBe(carried)
      const charged = bench
        .all('charges')
        .filter(({ paid }) => paid)
        .reduce((sum, { amount }) => sum + amount, 0)
      expect(bench.all('invoices').reduce((sum, invoice) => sum + invoice.amount_paid, 0)).toBe(charged)
    }),
    { numRuns: 150 },
  )
})

test('invoice numbers are given at finalisation, one after the other', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const { bench } = told(story)
      const final = bench.all('invoices').filter(isFinal)
      const numbers = final.map(({ number }) => Number(number?.split('-')[1])).toSorted((left, right) => left - right)
      expect(numbers).toEqual(final.map((_, index) => index + 1))
    }),
    { numRuns: 60 },
  )
})

test('the periods of an item follow one another without gap or overlap', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const world = new Told(story)
      const [first] = world.bench.subscription(world.id).items.data
      let end = first?.current_period_end ?? 0
      for (const step of story.steps) {
        const restarts = moving.has(step.kind)
        world.bench.events.length = 0
        world.take(step)
        if (restarts) end = world.bench.subscription(world.id).items.data[0]?.current_period_end ?? 0
        else end = lastEnd(world, end)
      }
      expect(world.bench.subscription(world.id).items.data[0]?.current_period_end).toBe(end)
    }),
    { numRuns: 60 },
  )
})

/** What may move the period that is running. */
const moving: ReadonlySet<Step['kind']> = new Set(['add', 'cancelAt', 'cancelAtPeriodEnd', 'pause', 'resume', 'update'])

/** Follows the periods that were announced since, each of which must begin where the one before ended. */
function lastEnd({ bench }: Told, end: number): number {
  let last = end
  for (const event of bench.events) {
    if (event.type !== 'customer.subscription.updated') continue
    const [item] = (
      event.data.object as { items: { data: { current_period_start: number; current_period_end: number }[] } }
    ).items.data
    if (item === undefined || item.current_period_end === last) continue
    expect(item.current_period_start).toBe(last)
    last = item.current_period_end
  }
  return last
}

test('a year at once is the same as day by day', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const once = told(story).bench
      const daily = once.fork()
      const target = once.now + 365 * DAY
      once.events.length = 0
      once.advanceTo(target)
      while (daily.now < target) daily.advanceTo(Math.min(daily.now + DAY, target))
      expect(daily.all('invoices')).toEqual(once.all('invoices'))
      expect(daily.all('subscriptions')).toEqual(once.all('subscriptions'))
      expect(daily.events).toEqual(once.events)
    }),
    { numRuns: 25 },
  )
})

const promise = (invoice: Invoice): object => ({
  amountDue: invoice.amount_due,
  lines: invoice.lines.data.map(({ amount, description, period }) => ({ amount, description, period })),
  total: invoice.total,
})

test('a preview of a change is the invoice that the change brings', () => {
  fc.assert(
    fc.property(stories, fc.nat(3), fc.integer({ min: 1, max: 9 }), fc.boolean(), (story, price, quantity, atOnce) => {
      const { bench, id, change } = bindChange(told(story), { price, quantity, atOnce })
      // A draft will take from the balance, or leave in it, what no preview made before can know.
      fc.pre(bench.all('invoices').every(({ status }) => status !== 'draft'))
      const shown = bench.try<Invoice>('invoices.create_preview', { subscription: id, subscription_details: change })
      const before = bench.subscription(id).latest_invoice
      const done = bench.try('subscriptions.update', { ...change, payment_behavior: 'default_incomplete' }, id)
      fc.pre(shown !== undefined && done !== undefined)
      const isPrepaid = bench.subscription(id).latest_invoice !== before
      if (!isPrepaid) bench.advanceTo(Math.max(bench.now, nextEnd(bench.subscription(id))))
      const invoice = bench.invoice(bench.subscription(id).latest_invoice)
      expect(shown && promise(shown)).toEqual(promise(invoice))
    }),
    { numRuns: 100 },
  )
})

/** Items of several intervals renew each at its own time, the first of them next. */
function nextEnd({ items }: Subscription): number {
  return Math.min(...items.data.map((item) => item.current_period_end))
}

function bindChange(
  world: Told,
  wish: { price: number; quantity: number; atOnce: boolean },
): { bench: Bench; id: string; change: object } {
  const billing = wish.atOnce ? 'always_invoice' : 'create_prorations'
  const step = { kind: 'update' as const, price: wish.price, quantity: wish.quantity, billing, now: false }
  return { bench: world.bench, id: world.id, change: world.change(step) }
}

test('the stories get somewhere', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(stories, (story) => {
      const { bench, id } = told(story)
      seen.add(bench.subscription(id).status)
      for (const { status } of bench.all('invoices')) seen.add(`invoice ${status}`)
    }),
    { numRuns: 300, seed: 7 },
  )
  const wanted = [
    'active',
    'canceled',
    'past_due',
    'paused',
    'trialing',
    'unpaid',
    'invoice draft',
    'invoice open',
    'invoice paid',
    'invoice void',
  ]
  expect([...seen]).toEqual(expect.arrayContaining(wanted))
})
