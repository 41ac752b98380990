import fc from 'fast-check'
import { Bench, DAY, type Subscription } from './bench.js'
import { meteredPrice, reportUsage } from './metered.js'

/** Something that is done to a customer who has a subscription, or by them. What it is done with follows from two numbers. */
export interface Deed {
  readonly act: keyof typeof acts
  readonly one: number
  readonly two: number
}

export interface MoneyStory {
  readonly classic: boolean
  readonly trialDays: number
  readonly collection: 'charge_automatically' | 'send_invoice'
  readonly deeds: readonly Deed[]
}

const COUPONS = [
  { percent_off: 15, duration: 'forever' },
  { percent_off: 100, duration: 'once' },
  { percent_off: 33.3, duration: 'repeating', duration_in_months: 2 },
  { amount_off: 333, currency: 'usd', duration: 'forever' },
  { amount_off: 2500, currency: 'usd', duration: 'once' },
  { amount_off: 1001, currency: 'usd', duration: 'repeating', duration_in_months: 3 },
]

const RATES = [
  { percentage: 19, inclusive: true },
  { percentage: 7.5, inclusive: false },
  { percentage: 2.3, inclusive: false },
]

const PRICES = [
  { amount: 999, name: 'A' },
  { amount: 2000, name: 'B' },
  { amount: 7, name: 'C' },
  { amount: 25_000, interval: 'year', name: 'D' },
]

const PRORATIONS = ['create_prorations', 'always_invoice', 'none'] as const
const BEHAVIORS = ['allow_incomplete', 'pending_if_incomplete', 'error_if_incomplete', 'default_incomplete'] as const
const PAUSES = ['void', 'keep_as_draft', 'mark_uncollectible', null] as const
const WAYS_BACK = ['credit_amount', 'refund_amount', 'out_of_band_amount'] as const

/** One of several, by a number. */
function pick<Value>(values: readonly Value[], number: number): Value {
  const value = values[number % values.length]
  if (value === undefined) throw new Error('There is nothing to pick from.')
  return value
}

/** A world in which a money story is told. Refusals are part of it: an ended subscription refuses, a bad card declines. */
export class MoneyWorld {
  readonly bench: Bench
  readonly customer: string
  readonly subscription: string
  /** What was done, and not refused. */
  readonly done = new Set<string>()
  readonly coupons: readonly string[]
  readonly rates: readonly string[]
  readonly prices: readonly string[]
  readonly metered: string

  constructor({ classic, collection, trialDays }: Omit<MoneyStory, 'deeds'>) {
    const bench = new Bench({ afterRetries: 'mark_unpaid' })
    this.bench = bench
    this.customer = bench.customer('pm_card_visa', { address: { country: 'DE', line1: '1 Weg' } })
    this.coupons = COUPONS.map((coupon) => bench.run('coupons.create', coupon).id)
    this.rates = RATES.map((rate) => bench.run('tax_rates.create', { display_name: 'Tax', ...rate }).id)
    this.prices = [...PRICES.map((price) => bench.price(price)), tieredPrice(bench)]
    this.metered = meteredPrice(bench, TIERS)
    this.subscription = bench.subscribe(this.customer, this.prices[0] ?? '', {
      billing_mode: { type: classic ? 'classic' : 'flexible' },
      collection_method: collection,
      ...(collection === 'send_invoice' && { days_until_due: 10 }),
      ...(trialDays > 0 && { trial_period_days: trialDays }),
    }).id
  }

  tell(deeds: readonly Deed[]): this {
    for (const deed of deeds) this.take(deed)
    return this
  }

  take({ act, one, two }: Deed): void {
    if (acts[act](this, one, two)) this.done.add(act)
  }

  current(): Subscription {
    return this.bench.subscription(this.subscription)
  }

  try(name: string, params: object, at?: string | Readonly<Record<string, string>>): boolean {
    return this.bench.try(name, params, at) !== undefined
  }

  update(params: object): boolean {
    return this.try('subscriptions.update', params, this.subscription)
  }

