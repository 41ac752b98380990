import { createSimulator, type PlainCommand, type Simulator } from '@paywright/simulator'
import Stripe from 'stripe'
import type { BenchCustomer, BenchPlan } from './contestants/contract.js'
import { requestText } from './load.js'

export const SECRET_KEY = 'sk_test_bench'
export const WEBHOOK_SECRET = 'whsec_bench'

/** Stripe as it is simulated, and what happens there. */
export interface BenchWorld {
  readonly simulator: Simulator
  /** Carries out a command of the API; answers the id of what it is about. */
  run(name: string, id: string, params?: Readonly<Record<string, unknown>>): string
  /** Makes customers who have signed up at the product. */
  createCustomers(count: number): readonly BenchCustomer[]
  /** The events since the last call, oldest first. */
  newEvents(): readonly Stripe.Event[]
  subscription(id: string): Stripe.Subscription
  plans(): readonly BenchPlan[]
}

export async function createWorld(now: number): Promise<BenchWorld> {
  const simulator = await createSimulator({ now, deliveryMode: 'manual' })
  let customers = 0
  let seen = 0
  const run: BenchWorld['run'] = (name, id, params = {}) => idIn(bodyOf(simulator, { name, path: { id }, params }))
  return {
    simulator,
    run,
    createCustomers: (count) =>
      Array.from({ length: count }, () => {
        const customerId = `user_${++customers}`
        return { customerId, stripeCustomerId: run('customers.create', '', customerParams(customerId)) }
      }),
    newEvents: () => {
      const events = everyEvent(simulator, seen)
      seen += events.length
      return events
    },
    // Guaranteed by the command.
    subscription: (id) => bodyOf(simulator, { name: 'subscriptions.retrieve', path: { id } }) as Stripe.Subscription,
    plans: () => plansOf(simulator),
  }
}

/** Guaranteed for every object that has an id. */
function idIn(body: unknown): string {
  return (body as { readonly id: string }).id
}

function bodyOf({ world }: Simulator, command: PlainCommand): unknown {
  const reply = world.run(command)
  if (!reply.ok) throw new Error(`${command.name}: ${reply.error.message}`)
  return reply.body
}

function customerParams(customerId: string): Readonly<Record<string, unknown>> {
  return {
    email: `${customerId}@customer.example`,
    metadata: { paywright_customer_id: customerId },
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  }
}

/** Oldest first, without the first so many. */
function everyEvent(simulator: Simulator, skipped: number): readonly Stripe.Event[] {
  const found: Stripe.Event[] = []
  const missing = simulator.world.count('events') - skipped
  let cursor: string | undefined
  while (found.length < missing) {
    const limit = Math.min(100, missing - found.length)
    const params = { limit, ...(cursor !== undefined && { starting_after: cursor }) }
    // Guaranteed by the command.
    const { data } = bodyOf(simulator, { name: 'events.list', params }) as { readonly data: readonly Stripe.Event[] }
    found.push(...data)
    cursor = data.at(-1)?.id
  }
  return found.toReversed()
}

function plansOf(simulator: Simulator): readonly BenchPlan[] {
  const command = { name: 'prices.list', params: { limit: 100 } }
  // Guaranteed by the command.
  const { data } = bodyOf(simulator, command) as { readonly data: readonly Stripe.Price[] }
  return data.map(({ id, unit_amount: amount }) => ({
    name: amount === 2000 ? 'pro' : 'team',
    amount: amount ?? 0,
    stripePriceId: id,
  }))
}

/** A delivery as it goes over the wire, signed now. */
export function deliveryOf(event: Stripe.Event, path: string): string {
  const body = JSON.stringify(event)
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret: WEBHOOK_SECRET })
  const headers = {
    // Some skip the check of the signature where they are asked as localhost.
    host: 'app.example',
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    'content-type': 'application/json; charset=utf-8',
    'stripe-signature': signature,
  }
  return requestText(`POST ${path}`, headers, body)
}
