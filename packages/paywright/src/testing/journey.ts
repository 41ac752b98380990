import type { Simulator } from '@paywright/simulator'
import type { TestBilling } from './test-billing.js'

/** The card numbers of Stripe's documentation that the tests use. */
export const CARDS = {
  good: '4242424242424242',
  declined: '4000000000000002',
  failsLater: '4000000000000341',
} as const

/** What the customer does on Stripe's checkout page: types a card and presses the button. */
export function payCheckout(simulator: Simulator, stripeSessionId: string, number: string = CARDS.good): void {
  const card = { number, expMonth: 12, expYear: 2040, cvc: '123' }
  const params = { email: 'ada@customer.example', name: 'Ada', country: 'US', card }
  const reply = simulator.world.run({ name: 'checkout_pages.submit', path: { id: stripeSessionId }, params })
  if (!reply.ok) throw new Error(`The checkout page answered ${JSON.stringify(reply)}.`)
}

/** The id that stands in the address of a checkout page. */
export function sessionIdOf(url: string): string {
  const [id] = /cs_\w+/.exec(url) ?? []
  if (id === undefined) throw new Error(`There is no session in ${url}.`)
  return id
}

/** Asks for a checkout page and answers its address. */
export async function openCheckoutPage(
  { ask }: TestBilling,
  as: string,
  body: Readonly<Record<string, unknown>> = { plan: 'pro', interval: 'month' },
): Promise<string> {
  const response = await ask('/checkout', { as, body })
  const answer: unknown = await response.json()
  if (typeof answer === 'object' && answer !== null && 'url' in answer) return String(answer.url)
  throw new Error(`POST /checkout answered ${response.status}: ${JSON.stringify(answer)}`)
}

/** Subscribes a customer the way a browser does: checkout, paying, the way back. Answers the session's id. */
export async function subscribe(
  test: TestBilling,
  as: string,
  wish: { readonly plan?: string; readonly interval?: string; readonly card?: string } = {},
): Promise<string> {
  const { plan = 'pro', interval = 'month', card = CARDS.good } = wish
  const stripeSessionId = sessionIdOf(await openCheckoutPage(test, as, { plan, interval }))
  payCheckout(test.simulator, stripeSessionId, card)
  await test.ask(`/return?session_id=${stripeSessionId}`, { as })
  return stripeSessionId
}
