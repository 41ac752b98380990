import type { Simulator } from '@paywright/simulator'
import type { ErrorJson } from '../http/state-json.js'
import type { TestBilling } from './test-billing.js'

const GOOD_CARD = '4242424242424242'

/** What the customer does on Stripe's checkout page: types a card and presses the button. */
export function payCheckout(simulator: Simulator, stripeSessionId: string, number = GOOD_CARD): void {
  const card = { number, expMonth: 12, expYear: 2040, cvc: '123' }
  const params = { email: 'ada@customer.example', name: 'Ada', country: 'US', card }
  const reply = simulator.world.run({ name: 'checkout_pages.submit', path: { id: stripeSessionId }, params })
  const isPaid = reply.ok && JSON.stringify(reply.body) === '{"status":"succeeded"}'
  if (!isPaid) throw new Error(`The checkout page answered ${JSON.stringify(reply)}.`)
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
  wish: { readonly plan?: string; readonly interval?: string } = {},
): Promise<string> {
  const { plan = 'pro', interval = 'month' } = wish
  const stripeSessionId = sessionIdOf(await openCheckoutPage(test, as, { plan, interval }))
  payCheckout(test.simulator, stripeSessionId)
  await test.ask(`/return?session_id=${stripeSessionId}`, { as })
  return stripeSessionId
}

/** Puts a card in the place of the customer's own that can be stored, and fails when it is charged. */
export async function useFailingCard({ stripe }: TestBilling, stripeCustomerId: string): Promise<void> {
  const card = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: stripeCustomerId })
  const { data } = await stripe.subscriptions.list({ customer: stripeCustomerId })
  for (const { id } of data) await stripe.subscriptions.update(id, { default_payment_method: card.id })
}

/** What a route answered that refused. */
export async function errorOf(response: Response): Promise<{ status: number; code: string; text: string }> {
  const { error } = (await response.json()) as ErrorJson
  return { status: response.status, code: error.code, text: `${error.message} ${error.hint}` }
}
