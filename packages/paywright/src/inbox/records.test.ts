import { createSimulator, type Simulator } from '@paywright/simulator'
import type Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { StripeGateway } from '../engine/ports.js'
import type { Database } from '../store/database.js'
import { compareWithStripe } from '../testing/compare-with-stripe.js'
import { memoryDatabase } from '../testing/database.js'
import { createStripeStory, type StripeStory } from '../testing/stripe-story.js'
import { createTestBilling, type TestBilling } from '../testing/test-billing.js'

let simulator: Simulator
let database: Database
let app: TestBilling
let story: StripeStory
let wholeReads = 0

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000, deliveryMode: 'manual' })
  database = await memoryDatabase()
  const wrapGateway = (gateway: StripeGateway): StripeGateway => ({
    ...gateway,
    readCustomer: (id, depth) => {
      wholeReads += 1
      return gateway.readCustomer(id, depth)
    },
  })
  app = createTestBilling({ simulator, database, seams: { wrapGateway } })
  await app.billing.catalog.push()
  story = createStripeStory(app.stripe)
})
beforeEach(() => story.takeEvents())
afterAll(async () => {
  await database.close()
  await simulator.close()
})

test.each([
  ['in order', (events: readonly Stripe.Event[]) => events],
  ['backwards', (events: readonly Stripe.Event[]) => events.toReversed()],
  ['each twice', (events: readonly Stripe.Event[]) => events.flatMap((event) => [event, event])],
])('every kind of record follows its webhooks, %s', async (name, arrange) => {
  const customer = await everything(app.stripe, simulator, name.replaceAll(' ', '-'))
  for (const event of arrange(await story.takeEvents())) expect((await app.deliver(event)).status).toBe(200)
  await settle()
  await expectInSync(customer)
})

test('all kinds are found by a sync that is asked for, where no webhook came', async () => {
  const customer = await everything(app.stripe, simulator, 'unheard')
  await story.takeEvents()
  await app.billing.backfill()
  await settle()
  await expectInSync(customer)
  const { drift } = await app.billing.reconcile()
  expect(drift).toEqual({})
})

test('a payment of a customer who is known costs no read of the customer, and none after it, either', async () => {
  const { stripeCustomerId: customer } = await known('ada')
  await pay(app.stripe, customer, 'pm_card_visa')
  wholeReads = 0
  for (const event of await story.takeEvents()) await app.deliver(event)
  await simulator.clock.advance(60)
  const [charge] = (await app.stripe.charges.list({ customer })).data
  await app.stripe.refunds.create({ charge: charge?.id ?? '' })
  await simulator.clock.advance(60)
  for (const event of await story.takeEvents()) await app.deliver(event)
  expect(wholeReads).toBe(0)
  await expectInSync(customer)
})

test('what was deleted is not brought back by an event that comes late', async () => {
  const { stripeCustomerId: customer } = await known('grace')
  const { id } = await app.stripe.customers.createTaxId(customer, { type: 'eu_vat', value: 'DE123456789' })
  await simulator.clock.advance(60)
  const late = await story.takeEvents()
  await app.stripe.customers.deleteTaxId(customer, id)
  for (const event of [...(await story.takeEvents()), ...late]) await app.deliver(event)
  await settle()
  const [row] = await database.exec(
    'select deleted_at is not null as is_gone from paywright.tax_ids where stripe_tax_id = $1::text',
    [id],
  )
  expect(row).toEqual({ is_gone: true })
  await expectInSync(customer)
})

test('what was deleted before all kinds were read is not brought back, either, though it was never seen', async () => {
  const { stripeCustomerId: customer, customerId } = await known('barbara')
  const { id } = await app.stripe.customers.createTaxId(customer, { type: 'eu_vat', value: 'DE123456789' })
  const late = await story.takeEvents()
  await app.stripe.customers.deleteTaxId(customer, id)
  await simulator.clock.advance(60)
  await app.billing.sync({ customerId })
  await simulator.clock.advance(60)
  await app.ask('/return?from=portal', { as: customerId })
  for (const event of late) await app.deliver(event)
  await expectInSync(customer)
})

