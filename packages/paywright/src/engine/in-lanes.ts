import { BillingError, isOutage } from '../errors.js'

export interface LaneFailure<Item> {
  readonly item: Item
  readonly error: unknown
}

/**
 * Does the work for each item, in so many lanes at the same time. What fails does not stop the others and is answered; but
 * where all fail because something is down, that is thrown.
 */
export async function inLanes<Item>(
  lanes: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<readonly LaneFailure<Item>[]> {
  const failures: LaneFailure<Item>[] = []
  const waiting = items.values()
  const lane = async (): Promise<void> => {
    for (const item of waiting) {
      await work(item).catch((error: unknown) => void failures.push({ item, error }))
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane))
  const [first] = failures
  if (first !== undefined && failures.length === items.length && failures.every(({ error }) => isOutage(error)))
    throw first.error
  return failures
}

/** Reading a customer takes four requests; so many at once stay below what Stripe allows an account in test mode. */
const DEFAULT_LANES = 4
const MOST_LANES = 32

/** How many lanes there are for this wish. */
export function lanesFor(concurrency = DEFAULT_LANES): number {
  if (Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= MOST_LANES) return concurrency
  const detail = `\`concurrency\` is ${concurrency}; give a whole number from 1 to ${MOST_LANES}.`
  throw new BillingError('configuration_invalid', { detail })
}
