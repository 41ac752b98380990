import { BillingError } from '../errors.js'
import { toSeconds } from './dates.js'
import type { EngineContext } from './context.js'
import type { ReceiptFilter } from './ports.js'

/** Which receipts to put back to work; all that is given must fit. */
export interface ReplayFilter {
  readonly eventIds?: readonly string[]
  /** A type such as `invoice.paid`, or all that begin alike: `invoice.*`. */
  readonly type?: string
  /** The app's own id of the customer that they are about. */
  readonly customerId?: string
  /** Received at this instant or later. */
  readonly from?: Date
  /** Received before this instant. */
  readonly until?: Date
}

/** More than somebody means by hand; each of their customers is read from Stripe. */
const MOST_RECEIPTS = 10_000

/** Puts dead letters back to work, or the receipts that the filter names; answers how many. */
export async function replay(context: EngineContext, filter: ReplayFilter = {}): Promise<number> {
  const { store, clock } = context
  const scope = await context.scope()
  const now = clock.now()
  if (Object.values(filter).every((value) => value === undefined)) return store.replayDeadLetters(scope, now)
  const wish = { filter: await toReceiptFilter(context, filter), most: MOST_RECEIPTS, now }
  const count = await store.replayReceipts(scope, wish)
  if (count !== null) return count
  throw new BillingError('replay_too_large', { detail: `More than ${MOST_RECEIPTS} fit.` })
}

async function toReceiptFilter(context: EngineContext, filter: ReplayFilter): Promise<ReceiptFilter> {
  const { eventIds, type, customerId, from, until } = filter
  return {
    eventIds,
    type,
    subject: customerId === undefined ? undefined : await subjectOf(context, customerId),
    receivedFrom: from === undefined ? undefined : toSeconds(from),
    receivedUntil: until === undefined ? undefined : toSeconds(until),
  }
}

async function subjectOf({ store, scope }: EngineContext, customerId: string): Promise<string> {
  const row = await store.findCustomer(await scope(), { customerId })
  if (row === null) throw new BillingError('customer_not_found', { detail: `It was "${customerId}".` })
  if (row.stripeCustomerId === null) throw new BillingError('no_stripe_customer')
  return row.stripeCustomerId
}
