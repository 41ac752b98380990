import { decideCustomer } from '../domain/decide-customer.js'
import type { CustomerState } from '../domain/mirror.js'
import { CATALOG_SUBJECT } from '../domain/subject.js'
import { decideSync } from '../domain/sync-decision.js'
import type { Claim, CustomerRead, SyncPlan } from '../engine/ports.js'
import type { InboxContext } from './context.js'
import { projectionOf } from './projection.js'

/** Steps three and four up to the write: asks Stripe how the subject is now, and decides what follows. */
export async function readAndDecide(context: InboxContext, claim: Claim): Promise<SyncPlan> {
  if (decideSync(claim.pendingTypes) === 'ignore') return { kind: 'nothing' }
  if (claim.subject === CATALOG_SUBJECT) return { kind: 'catalog', ...(await context.gateway.readCatalog()) }
  const { store, gateway } = context
  const answer = await gateway.readCustomer(claim.subject)
  const stored = await store.loadCustomer(claim.scope, claim.subject)
  const read = answer ?? asDeleted(stored)
  return read === null ? { kind: 'nothing' } : decide(context, claim, { read, stored })
}

/** Test data that was wiped, or a key of another account: what Stripe does not know any more is as good as deleted. */
function asDeleted(stored: CustomerState | null): CustomerRead | null {
  if (stored === null) return null
  const state = { ...stored, customer: { ...stored.customer, isDeleted: true }, subscriptions: [], paymentMethods: [] }
  return { state, prices: [] }
}

async function decide(
  context: InboxContext,
  claim: Claim,
  facts: { read: CustomerRead; stored: CustomerState | null },
): Promise<SyncPlan> {
  const { clock, catalog, graceSeconds, mail } = context
  const now = clock.now()
  const customerId = await linkedCustomer(context, claim, facts.read.state)
  const occurrence = `${claim.wantedSeq}:${now}`
  const decision = decideCustomer(
    { ...facts, catalog, graceSeconds, customerId, pendingTypes: claim.pendingTypes, occurrence },
    now,
  )
  const { state, effects, wakeAt } = decision
  const mails = mail === null ? [] : decision.notices.map(mail.render)
  const projection = customerId === null ? null : projectionOf(customerId, decision)
  return { kind: 'customer', state, prices: facts.read.prices, effects, mails, projection, wakeAt }
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
