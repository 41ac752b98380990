import assert from 'node:assert/strict'
import type { Scope } from '../../domain/mirror.js'
import { NO_RECORDS } from '../../domain/records.js'
import type { Claim, CustomerSyncPlan, Store, SyncPlan, VerifiedEvent } from '../../engine/ports.js'
import type { Database } from '../../store/database.js'
import { createStore } from '../../store/store.js'
import { buildState } from './factories.js'

/** One requirement on every database that Paywright keeps its state in. It throws where the requirement is not met. */
export interface StoreCase {
  readonly name: string
  readonly run: (bench: Bench) => Promise<void>
}

/** What a case works with: a store, an account of its own in it, and shorthands. */
export interface Bench {
  readonly database: Database
  readonly store: Store
  readonly scope: Scope
  receive(event?: Partial<VerifiedEvent>, now?: number): Promise<{ isNew: boolean }>
  claim(request?: { now?: number; subject?: string; mustBeDue?: boolean; limit?: number }): Promise<readonly Claim[]>
  claimOne(now?: number): Promise<Claim>
  commit(claim: Claim, plan?: Partial<CustomerSyncPlan>, now?: number): Promise<boolean>
}

export const NOW = 1_800_000_000
export const LEASE = 30
export const CUSTOMER = 'cus_1'

let benches = 0

/** Cases share a migrated database, and an account of its own keeps each from seeing the others. */
export function createBench(database: Database): Bench {
  benches += 1
  const scope = { account: `acct_${benches}_${process.pid}`, livemode: false }
  const store = createStore(database)
  let events = 0
  let tokens = 0
  const claim: Bench['claim'] = ({ now = NOW, ...request } = {}) => {
    tokens += 1
    return store.claim({ scope, limit: 1, token: `token_${tokens}`, now, leaseUntil: now + LEASE, ...request })
  }
  return {
    database,
    store,
    scope,
    claim,
    receive: async (event = {}, now = NOW) => {
      events += 1
      const built = { ...buildEvent(`evt_${events}`), ...event }
      const fresh = await store.receive(scope, [built], now)
      return { isNew: fresh.has(built.eventId) }
    },
    claimOne: async (now = NOW) => {
      const [claimed] = await claim({ now })
      if (claimed === undefined) throw new Error('There was nothing to claim.')
      return claimed
    },
    commit: (claimed, plan = {}, now = NOW) => store.commitSync(claimed, buildPlan(claimed.subject, plan), now),
  }
}

export function buildPlan(stripeCustomerId: string, plan: Partial<CustomerSyncPlan> = {}): SyncPlan {
  return {
    kind: 'customer',
    state: buildState({ stripeCustomerId }),
    prices: [],
    effects: [],
    mails: [],
    projection: null,
    wakeAt: null,
    knowledge: null,
    objects: {},
    records: NO_RECORDS,
    wanted: [],
    ...plan,
  }
}

/** Wants the customer synced and writes what that has found. */
export async function commitAnew(bench: Bench, plan: Partial<CustomerSyncPlan>): Promise<void> {
  await bench.store.wantSync(bench.scope, CUSTOMER, NOW)
  assert.equal(await bench.commit(await bench.claimOne(), plan), true)
}

type CatalogPlan = Extract<SyncPlan, { readonly kind: 'catalog' }>

/** The same for the catalogue. */
export async function commitCatalog(
  { store, scope, claimOne }: Bench,
  catalog: Pick<CatalogPlan, 'products' | 'prices'> & Partial<CatalogPlan>,
): Promise<void> {
  await store.wantSync(scope, 'catalog', NOW)
  const plan = { kind: 'catalog', objects: {}, records: NO_RECORDS, ...catalog } as const
  assert.equal(await store.commitSync(await claimOne(), plan, NOW), true)
}

export function buildEvent(eventId: string): VerifiedEvent {
  return {
    eventId,
    type: 'customer.updated',
    livemode: false,
    apiVersion: '2026-10-28.endive',
    account: null,
    createdAt: NOW - 1,
    subject: CUSTOMER,
    objectId: CUSTOMER,
    payload: '{}',
    secretFingerprint: null,
  }
}
