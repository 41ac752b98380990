import { isDeepStrictEqual } from 'node:util'
import type { BenchPlan } from './contestants/contract.js'
import type { Running } from './contestants/running.js'
import { onceConnected } from './postgres.js'
import type { BenchWorld } from './world.js'

/** What is compared of a subscription: what every contestant keeps. */
interface SubscriptionRow {
  readonly id: string
  readonly status: string
  readonly price: string | null
  readonly quantity: number | null
  readonly cancel_at_period_end: boolean
  readonly canceled_at: number | null
}

export interface Verdict {
  readonly subscriptions: number
  readonly wrong: number
  /** One of the wrong ones, in words. */
  readonly example: string | null
}

/** Compares the rows of these subscriptions with what Stripe says of them. */
export async function compareRows(world: BenchWorld, running: Running, ids: readonly string[]): Promise<Verdict> {
  const rows = new Map<string, SubscriptionRow[]>()
  for (const row of await readRows(running, world.plans())) rows.set(row.id, [...(rows.get(row.id) ?? []), row])
  const problems = ids.flatMap((id) => {
    const expected = truthOf(world, id)
    const found = (rows.get(id) ?? []).map((row) => ({ ...row, canceled_at: numberOrNull(row.canceled_at) }))
    const isRight = found.length === 1 && isDeepStrictEqual(found[0], expected)
    return isRight ? [] : [`${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`]
  })
  return { subscriptions: ids.length, wrong: problems.length, example: problems[0] ?? null }
}

async function readRows(
  { databaseUrl, contestant }: Running,
  plans: readonly BenchPlan[],
): Promise<readonly SubscriptionRow[]> {
  return onceConnected(databaseUrl, async (client) => {
    const { rows } = await client.query<SubscriptionRow>(contestant.rows, [JSON.stringify(plans)])
    return rows
  })
}

function truthOf(world: BenchWorld, id: string): SubscriptionRow {
  const subscription = world.subscription(id)
  const item = subscription.items.data[0]
  return {
    id,
    status: subscription.status,
    price: item?.price.id ?? null,
    quantity: item?.quantity ?? null,
    cancel_at_period_end: subscription.cancel_at_period_end,
    canceled_at: subscription.canceled_at,
  }
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value)
}