  /** The newest invoice in one of these statuses. */
  invoice(...statuses: readonly string[]): ReturnType<Bench['invoice']> | undefined {
    return this.bench.all('invoices').findLast(({ status }) => statuses.includes(status ?? ''))
  }
}

/** A change of the first item, as an update or a preview asks for it. */
export function changeOf(world: MoneyWorld, one: number, two: number): object {
  const [item] = world.current().items.data
  return {
    items: [{ id: item?.id, price: pick(world.prices, one), quantity: 1 + (two % 9) }],
    proration_behavior: pick(PRORATIONS, one >> 3),
  }
}

type Act = (world: MoneyWorld, one: number, two: number) => boolean

/** What can be done; each answers whether it was not refused. */
const acts = {
  wait: ({ bench }, one) => {
    bench.advanceTo(bench.now + (1 + (one % 45)) * DAY)
    return true
  },
  waitABit: ({ bench }, one) => {
    bench.advanceTo(bench.now + (one % 90_000))
    return true
  },
  card: ({ bench, customer }, one) => {
    bench.giveCard(customer, pick(['pm_card_visa', 'pm_card_visa', 'pm_card_chargeCustomerFail'], one))
    return true
  },
  change: (world, one, two) =>
    world.update({ ...changeOf(world, one, two), payment_behavior: pick(BEHAVIORS, two >> 4) }),
  add: (world, one, two) =>
    world.update({
      items: [{ price: pick(world.prices, one), quantity: 1 + (two % 3) }],
      proration_behavior: pick(PRORATIONS, one >> 3),
    }),
  remove: (world, one) => {
    const { data } = world.current().items
    const item = data.length < 2 ? undefined : pick(data, one)
    return item !== undefined && world.update({ items: [{ id: item.id, deleted: true }] })
  },
  coupon: (world, one) => {
    const added = { coupon: pick(world.coupons, one) }
    return world.update({ discounts: [...world.current().discounts.map((discount) => ({ discount })), added] })
  },
  couponOfItem: (world, one, two) => {
    const item = pick(world.current().items.data, two)
    const discounts = [{ coupon: pick(world.coupons, one) }]
    return world.update({ items: [{ id: item.id, discounts }], proration_behavior: pick(PRORATIONS, two) })
  },
  uncoupon: (world) => world.update({ discounts: '' }),
  rates: (world, one) => world.update({ default_tax_rates: chosen(world.rates, one) }),
  ratesOfItem: (world, one, two) => {
    const item = pick(world.current().items.data, two)
    return world.update({ items: [{ id: item.id, tax_rates: chosen(world.rates, one) }], proration_behavior: 'none' })
  },
  automaticTax: (world, one) => world.update({ automatic_tax: { enabled: one % 2 === 0 } }),
  exempt: ({ bench, customer }, one) => {
    bench.run('customers.update', { tax_exempt: pick(['none', 'exempt', 'reverse'], one) }, customer)
    return true
  },
  balance: (world, one) => {
    const params = { amount: (one % 5500) - 4000, currency: 'usd' }
    return world.try('customer_balance_transactions.create', params, { customer: world.customer })
  },
  grant: (world, one, two) =>
    world.try('credit_grants.create', {
      customer: world.customer,
      amount: { type: 'monetary', monetary: { currency: 'usd', value: 1 + (one % 5000) } },
      applicability_config: { scope: { price_type: 'metered' } },
      category: pick(['paid', 'promotional'], two),
      ...(two % 3 > 0 && { expires_at: world.bench.now + (1 + (two % 60)) * DAY }),
    }),
  use: ({ bench, customer }, one) => {
    reportUsage(bench, customer, one % 300)
    return true
  },
  meter: (world) => world.update({ items: [{ price: world.metered }] }),
  unmeter: (world, one) => {
    const known = world.current().items.data.find(({ price }) => price.id === world.metered)
    const proration = { proration_behavior: pick(PRORATIONS, one) }
    return known !== undefined && world.update({ items: [{ id: known.id, deleted: true }], ...proration })
  },
  threshold: (world, one) =>
    world.update({
      billing_thresholds: one % 4 === 0 ? '' : { amount_gte: 100 + one, reset_billing_cycle_anchor: one % 2 === 0 },
    }),
  extra: (world, one, two) => {
    const discounts = two % 3 === 0 ? [{ coupon: pick(world.coupons, two) }] : []
    return world.try('invoiceitems.create', {
      customer: world.customer,
      amount: (one % 8000) - 4000,
      currency: 'usd',
      discountable: two % 4 !== 1,
      ...(discounts.length > 0 && { discounts }),
      ...(two % 5 === 0 && { tax_rates: [pick(world.rates, two)] }),
    })
  },
  once: (world, one) => {
    const price_data = { currency: 'usd', unit_amount: one % 3000, product_data: undefined }
    const product = world.bench.run('products.create', { name: 'Once' }).id
    return world.update({ add_invoice_items: [{ price_data: { ...price_data, product } }] })
  },
  stopCollection: (world, one) => {
    const behavior = pick(PAUSES, one)
    return world.update({ pause_collection: behavior === null ? '' : { behavior } })
  },
  pause: (world) => world.try('subscriptions.pause', {}, world.subscription),
  resume: (world, one) => {
    const anchor = { type: pick(['now', 'unchanged'], one) }
    return world.try('subscriptions.resume', { billing_cycle_anchor: anchor }, world.subscription)
  },
  trial: (world, one) => world.update({ trial_end: one % 4 === 0 ? 'now' : world.bench.now + (1 + (one % 40)) * DAY }),
  anchor: (world, one) =>
    world.update({ billing_cycle_anchor: { type: 'now' }, proration_behavior: pick(PRORATIONS, one) }),
  cancelAt: (world, one) => {
    const at = one % 4 === 0 ? '' : world.bench.now + (1 + (one % 60)) * DAY
    return world.update({ cancel_at: at })
  },
  cancelAtPeriodEnd: (world, one) => world.update({ cancel_at_period_end: one % 2 === 0 }),
  cancel: (world, one) => {
    const how = { prorate: one % 2 === 0, invoice_now: one % 3 === 0 }
    return one % 5 === 0 && world.try('subscriptions.cancel', how, world.subscription)
  },
  collection: (world, one) =>
    world.update(
      one % 2 === 0
        ? { collection_method: 'send_invoice', days_until_due: 1 + (one % 20) }
        : { collection_method: 'charge_automatically' },
    ),
  interval: (world, one) =>
    world.update({ pending_invoice_item_interval: one % 3 === 0 ? '' : { interval: 'week', interval_count: 1 } }),
  schedule: (world, one, two) => {
    const { bench, subscription } = world
    const made = bench.try<{ id: string }>('subscription_schedules.create', { from_subscription: subscription })
    if (made === undefined) return false
    const [now] = bench.get('subscription_schedules', made.id).phases
    const kept = world.current().items.data.map(({ price, quantity }) => ({ price: price.id, quantity }))
    const next = [{ price: pick(world.prices, one), quantity: 1 + (two % 5) }]
    const phases = [
      { items: kept, start_date: now?.start_date, end_date: now?.end_date },
      { items: next, duration: { interval: 'month' }, proration_behavior: pick(PRORATIONS, one >> 3) },
    ]
    const end = { end_behavior: pick(['release', 'cancel'], two >> 3) }
    return world.try('subscription_schedules.update', { phases, ...end }, made.id)
  },
  unschedule: (world) => world.try('subscription_schedules.release', {}, String(world.current().schedule)),
  finalize: (world) => world.try('invoices.finalize', {}, world.invoice('draft')?.id ?? ''),
  bill: (world, one) => {
    const pending = { pending_invoice_items_behavior: pick(['include', 'exclude'], one) }
    return world.try('invoices.create', { customer: world.customer, auto_advance: one % 3 > 0, ...pending })
  },
  pay: (world) => world.try('invoices.pay', {}, world.invoice('open')?.id ?? ''),
  payLate: (world) => world.try('invoices.pay', {}, world.invoice('uncollectible')?.id ?? ''),
  payElsewhere: (world) => world.try('invoices.pay', { paid_out_of_band: true }, world.invoice('open')?.id ?? ''),
  void: (world) => world.try('invoices.void', {}, world.invoice('open', 'uncollectible')?.id ?? ''),
  giveUp: (world) => world.try('invoices.mark_uncollectible', {}, world.invoice('open')?.id ?? ''),
  note: (world, one, two) => {
    const invoice = world.invoice('open', 'paid')
    if (invoice === undefined) return false
    const asked = { invoice: invoice.id, ...partOf(invoice, 1 + (one % 100), two) }
    const shown = world.bench.try<{ total: number }>('credit_notes.preview', asked)
    const paid = (shown?.total ?? 0) - (invoice.status === 'open' ? invoice.amount_remaining : 0)
    return world.try('credit_notes.create', { ...asked, ...(paid > 0 && { [pick(WAYS_BACK, two >> 3)]: paid }) })
  },
  unnote: (world) => world.try('credit_notes.void', {}, world.bench.all('credit_notes').at(-1)?.id ?? ''),
  refund: (world, one) => {
    const charge = world.bench.all('charges').findLast(({ paid }) => paid)
    if (charge === undefined) return false
    return world.try('refunds.create', {
      charge: charge.id,
      amount: Math.ceil((charge.amount * (1 + (one % 100))) / 100),
    })
  },
} satisfies Readonly<Record<string, Act>>

