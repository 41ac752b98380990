import { expect, test } from 'vitest'
import { Bench, DAY, HOUR, START } from '../testing/bench.js'
import { SECURED, coupon, open, openOnce, payWith, read, submit } from '../testing/checkout.js'

test('a debit completes the session unpaid, and the bank’s answer is told later', () => {
  const bench = new Bench({ debitDelay: HOUR })
  const euro = { currency: 'eur', unit_amount: 1000, product_data: { name: 'Mug' } }
  const params = {
    line_items: [{ price_data: euro, quantity: 1 }],
    allowed_payment_method_types: ['card', 'sepa_debit'],
  }
  const good = openOnce(bench, params).id
  const bad = openOnce(bench, params).id
  expect(read(bench, good).payment_method_types).toEqual(['card', 'sepa_debit'])
  bench.takeEvents()
  payWith(bench, good, { kind: 'sepa_debit', iban: 'AT611904300234573201' })
  expect(bench.takeEvents()).toContain('checkout.session.completed')
  expect(read(bench, good)).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
  payWith(bench, bad, { kind: 'sepa_debit', iban: 'AT861904300235473202' })
  bench.takeEvents()
  bench.advanceTo(START + DAY)
  const events = bench.takeEvents()
  expect(events).toContain('checkout.session.async_payment_succeeded')
  expect(events).toContain('checkout.session.async_payment_failed')
  expect(read(bench, good).payment_status).toBe('paid')
  expect(read(bench, bad)).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
})

test.each([
  ['pays', 'AT611904300234573201', { status: 'paid' }, 'active'],
  ['refuses', 'AT861904300235473202', { status: 'void' }, 'active'],
])('a subscription runs while the bank works at its debit, which it then %s', (_how, iban, invoice, status) => {
  const bench = new Bench({ debitDelay: HOUR })
  const line_items = [{ price: bench.price({ currency: 'eur' }), quantity: 1 }]
  const { id } = open(bench, { line_items, allowed_payment_method_types: ['sepa_debit'] })
  payWith(bench, id, { kind: 'sepa_debit', iban })
  const session = read(bench, id)
  expect(session).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
  expect(bench.subscription(String(session.subscription)).status).toBe('active')
  expect(bench.invoice(session.invoice)).toMatchObject({ status: 'open' })
  bench.advanceTo(START + 2 * HOUR)
  expect(bench.invoice(session.invoice)).toMatchObject(invoice)
  expect(bench.subscription(String(session.subscription)).status).toBe(status)
})

test('a way to pay that is not offered is refused', () => {
  const bench = new Bench()
  const { id } = openOnce(bench)
  const method = { kind: 'us_bank_account', account: '000123456789' }
  const form = { email: 'a@b.co', name: null, country: null, card: null, method }
  expect(bench.fail('checkout_pages.submit', form, id).message).toContain('not offered')
})

test('money that is only set aside completes the session unpaid, and taking it pays', () => {
  const bench = new Bench()
  const { id } = openOnce(bench, { payment_intent_data: { capture_method: 'manual' } })
  submit(bench, id)
  const { payment_intent: intent, ...session } = read(bench, id)
  expect(session).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
  bench.takeEvents()
  bench.run('payment_intents.capture', {}, String(intent))
  expect(read(bench, id).payment_status).toBe('paid')
  expect(bench.takeEvents()).not.toContain('checkout.session.async_payment_succeeded')
})

test('an invoice over a one-time debit is paid when the bank has answered', () => {
  const bench = new Bench({ debitDelay: HOUR })
  const euro = { currency: 'eur', unit_amount: 1000, product_data: { name: 'Mug' } }
  const { id } = openOnce(bench, {
    line_items: [{ price_data: euro, quantity: 1 }],
    allowed_payment_method_types: ['sepa_debit'],
    invoice_creation: { enabled: true },
  })
  payWith(bench, id, { kind: 'sepa_debit', iban: 'DE89370400440532013000' })
  const { invoice } = read(bench, id)
  expect(bench.invoice(invoice).status).toBe('open')
  bench.advanceTo(START + 2 * HOUR)
  expect(bench.invoice(invoice)).toMatchObject({ status: 'paid', amount_paid: 1000 })
})

test('with 3-D Secure a coupon is redeemed once, when the payment has worked', () => {
  const bench = new Bench()
  const half = coupon(bench, { percent_off: 50, duration: 'once', max_redemptions: 1 })
  const { id } = open(bench, { discounts: [{ coupon: half }] })
  submit(bench, id, { card: { number: SECURED, expMonth: 12, expYear: 2030, cvc: '123' } })
  expect(bench.get('coupons', half).times_redeemed).toBe(0)
  bench.run('authentication_pages.answer', { outcome: 'succeeded' }, bench.all('payment_intents')[0]?.id)
  expect(bench.get('coupons', half).times_redeemed).toBe(1)
  expect(bench.invoice(read(bench, id).invoice)).toMatchObject({ total: 1000, amount_paid: 1000 })
})

test('a customer sees the cards again that they agreed to keep', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const saved_payment_method_options = { payment_method_save: 'enabled' }
  const first = openOnce(bench, { customer, saved_payment_method_options })
  submit(bench, first.id, { saves: true })
  const [card] = bench.all('payment_methods')
  expect(card).toMatchObject({ customer, allow_redisplay: 'always' })
  const second = openOnce(bench, { customer })
  expect(payWith(bench, second.id, { kind: 'saved', id: card?.id ?? '' })).toEqual({ status: 'succeeded' })
  expect(bench.all('payment_methods')).toHaveLength(1)
})

test('a card of somebody else is refused', () => {
  const bench = new Bench()
  const other = bench.giveCard(bench.customer(null), 'pm_card_visa')
  const { id } = openOnce(bench, { customer: bench.customer(null) })
  const form = { email: 'a@b.co', name: null, country: null, card: null, method: { kind: 'saved', id: other } }
  expect(bench.fail('checkout_pages.submit', form, id).message).toContain('no longer there')
})
