import type { Scope } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import { onceGood } from './once-good.js'
import type { Clock, Store } from './ports.js'

/** Clocks differ, and whoever sets Paywright up tries it out while it starts. */
const MARGIN_SECONDS = 3600

export interface ListeningParts {
  readonly scope: () => Promise<Scope>
  readonly store: Pick<Store, 'listeningSince'>
  readonly clock: Clock
}

/**
 * From when on what happens at Stripe is news: from a little before Paywright first came to this account. It is asked for
 * when a process starts, and kept.
 */
export function createListening({ scope, store, clock }: ListeningParts): () => Promise<UnixSeconds> {
  return onceGood(async () => (await store.listeningSince(await scope(), clock.now())) - MARGIN_SECONDS)
}