function chosen(rates: readonly string[], one: number): '' | readonly string[] {
  const some = rates.filter((_, index) => ((one >> index) & 1) === 1)
  return some.length === 0 ? '' : some
}

/** A part of an invoice: of its total, or of one of its lines. */
function partOf(invoice: ReturnType<Bench['invoice']>, percent: number, two: number): object {
  const { data } = invoice.lines
  if (two % 2 === 0 || data.length === 0) return { amount: Math.ceil((invoice.total * percent) / 100) }
  const line = pick(data, two >> 1)
  const amount = Math.trunc((line.amount * percent) / 100)
  return { lines: [{ type: 'invoice_line_item', invoice_line_item: line.id, amount }] }
}

const OFTEN: readonly (keyof typeof acts)[] = [
  'wait',
  'wait',
  'wait',
  'wait',
  'wait',
  'change',
  'card',
  'pay',
  'payLate',
  'giveUp',
  'note',
  'unnote',
  'pause',
  'resume',
  'resume',
]
// Guaranteed: they are the keys of that very table.
const names = Object.keys(acts) as (keyof typeof acts)[]

/** Every deed there is. */
export const allActs: readonly string[] = names

/** Any mix of what changes what a customer owes. */
export function moneyStories(maxLength: number): fc.Arbitrary<MoneyStory> {
  const deed = fc.record({
    act: fc.constantFrom(...OFTEN, ...names),
    one: fc.nat(9999),
    two: fc.nat(9999),
  })
  return fc.record({
    classic: fc.boolean(),
    trialDays: fc.constantFrom(0, 0, 0, 14),
    collection: fc.constantFrom(
      'charge_automatically' as const,
      'charge_automatically' as const,
      'send_invoice' as const,
    ),
    deeds: fc.array(deed, { maxLength, size: 'max' }),
  })
}

const TIERS = {
  billing_scheme: 'tiered',
  tiers_mode: 'graduated',
  tiers: [
    { up_to: 4, unit_amount_decimal: '101.5' },
    { up_to: 'inf', unit_amount: 3, flat_amount: 50 },
  ],
}

function tieredPrice(bench: Bench): string {
  const product = bench.run('products.create', { name: 'Seats' }).id
  return bench.run('prices.create', { product, currency: 'usd', recurring: { interval: 'month' }, ...TIERS }).id
}
