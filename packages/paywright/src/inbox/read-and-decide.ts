import { decideCustomer } from '../domain/decide-customer.js'
import type { CustomerState } from '../domain/mirror.js'
import { CATALOG_SUBJECT } from '../domain/subject.js'
import type { Claim, SyncPlan } from '../engine/ports.js'
import { applyPending } from './apply-pending.js'
import type { InboxContext } from './context.js'
import { fetchCustomer, type KnownCustomer } from './fetch-customer.js'
import { projectionOf } from './projection.js'

/** Steps three and four up to the write: learns how the subject is now, and decides what follows. */
export async function readAndDecide(context: InboxContext, claim: Claim): Promise<SyncPlan> {
  if (claim.subject === CATALOG_SUBJECT) return { kind: 'catalog', ...(await context.gateway.readCatalog()) }
  const stored = await context.store.loadCustomer(claim.scope, claim.subject)
  const read = (await applyPending(context, claim, stored)) ?? (await fetchCustomer(context, claim, stored))
  return read === null ? { kind: 'nothing' } : decide(context, claim, { read, stored })
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
  const decision = decideCustomer({ ...facts, catalog, graceSeconds, customerId, pendingTypes, occurrence }, now)
  const { state, wakeAt } = decision
  const isNews = facts.stored !== null || !claim.isQuiet
  const effects = isNews ? decision.effects : []
  const mails = isNews && mail !== null ? decision.notices.map(mail.render) : []
  const projection = customerId === null ? null : projectionOf(customerId, decision)
  const { prices, knowledge } = facts.read
  return { kind: 'customer', state, prices, effects, mails, projection, wakeAt, knowledge }
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