test('that a charge is disputed is seen, though only the dispute has an event', async () => {
  const { stripeCustomerId: customer } = await known('edsger')
  await pay(app.stripe, customer, 'pm_card_createDispute')
  const events = await story.takeEvents()
  const disputes = events.filter(({ type }) => type.startsWith('charge.dispute.'))
  expect(disputes).toHaveLength(2)
  for (const event of events.filter((it) => !disputes.includes(it))) await app.deliver(event)
  await database.exec(
    `update paywright.charges set object = jsonb_set(object, '{disputed}', 'false') where stripe_customer_id = $1::text`,
    [customer],
  )
  for (const event of disputes) await app.deliver(event)
  await settle()
  await expectInSync(customer)
})

test('where very many receipts wait, what they say of records is read', async () => {
  const { stripeCustomerId: customer } = await known('linus')
  await pay(app.stripe, customer, 'pm_card_visa')
  const [event] = (await story.takeEvents()).filter(({ type }) => type === 'payment_intent.succeeded')
  if (event === undefined) throw new Error('Nothing was paid.')
  // Another process has it in hand while they come.
  await database.exec(
    `update paywright.subjects set lease_token = 'other', due_at = to_timestamp($2::bigint)
    where subject = $1::text`,
    [customer, simulator.clock.now() + 60],
  )
  const copies = Array.from({ length: 101 }, (_none, index) => ({ ...event, id: `${event.id}${index}` }))
  for (const copy of copies) await app.deliver(copy)
  await simulator.clock.advance(120)
  await settle()
  await expectInSync(customer)
})

async function known(customerId: string) {
  const subscriber = await story.subscribe(customerId)
  for (const event of await story.takeEvents()) await app.deliver(event)
  await settle()
  await simulator.clock.advance(60)
  for (const event of await story.takeEvents()) await app.deliver(event)
  return subscriber
}

async function pay(stripe: Stripe, customer: string, card: string): Promise<void> {
  const { id } = await stripe.paymentMethods.attach(card, { customer })
  const payment = { customer, amount: 700, currency: 'usd', payment_method: id }
  await stripe.paymentIntents.create({ ...payment, confirm: true, off_session: true })
}

/** A customer who has something of every kind, some of it in one second. */
async function everything(stripe: Stripe, { clock }: Simulator, name: string): Promise<string> {
  const feature = await stripe.entitlements.features.create({ name, lookup_key: name })
  const { id: product } = await stripe.products.create({ name })
  await stripe.products.createFeature(product, { entitlement_feature: feature.id })
  const { id: price } = await stripe.prices.create({
    product,
    unit_amount: 2000,
    currency: 'usd',
    recurring: { interval: 'month' },
  })
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'repeating', duration_in_months: 3 })
  await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: name })
  await stripe.billing.meters.create({ display_name: name, event_name: name, default_aggregation: { formula: 'sum' } })
  const { id: customer } = await stripe.customers.create({ email: `${name}@customer.example` })
  const taxId = await stripe.customers.createTaxId(customer, { type: 'eu_vat', value: 'DE123456789' })
  await stripe.customers.createTaxId(customer, { type: 'eu_vat', value: 'DE987654321' })
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer })
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: card.id } })
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price }],
    discounts: [{ coupon: coupon.id }],
  })
  await clock.advance(5)
  const [charge] = (await stripe.charges.list({ customer })).data
  await stripe.refunds.create({ charge: charge?.id ?? '', amount: 500 })
  const [invoice] = (await stripe.invoices.list({ customer })).data
  const note = await stripe.creditNotes.create({ invoice: invoice?.id ?? '', amount: 300, refund_amount: 300 })
  await clock.advance(5)
  await pay(stripe, customer, 'pm_card_createDispute')
  await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  const { id: page } = await stripe.checkout.sessions.create({
    customer,
    mode: 'subscription',
    line_items: [{ price, quantity: 1 }],
    success_url: 'https://app.example/',
  })
  await stripe.checkout.sessions.expire(page)
  await stripe.customers.deleteTaxId(customer, taxId.id)
  await stripe.paymentMethods.detach(card.id)
  await clock.advance(60)
  expect(note.status).toBe('issued')
  return customer
}

async function settle(): Promise<void> {
  let isDrained = false
  while (!isDrained) ({ isDrained } = await app.billing.work())
}

async function expectInSync(stripeCustomerId: string): Promise<void> {
  expect(await compareWithStripe(database, app.stripe, { stripeCustomerIds: [stripeCustomerId] })).toEqual([])
}
