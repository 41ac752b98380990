import type { Scope } from '../domain/mirror.js'
import { BillingError } from '../errors.js'
import { onceGood } from './once-good.js'
import type { Store, StripeGateway } from './ports.js'

interface ScopeParts {
  readonly store: Store
  readonly gateway: StripeGateway
  readonly keyFingerprint: string
}

/**
 * Answers whose data this process works on. Stripe is asked for the account once in the life of the database, so that a
 * webhook can be stored while Stripe does not answer.
 */
export function createScope(parts: ScopeParts): () => Promise<Scope> {
  return onceGood(() => findScope(parts))
}

/**
 * The same for a transaction of the app, through the store that has joined it: nothing waits for Stripe there, nor for
 * another connection of a pool that may have no other.
 */
export function createStoredScope({ gateway, keyFingerprint }: Omit<ScopeParts, 'store'>): StoredScope {
  return async (store) => {
    const account = await store.knownAccount(keyFingerprint)
    if (account === null) throw new BillingError('account_unknown')
    return { account, livemode: gateway.livemode }
  }
}

export type StoredScope = (store: Pick<Store, 'knownAccount'>) => Promise<Scope>

async function findScope({ store, gateway, keyFingerprint }: ScopeParts): Promise<Scope> {
  const { livemode } = gateway
  const remembered = await store.knownAccount(keyFingerprint)
  if (remembered !== null) return { account: remembered, livemode }
  const account = await gateway.account()
  await store.rememberAccount(keyFingerprint, account)
  return { account, livemode }
}
