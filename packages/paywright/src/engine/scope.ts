import type { Scope } from '../domain/mirror.js'
import type { Store, StripeGateway } from './ports.js'

/**
 * Answers whose data this process works on. Stripe is asked for the account once in the life of the database, so that a
 * webhook can be stored while Stripe does not answer.
 */
export function createScope(parts: {
  readonly store: Store
  readonly gateway: StripeGateway
  readonly keyFingerprint: string
}): () => Promise<Scope> {
  let known: Promise<Scope> | null = null
  return () => {
    known ??= findScope(parts).catch((error: unknown) => {
      known = null
      throw error
    })
    return known
  }
}

async function findScope(parts: {
  readonly store: Store
  readonly gateway: StripeGateway
  readonly keyFingerprint: string
}): Promise<Scope> {
  const { store, gateway, keyFingerprint } = parts
  const { livemode } = gateway
  const remembered = await store.knownAccount(keyFingerprint)
  if (remembered !== null) return { account: remembered, livemode }
  const account = await gateway.account()
  await store.rememberAccount(keyFingerprint, account)
  return { account, livemode }
}
