import type { ChosenMethod } from '../checkout-sessions/form.js'
import type { LineItem } from '../checkout-sessions/line-item.js'
import type { PageOutcome } from '../checkout-sessions/outcome.js'
import type { CheckoutSession } from '../checkout-sessions/session.js'
import type { Bench } from './bench.js'

export const URLS = { success_url: 'https://app.example/ok?id={CHECKOUT_SESSION_ID}' }
const WORKS = '4242424242424242'
export const SECURED = '4000002760003184'

export function open(bench: Bench, params: object = {}): CheckoutSession {
  const plan = { mode: 'subscription', line_items: [{ price: bench.price(), quantity: 1 }] }
  return bench.run<CheckoutSession>('checkout_sessions.create', { ...URLS, ...plan, ...params })
}

export function openOnce(bench: Bench, params: object = {}): CheckoutSession {
  const price_data = { currency: 'usd', unit_amount: 1000, product_data: { name: 'Mug' } }
  return open(bench, { mode: 'payment', line_items: [{ price_data, quantity: 2 }], ...params })
}

export function submit(bench: Bench, id: string, more: object = {}): PageOutcome {
  const card = { number: WORKS, expMonth: 12, expYear: 2030, cvc: '123' }
  const form = { email: 'ada@example.com', name: 'Ada Lovelace', country: 'GB', card, ...more }
  return bench.run<PageOutcome>('checkout_pages.submit', form, id)
}

export function payWith(bench: Bench, id: string, method: ChosenMethod): PageOutcome {
  return submit(bench, id, { card: null, method })
}

export function read(bench: Bench, id: string): CheckoutSession {
  return bench.run<CheckoutSession>('checkout_sessions.retrieve', {}, id)
}

export function itemsOf(bench: Bench, id: string): readonly LineItem[] {
  return bench.run<{ data: LineItem[] }>('checkout_sessions.line_items', {}, id).data
}

export function coupon(bench: Bench, params: object = { percent_off: 25, duration: 'forever' }): string {
  return bench.run('coupons.create', params).id
}

export function codeFor(bench: Bench, code: string, restrictions?: object): string {
  const promotion = { type: 'coupon', coupon: coupon(bench) }
  const restricted = restrictions === undefined ? {} : { restrictions }
  return bench.run('promotion_codes.create', { promotion, code, ...restricted }).id
}

export const address = {
  city: 'Berlin',
  country: 'DE',
  line1: 'Hauptstraße 1',
  line2: null,
  postal_code: '10115',
  state: null,
}
