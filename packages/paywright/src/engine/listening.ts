import type { Scope } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { Clock, Store } from './ports.js'

/** Clocks differ, and whoever sets Paywright up tries it out while it starts. */
const MARGIN_SECONDS = 3600

export interface ListeningParts {
  readonly store: Pick<Store, 'listeningSince'>
  readonly clock: Clock
}

/**
 * From when on what happens at Stripe is news: from a little before Paywright first came to this account. It is asked for
 * when a process starts, and kept.
 */
export function createListening({ store, clock }: ListeningParts): (scope: Scope) => Promise<UnixSeconds> {
  let known: Promise<UnixSeconds> | null = null
  return async (scope) => {
    known ??= store.listeningSince(scope, clock.now()).catch((error: unknown) => {
      known = null
      throw error
    })
    return (await known) - MARGIN_SECONDS
  }
}
