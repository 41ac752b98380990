import { decideCustomer } from '../domain/decide-customer.js'
import type { CustomerState } from '../domain/mirror.js'
import { joinWrites, writeList } from '../domain/records.js'
import { CATALOG_SUBJECT, chargeOfSubject, subjectOfCharge } from '../domain/subject.js'
import type { EventReading } from '../domain/sync-decision.js'
import type { Claim, SyncPlan } from '../engine/ports.js'
import { applyPending, readPending } from './apply-pending.js'
import type { InboxContext } from './context.js'
import { fetchCustomer, type KnownCustomer } from './fetch-customer.js'
import { projectionOf } from './projection.js'
import { renewRecords } from './renew-records.js'
import { syncDisputes } from './sync-disputes.js'

/** Steps three and four up to the write: learns how the subject is now, and decides what follows. */
export async function readAndDecide(context: InboxContext, claim: Claim): Promise<SyncPlan> {
  if (claim.subject === CATALOG_SUBJECT) return readWholeCatalog(context)
  const charge = chargeOfSubject(claim.subject)
  if (charge !== null) return syncDisputes(context, claim, charge)
  const stored = await context.store.loadCustomer(claim.scope, claim.subject)
  const pending = readPending(context, claim)
  const state =
    (await applyPending(context, claim, { state: stored, pending })) ??
    (await fetch(context, claim, { stored, pending }))
  if (state === null) return { kind: 'nothing' }
  const read = await renewRecords(context, claim, { known: state, pending: pending ?? [], stored })
  return decide(context, claim, { read, stored })
}

/** What the events say of records is lost where there are too many of them to look at, so all kinds are read, too. */
function fetch(
  context: InboxContext,
  claim: Claim,
  { stored, pending }: { readonly stored: CustomerState | null; readonly pending: readonly EventReading[] | null },
): Promise<KnownCustomer | null> {
  const changed = (pending ?? []).flatMap(({ says }) => (says.kind === 'changed' ? [says.ref] : []))
  const invoicesWithLines = changed.flatMap(({ kind, id }) => (kind === 'invoice' ? [id] : []))
  return fetchCustomer(context, claim, {
    stored,
    depth: { isDeep: claim.isDeep || pending === null, invoicesWithLines },
  })
}

async function readWholeCatalog({ gateway, clock }: InboxContext): Promise<SyncPlan> {
  const { products, prices, objects, seen, lists } = await gateway.readCatalog()
  const at = clock.now()
  const writes = lists.map(({ kind, members, isWhole }) => {
    const list = writeList({ kind, of: null, members, seen }, at)
    return isWhole ? list : { ...list, sweeps: [] }
  })
  return { kind: 'catalog', products, prices, objects, records: joinWrites(writes) }
}

async function decide(
  context: InboxContext,
  claim: Claim,
  facts: { read: KnownCustomer; stored: CustomerState | null },
): Promise<SyncPlan> {
  const { clock, catalog, graceSeconds, mail } = context
  const now = clock.now()
  const customerId = await linkedCustomer(context, claim, facts.read.state)
  const occurrence = `${claim.wantedSeq}:${now}`
  const pendingTypes = claim.pending.map(({ type }) => type)
  const newsFrom = await context.newsFrom()
  const known = { catalog, graceSeconds, customerId, pendingTypes, occurrence, newsFrom }
  const decision = decideCustomer({ ...facts, ...known }, now)
  const { state, wakeAt } = decision
  const isNews = facts.stored !== null || !claim.isQuiet
  const effects = isNews ? decision.effects : []
  const mails = isNews && mail !== null ? decision.notices.map(mail.render) : []
  const projection = customerId === null ? null : projectionOf(customerId, decision)
  const { prices, knowledge, objects, records, disputedChargeIds } = facts.read
  const wanted = disputedChargeIds.map((id) => ({ subject: subjectOfCharge(id), isDeep: false }))
  return { kind: 'customer', state, prices, effects, mails, projection, wakeAt, knowledge, objects, records, wanted }
}

/**
 * The app's customer that this Stripe customer stands for. Where the metadata names one that has another Stripe customer,
 * this one is a stray, and must not write over what is known of the real one.
 */
async function linkedCustomer(context: InboxContext, claim: Claim, state: CustomerState): Promise<string | null> {
  const { store } = context
  const linked = await store.findCustomer(claim.scope, { stripeCustomerId: claim.subject })
  if (linked !== null) return linked.customerId
  const { customerId } = state.customer
  if (customerId === null) return null
  const named = await store.findCustomer(claim.scope, { customerId })
  return named === null || named.stripeCustomerId === null ? customerId : null
}
