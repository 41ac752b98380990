import type { Database } from 'paywright'
import { CUSTOMER_METADATA_KEY } from 'paywright/testing'
import type Stripe from 'stripe'
import type { Random } from '../simulation/random.js'
import { attachCard, changeSubscription, priceOf, PRICES } from '../simulation/stripe-acts.js'

/** What happens at Stripe, as fast as it answers: customers come, buy, change their minds and go. */
export interface Client {
  /** Acts until it is told that it is enough. */
  play(isEnough: (done: number) => boolean): Promise<void>
  done(): number
  /** Changes something about a customer, so that whoever writes what was read before is found out. */
  touch(stripeCustomerId: string): Promise<void>
}

export interface ClientParts {
  readonly stripe: Stripe
  readonly database: Database
  /** One for each of those who act at the same time, each with customers of their own. */
  readonly randoms: readonly Random[]
  readonly customersEach: number
  /** Resolves when what happened so far has been taken in, but for a little: the simulator is faster than any product. */
  readonly hasRoom: () => Promise<void>
}

const ACTIONS = {
  rename: 3,
  'change the quantity': 5,
  'change the price': 3,
  'cancel at the end': 3,
  'take the cancellation back': 3,
  'cancel now': 1,
  'change the card': 1,
} as const

export async function createClient(parts: ClientParts): Promise<Client> {
  const { stripe, database, randoms, customersEach, hasRoom } = parts
  const prices = await Promise.all(PRICES.map((key) => priceOf(stripe, key)))
  let done = 0
  let touches = 0
  const playLane = async (lane: Lane, isEnough: (done: number) => boolean): Promise<void> => {
    while (!isEnough(done)) {
      await hasRoom()
      await act(lane)
      done += 1
    }
  }
  const names = randoms.map((_random, index) => `lane${index + 1}`)
  // All at once and before anything goes wrong with the database, because nobody repeats it.
  for (const name of names) await addUsers(database, name, customersEach)
  const lanes = randoms.map((random, index): Lane => ({
    name: names[index] ?? '',
    random,
    stripe,
    prices,
    customers: [],
    most: customersEach,
  }))
  return {
    play: async (isEnough) => void (await Promise.all(lanes.map((lane) => playLane(lane, isEnough)))),
    done: () => done,
    touch: async (id) => {
      touches += 1
      await stripe.customers.update(id, { name: `Touched ${touches}` })
    },
  }
}

interface Lane {
  readonly name: string
  readonly random: Random
  readonly stripe: Stripe
  readonly prices: readonly string[]
  readonly customers: string[]
  readonly most: number
}

async function act(lane: Lane): Promise<void> {
  const { random, customers, most } = lane
  // A third of what is done makes another customer until there are enough.
  if (customers.length === 0 || (customers.length < most && random.chance(0.3))) {
    customers.push(await makeCustomer(lane))
    return
  }
  await change(lane, random.pick(customers))
}

async function addUsers(database: Database, lane: string, count: number): Promise<void> {
  await database.exec(
    `insert into users (id) select $1::text || '.' || number from generate_series(1, $2::integer) as number`,
    [lane, count],
  )
}

async function makeCustomer({ name, customers, stripe }: Lane): Promise<string> {
  const customerId = `${name}.${customers.length + 1}`
  const email = `${customerId}@customer.example`
  const { id } = await stripe.customers.create({ email, metadata: { [CUSTOMER_METADATA_KEY]: customerId } })
  await attachCard(stripe, id, 'pm_card_visa')
  return id
}

/** Who has no subscription buys one; whatever was drawn happens to the one that there is. */
async function change({ random, stripe, prices }: Lane, customer: string): Promise<unknown> {
  const name = random.weighted(ACTIONS)
  if (name === 'rename') return stripe.customers.update(customer, { name: `Name ${random.between(1, 99)}` })
  if (name === 'change the card') return attachCard(stripe, customer, 'pm_card_mastercard')
  const drawQuantity = (): number => random.between(1, 9)
  return changeSubscription(stripe, customer, { name, drawPrice: () => random.pick(prices), drawQuantity })
}
