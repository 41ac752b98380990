import type { Effect } from 'paywright'
import { compareWithStripe } from 'paywright/testing'
import {
  auditAccessEffects,
  auditPaymentEffects,
  auditSubscriptionEffects,
  type EffectStory,
} from '../simulation/audit-effects.js'
import type Stripe from 'stripe'
import { eventsOf } from './converge.js'
import { USERS_TABLE } from './messages.js'
import type { Stage } from './stage.js'

/** What was found at the end of a run; all is well where nothing was lost and there is no complaint. */
export interface Audit {
  readonly acknowledged: number
  /** Events that were answered with a 2xx and are not in our database. */
  readonly lost: number
  /** Rows and columns that are not what Stripe says. */
  readonly wrongRows: number
  readonly effects: number
  /** What is wrong, one sentence each. */
  readonly complaints: readonly string[]
}

export async function audit(stage: Stage): Promise<Audit> {
  const differences = await compareWithStripe(stage.database, stage.stripe, { usersTable: USERS_TABLE })
  const outbox = await readOutbox(stage)
  const receipts = await auditReceipts(stage)
  const complaints = [
    ...differences.map(
      ({ object, field, ours, stripe: theirs }) =>
        `${object}.${field} is ${JSON.stringify(ours)}, and Stripe says ${JSON.stringify(theirs)}.`,
    ),
    ...receipts.complaints,
    ...auditConsumer(stage, outbox),
    ...(await auditEffects(stage, outbox)),
  ]
  return {
    acknowledged: stage.balancer.acknowledged.size,
    lost: receipts.lost,
    wrongRows: differences.length,
    effects: outbox.length,
    complaints,
  }
}

interface Told {
  readonly subject: string
  readonly key: string
  readonly effect: Effect
}

/** By subject, in the order in which it was to be told. */
async function readOutbox({ database }: Stage): Promise<readonly Told[]> {
  const rows = await database.exec(
    `select subject, key, body::text as body from paywright.outbox where topic = 'effect' order by subject, number`,
    [],
  )
  return rows.map((row) => ({
    subject: String(row['subject']),
    key: String(row['key']),
    effect: effectIn(String(row['body'])),
  }))
}

/** Guaranteed by the outbox: the body of an effect is the effect. */
function effectIn(body: string): Effect {
  return JSON.parse(body) as Effect
}

async function auditReceipts(stage: Stage): Promise<{ lost: number; complaints: readonly string[] }> {
  const rows = await stage.database.exec(
    'select event_id, processed_at is not null as is_processed from paywright.receipts',
    [],
  )
  const stored = new Set(rows.map((row) => String(row['event_id'])))
  const lost = [...stage.balancer.acknowledged].filter((id) => !stored.has(id))
  return {
    lost: lost.length,
    complaints: [
      ...lost.map((id) => `${id} was acknowledged, and is lost.`),
      ...eventsOf(stage).flatMap((id) => (stored.has(id) ? [] : [`${id} was sent, and is not stored.`])),
      ...rows.flatMap((row) => (row['is_processed'] === true ? [] : [`${String(row['event_id'])} is not processed.`])),
      ...(rows.length === stored.size ? [] : ['An event is stored twice.']),
    ],
  }
}

/** The consumer has acted on each key of the outbox once, on nothing else, and for each customer in the order given. */
function auditConsumer({ consumer }: Stage, outbox: readonly Told[]): readonly string[] {
  const { acted } = consumer
  const places = new Map(acted.map((key, place) => [key, place]))
  const keys = new Set(outbox.map(({ key }) => key))
  const outOfOrder = outbox.filter(({ subject, key }, index) => {
    const previous = outbox[index - 1]
    return previous?.subject === subject && (places.get(previous.key) ?? 0) > (places.get(key) ?? 0)
  })
  return [
    ...(keys.size === outbox.length ? [] : ['A key stands in the outbox twice.']),
    ...outbox.flatMap(({ key }) => (places.has(key) ? [] : [`${key} was told to nobody.`])),
    ...acted.flatMap((key) => (keys.has(key) ? [] : [`${key} was told, and does not stand in the outbox.`])),
    ...outOfOrder.map(({ key }) => `${key} was told before the one in front of it.`),
  ]
}

const ALL = { limit: 10_000 }

/** The effects of each customer are those that Stripe's history implies, without a gap, a step back or a repetition. */
async function auditEffects({ stripe, database }: Stage, outbox: readonly Told[]): Promise<readonly string[]> {
  const events = await stripe.events.list({ limit: 100 }).autoPagingToArray(ALL)
  const history = events.toReversed()
  const customers = await stripe.customers.list({ limit: 100 }).autoPagingToArray(ALL)
  const complaints: string[] = []
  for (const { id } of customers) {
    const effects = outbox.flatMap(({ subject, effect }) => (subject === id ? [effect] : []))
    const story: EffectStory = { stripeCustomerId: id, history, effects, isDeleted: false }
    const invoices: readonly Stripe.Invoice[] = await stripe.invoices
      .list({ customer: id, limit: 100 })
      .autoPagingToArray(ALL)
    const [stored] = await database.exec(
      'select access_plan, access_reason from paywright.stripe_customers where stripe_customer_id = $1::text',
      [id],
    )
    const access = { plan: textIn(stored?.['access_plan']), reason: textIn(stored?.['access_reason']) }
    complaints.push(
      ...auditSubscriptionEffects(story),
      ...auditPaymentEffects(story, invoices),
      ...auditAccessEffects(story, access),
    )
  }
  return complaints
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
