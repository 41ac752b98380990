import { Stripe } from 'stripe'
import type { CustomerRecordKind, MirrorRecord, RecordKind, RecordListRef, WholeList } from '../domain/records.js'
import type { DisputesRead } from '../engine/ports.js'
import { call, callOrNull } from './call.js'
import { idOf } from './id-of.js'
import { linesOf } from './list-lines.js'
import { rawOf, toRecords } from './raw.js'
import { PAGE_SIZE } from './read-all.js'
import { startReading } from './seen.js'

/** All that a customer has of a kind, or the newest of very many. */
export interface RecordList {
  readonly kind: CustomerRecordKind
  readonly members: readonly MirrorRecord[]
  readonly isWhole: boolean
}

/** The newest of each kind; older ones stay in the mirror as they were when they were read. */
const MOST_RECORDS = 1000

interface Pages<Entry> {
  autoPagingToArray(options: { limit: number }): Promise<Entry[]>
}

/** `null` where the customer is gone, or where a restricted key may not see this kind: it is not mirrored then. */
async function listNewest<Entry>(
  operation: string,
  pages: () => Pages<Entry>,
): Promise<{ readonly entries: readonly Entry[]; readonly isWhole: boolean } | null> {
  const all = await callOrNull(operation, () => readable(() => pages().autoPagingToArray({ limit: MOST_RECORDS + 1 })))
  return all === null ? null : { entries: all.slice(0, MOST_RECORDS), isWhole: all.length <= MOST_RECORDS }
}

async function readable<Result>(request: () => Promise<Result>): Promise<Result | null> {
  try {
    return await request()
  } catch (error) {
    if (error instanceof Stripe.errors.StripePermissionError) return null
    throw error
  }
}

/** The newest of a kind as records; none where they may not be seen. */
export async function listRecords<Kind extends RecordKind, Entry extends { readonly id: string }>(
  kind: Kind,
  pages: () => Pages<Entry>,
): Promise<readonly { readonly kind: Kind; readonly members: readonly MirrorRecord[]; readonly isWhole: boolean }[]> {
  const found = await listNewest(`${kind}.list`, pages)
  return found === null ? [] : [{ kind, members: toRecords(found.entries), isWhole: found.isWhole }]
}

export interface DeepLists {
  readonly lists: readonly RecordList[]
  readonly disputedChargeIds: readonly string[]
}

/** All kinds of records that have a list of the customer's own. */
export async function readDeepLists(stripe: Stripe, customer: string): Promise<DeepLists> {
  const page = { customer, limit: PAGE_SIZE }
  const [charges, ...others] = await Promise.all([
    listNewest('charge.list', () => stripe.charges.list({ ...page, expand: ['data.refunds'] })),
    listRecords('paymentIntent', () => stripe.paymentIntents.list(page)),
    listRecords('creditNote', () => stripe.creditNotes.list(page)),
    listRecords('checkoutSession', () => stripe.checkout.sessions.list(page)),
    listRecords('taxId', () => stripe.customers.listTaxIds(customer, { limit: PAGE_SIZE })),
    listRecords('subscriptionSchedule', () => stripe.subscriptionSchedules.list(page)),
    listRecords('activeEntitlement', () => stripe.entitlements.activeEntitlements.list(page)),
  ])
  if (charges === null) return { lists: others.flat(), disputedChargeIds: [] }
  const refunds = await Promise.all(charges.entries.map((charge) => refundsOf(stripe, charge)))
  const { entries, isWhole } = charges
  return {
    lists: [
      ...others.flat(),
      { kind: 'charge', members: entries.map(withoutRefunds), isWhole },
      { kind: 'refund', members: toRecords(refunds.flat()), isWhole },
    ],
    disputedChargeIds: entries.filter(({ disputed }) => disputed).map(({ id }) => id),
  }
}

/** Stripe puts the first refunds into the charge where that is asked for. */
async function refundsOf(stripe: Stripe, { id, refunds }: Stripe.Charge): Promise<readonly Stripe.Refund[]> {
  if (refunds === null || refunds === undefined) return []
  if (!refunds.has_more) return refunds.data
  const all = await listNewest('refund.list', () => stripe.refunds.list({ charge: id, limit: PAGE_SIZE }))
  return all?.entries ?? refunds.data
}

/** As it stands in events, which is without them. */
function withoutRefunds({ refunds: _refunds, ...charge }: Stripe.Charge): MirrorRecord {
  return { id: charge.id, object: rawOf(charge) }
}

/** A list that an event has told of and did not show whole. */
export async function readRecordList(
  stripe: Stripe,
  stripeCustomerId: string,
  { kind, of }: RecordListRef,
): Promise<WholeList | null> {
  const reading = startReading()
  if (kind === 'invoiceLine' && of !== null) {
    const invoice = await callOrNull('invoices.retrieve', () => stripe.invoices.retrieve(of))
    if (invoice === null) return null
    return { kind, of, members: toRecords(await linesOf(stripe, invoice)), seen: reading.seen(invoice) }
  }
  if (kind !== 'activeEntitlement') throw new Error(`There is no list of ${kind}.`)
  const pages = stripe.entitlements.activeEntitlements.list({ customer: stripeCustomerId, limit: PAGE_SIZE })
  const all = await listNewest('activeEntitlement.list', () => pages)
  return all === null ? null : { kind, of, members: toRecords(all.entries), seen: reading.seen(await pages) }
}

/** The disputes of a charge, and whose it is. */
export async function readDisputes(stripe: Stripe, stripeChargeId: string): Promise<DisputesRead | null> {
  const reading = startReading()
  const charge = await callOrNull('charges.retrieve', () => stripe.charges.retrieve(stripeChargeId))
  const stripeCustomerId = idOf(charge?.customer)
  if (charge === null || stripeCustomerId === null) return null
  const disputes = await call('disputes.list', () =>
    stripe.disputes.list({ charge: stripeChargeId, limit: PAGE_SIZE }).autoPagingToArray({ limit: MOST_RECORDS }),
  )
  return { stripeCustomerId, disputes: toRecords(disputes), seen: reading.seen(charge) }
}
