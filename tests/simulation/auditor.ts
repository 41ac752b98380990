import type { Effect } from 'paywright'
import { compareWithStripe, CUSTOMER_METADATA_KEY } from 'paywright/testing'
import type Stripe from 'stripe'
import { auditAccessEffects, auditPaymentEffects, auditSubscriptionEffects, type EffectStory } from './audit-effects.js'
import { USERS_TABLE, type World } from './instance.js'
import type { Network } from './network.js'

/** Compares all that Stripe says with all that the product was given; answers what is wrong, one sentence each. */
export async function audit(world: World, network: Network): Promise<readonly string[]> {
  const { database, stripe } = world
  const differences = await compareWithStripe(database, stripe, { usersTable: USERS_TABLE })
  const customers = await stripe.customers.list({ limit: 100 })
  const outbox = await readOutbox(world)
  const ids = [...new Set([...customers.data.map(({ id }) => id), ...outbox.map(({ subject }) => subject)])]
  const complaints: string[] = []
  for (const id of ids) complaints.push(...(await auditCustomer({ world, network, outbox }, id)))
  return [
    ...differences.map(
      ({ object, field, ours, stripe: theirs }) =>
        `${object}.${field} is ${JSON.stringify(ours)}, and Stripe says ${JSON.stringify(theirs)}.`,
    ),
    ...(await auditReceipts(world, network)),
    ...auditTold(world, outbox),
    ...complaints,
  ]
}

interface OutboxEntry {
  readonly subject: string
  readonly topic: string
  readonly key: string
  readonly body: string
}

/** By subject, in the order in which it is told. */
async function readOutbox({ database }: World): Promise<readonly OutboxEntry[]> {
  const rows = await database.exec(
    'select subject, topic, key, body::text as body from paywright.outbox order by subject, number',
    [],
  )
  return rows.map((row) => ({
    subject: String(row['subject']),
    topic: String(row['topic']),
    key: String(row['key']),
    body: String(row['body']),
  }))
}

/** What the product mirrors. Of other events those that never came are not looked for. */
const MIRRORED = /^(?:customer|invoice|payment_method|product|price)\./

/** Every event was stored once, and is done. */
async function auditReceipts({ database }: World, network: Network): Promise<readonly string[]> {
  const rows = await database.exec(
    'select event_id, processed_at is not null as is_processed from paywright.receipts',
    [],
  )
  const stored = new Set(rows.map((row) => row['event_id']))
  return [
    ...network
      .history()
      .flatMap(({ id, type }) => (stored.has(id) || !MIRRORED.test(type) ? [] : [`${type} ${id} is lost.`])),
    ...rows.flatMap((row) => (row['is_processed'] === true ? [] : [`${String(row['event_id'])} was never processed.`])),
    ...(rows.length === stored.size ? [] : ['An event was stored twice.']),
  ]
}

/** All that stands in the outbox was told, in its order, and nothing else. */
function auditTold({ told }: World, outbox: readonly OutboxEntry[]): readonly string[] {
  const keys = { effect: told.effects.map(({ key }) => key), mail: told.mails.map(({ key }) => key) }
  const known = new Set(outbox.map(({ key }) => key))
  const missing = outbox.filter(({ topic, key }) => !(topic === 'mail' ? keys.mail : keys.effect).includes(key))
  const strange = [...keys.effect, ...keys.mail].filter((key) => !known.has(key))
  return [
    ...missing.map(({ key }) => `${key} stands in the outbox and was not told.`),
    ...strange.map((key) => `${key} was told and does not stand in the outbox.`),
    ...outOfOrder(
      outbox.filter(({ topic }) => topic === 'effect'),
      keys.effect,
    ),
  ]
}

function outOfOrder(outbox: readonly OutboxEntry[], told: readonly string[]): readonly string[] {
  return outbox.flatMap((entry, index) => {
    const previous = outbox[index - 1]
    if (previous === undefined || previous.subject !== entry.subject) return []
    if (told.indexOf(previous.key) < told.indexOf(entry.key)) return []
    return [`${entry.key} was told before ${previous.key}.`]
  })
}

interface Evidence {
  readonly world: World
  readonly network: Network
  readonly outbox: readonly OutboxEntry[]
}

async function auditCustomer({ world, network, outbox }: Evidence, id: string): Promise<readonly string[]> {
  const { stripe } = world
  const isDeleted = (await stripe.customers.retrieve(id)).deleted === true
  const story: EffectStory = {
    stripeCustomerId: id,
    history: network.history(),
    isDeleted,
    effects: outbox.filter(({ subject, topic }) => subject === id && topic === 'effect').map(effectIn),
  }
  const invoices = isDeleted ? [] : await stripe.invoices.list({ customer: id, limit: 100 }).autoPagingToArray(ALL)
  const stored = await storedAccess(world, id)
  return [
    ...auditSubscriptionEffects(story),
    ...auditPaymentEffects(story, invoices),
    ...(stored === null ? [`${id} is not stored.`] : auditAccessEffects(story, stored)),
    ...(stored === null || isDeleted ? [] : await auditAccess(world, id)),
  ]
}

const ALL = { limit: 1000 }

/** Guaranteed by the outbox: the body of an effect is the effect. */
function effectIn({ body }: OutboxEntry): Effect {
  return JSON.parse(body) as Effect
}

async function storedAccess(
  { database }: World,
  id: string,
): Promise<{ plan: string | null; reason: string | null } | null> {
  const [row] = await database.exec(
    'select access_plan, access_reason from paywright.stripe_customers where stripe_customer_id = $1::text',
    [id],
  )
  if (row === undefined) return null
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return { plan: text(row['access_plan']), reason: text(row['access_reason']) }
}

/** What Stripe's subscriptions are worth, written from Stripe's reference and not from the code that decides it. */
async function auditAccess({ stripe, observer }: World, id: string): Promise<readonly string[]> {
  const customer = await stripe.customers.retrieve(id)
  const customerId = customer.deleted === true ? undefined : customer.metadata[CUSTOMER_METADATA_KEY]
  if (customerId === undefined) return [`${id} does not say which customer of the app it is.`]
  const { plan } = await observer.billing.access(customerId)
  const { data } = await stripe.subscriptions.list({ customer: id, status: 'all', limit: 100 })
  const certain = plansOf(data.filter(({ status }) => status === 'active' || status === 'trialing'))
  // During `past_due` it depends on when the grace period began, which only we keep.
  const possible = [...certain, ...plansOf(data.filter(({ status }) => status === 'past_due'))]
  const isRight = plan === 'free' ? certain.length === 0 : plan !== null && possible.includes(plan)
  return isRight ? [] : [`${id} has the plan ${plan}, and has paid for ${possible.join(', ') || 'none'}.`]
}

function plansOf(subscriptions: readonly Stripe.Subscription[]): readonly string[] {
  return subscriptions.flatMap(({ items }) => items.data.map(({ price }) => price.metadata['paywright_plan'] ?? 'free'))
}
