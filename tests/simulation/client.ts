import { CUSTOMER_METADATA_KEY } from 'paywright/testing'
import type { Fleet } from './fleet.js'
import type { World } from './instance.js'
import { attachCard, changeSubscription, priceOf, PRICES } from './stripe-acts.js'

/** Who the client acts for: the app's customers, each of whom may have one Stripe customer. */
export interface Cast {
  readonly customerIds: string[]
  readonly stripeIds: Map<string, string>
}

/** Something that the client does, to Stripe or to the product, and how often it is drawn. */
const ACTIONS = {
  'make a customer': 6,
  'attach a card': 3,
  'attach a card that fails': 2,
  subscribe: 6,
  'change the quantity': 5,
  'change the price': 3,
  'cancel at the end': 2,
  'take the cancellation back': 2,
  'cancel now': 1,
  rename: 3,
  'take a card off': 1,
  'delete the customer': 0.3,
  'change the catalogue': 0.5,
  'wait some seconds': 4,
  'wait some days': 1.5,
  'ask for a sync': 1,
  'cancel through the product': 1,
  'resume through the product': 1,
} as const

type ActionName = keyof typeof ACTIONS

const DAY_MILLISECONDS = 86_400_000

/** Stripe forgets events after 30 days, so that longer jumps would lose some. */
const MOST_DAYS = 20

interface Scene {
  readonly world: World
  readonly fleet: Fleet
  readonly cast: Cast
  readonly customerId: string
  readonly stripeId: string
}

/** Does one thing that the seed draws; answers its name. What Stripe refuses, such as a declined card, has happened too. */
export async function act(world: World, fleet: Fleet, cast: Cast): Promise<string> {
  const customerId = world.random.pick(cast.customerIds)
  const stripeId = cast.stripeIds.get(customerId)
  const name = stripeId === undefined ? 'make a customer' : world.random.weighted(ACTIONS)
  if (stripeId === undefined) await makeCustomer(world, cast, customerId)
  else await allowRefusal(() => perform(name, { world, fleet, cast, customerId, stripeId }))
  return `${name} (${customerId})`
}

async function allowRefusal(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const isRefusal =
      error instanceof Error && 'type' in error && /^Stripe(Card|InvalidRequest)/.test(String(error.type))
    if (!isRefusal) throw error
  }
}

async function makeCustomer({ stripe, database }: World, { stripeIds }: Cast, customerId: string): Promise<void> {
  await database.exec('insert into users (id) values ($1::text) on conflict do nothing', [customerId])
  const email = `${customerId}@customer.example`
  const { id } = await stripe.customers.create({ email, metadata: { [CUSTOMER_METADATA_KEY]: customerId } })
  stripeIds.set(customerId, id)
  await attachCard(stripe, id, 'pm_card_visa')
}

function perform(name: ActionName, scene: Scene): Promise<unknown> {
  const { world, stripeId } = scene
  const { stripe, random, scheduler } = world
  switch (name) {
    case 'make a customer':
    case 'rename':
      return stripe.customers.update(stripeId, { name: `Name ${random.between(1, 9)}` })
    case 'attach a card':
      return attachCard(stripe, stripeId, random.pick(['pm_card_visa', 'pm_card_mastercard']))
    case 'attach a card that fails':
      return attachCard(stripe, stripeId, 'pm_card_chargeCustomerFail')
    case 'subscribe':
    case 'change the quantity':
    case 'change the price':
    case 'cancel at the end':
    case 'take the cancellation back':
    case 'cancel now':
      return changeSubscription(stripe, stripeId, {
        name,
        drawPrice: () => priceOf(stripe, random.pick(PRICES)),
        drawQuantity: () => random.between(1, 5),
      })
    case 'take a card off':
      return takeCardOff(scene)
    case 'delete the customer':
      return deleteCustomer(scene)
    case 'change the catalogue':
      return changeCatalogue(world)
    case 'wait some seconds':
      return scheduler.passTime(random.pick([1000, 2000, 5000, 61_000, 400_000, 3_700_000]))
    case 'wait some days':
      return scheduler.passTime(random.between(1, MOST_DAYS) * DAY_MILLISECONDS)
    case 'ask for a sync':
    case 'cancel through the product':
    case 'resume through the product':
      return askProduct(name, scene)
    default:
      return name satisfies never
  }
}

async function takeCardOff({ world: { stripe, random }, stripeId }: Scene): Promise<void> {
  const { data } = await stripe.customers.listPaymentMethods(stripeId)
  if (data.length > 0) await stripe.paymentMethods.detach(random.pick(data).id)
}

/** In the place of a customer who left comes another. */
async function deleteCustomer({ world, cast, customerId, stripeId }: Scene): Promise<void> {
  await world.stripe.customers.del(stripeId)
  cast.customerIds.splice(cast.customerIds.indexOf(customerId), 1, `${customerId}.next`)
}

async function changeCatalogue({ stripe, random }: World): Promise<void> {
  const { data } = await stripe.products.list({ limit: 100 })
  await stripe.products.update(random.pick(data).id, { metadata: { note: String(random.between(1, 99)) } })
}

/** Asks a process of the product and does not wait: it may refuse, fail, or die before it has answered. */
function askProduct(
  name: Extract<ActionName, 'ask for a sync' | `${string} through the product`>,
  { fleet, customerId }: Scene,
): Promise<void> {
  const instance = fleet.pick()
  if (instance === null) return Promise.resolve()
  const { billing } = instance.app
  const verbs = {
    'ask for a sync': billing.sync,
    'cancel through the product': billing.subscriptions.cancel,
    'resume through the product': billing.subscriptions.resume,
  }
  // What became of it, the auditor reads from Stripe.
  const outcome = verbs[name]({ customerId }).then(
    () => 'success',
    (error: unknown) => {
      if (error instanceof Error && error.name === 'BillingError') return 'refused or unknown'
      throw error
    },
  )
  void Promise.race([outcome, instance.death])
  return Promise.resolve()
}
