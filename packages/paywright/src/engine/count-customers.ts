import { withoutSecrets } from '../errors.js'
import type { EngineContext } from './context.js'

/** Counts the customers of Stripe while something else is done. */
export interface Counting {
  /** `null` until all are counted. */
  total(): number | null
  /** Ends it, also before it has come to its end. */
  stop(): Promise<void>
}

/**
 * Stripe does not say how many customers there are, so the list is gone through once more, ahead of the work: that is one
 * request for a hundred customers, where reading them takes four hundred.
 */
export function countCustomers({ gateway, log }: Pick<EngineContext, 'gateway' | 'log'>): Counting {
  let total: number | null = null
  let isStopped = false
  const count = async (): Promise<void> => {
    let counted = 0
    let after: string | null = null
    do {
      const { stripeCustomerIds, next } = await gateway.listCustomers({ after })
      counted += stripeCustomerIds.length
      after = next
    } while (after !== null && !isStopped)
    if (after === null) total = counted
  }
  const counting = count().catch((error: unknown) => {
    log.warn('The customers could not be counted.', { error: withoutSecrets(String(error)) })
  })
  return {
    total: () => total,
    stop: async () => {
      isStopped = true
      await counting
    },
  }
}
