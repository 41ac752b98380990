import { BillingError } from '../errors.js'

/** Bounds of what is written together and of what may wait for it. */
export interface GroupCommitPolicy {
  /** Writes under way at the same time. */
  readonly flights: number
  /** Items that share one write. */
  readonly mostTogether: number
  /** Items, and their weight in bytes, that wait; what comes on top is refused. */
  readonly mostWaiting: number
  readonly mostWaitingBytes: number
}

export interface GroupCommit<Item, Result> {
  /**
   * Answers once the item is written, alone or with others.
   *
   * @throws `overloaded` where too much waits already; nothing was written then.
   */
  submit(item: Item): Promise<Result>
  /** Whether something is being written, or waits for it. */
  isBusy(): boolean
}

interface Waiting<Item, Result> {
  readonly item: Item
  readonly bytes: number
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Lets items that come while a write is under way share the next one. An item that finds nothing under way is written at
 * once, so sharing costs nobody time: it begins where items come faster than the database commits.
 */
export function createGroupCommit<Item, Result>(
  policy: GroupCommitPolicy,
  { write, weigh }: { write: (items: readonly Item[]) => Promise<readonly Result[]>; weigh: (item: Item) => number },
): GroupCommit<Item, Result> {
  const queue: Waiting<Item, Result>[] = []
  let bytes = 0
  let flights = 0

  const fly = async (group: readonly Waiting<Item, Result>[]): Promise<void> => {
    flights += 1
    await settle(group, write)
    flights -= 1
    takeOff()
  }
  const takeOff = (): void => {
    while (flights < policy.flights && queue.length > 0) {
      const group = queue.splice(0, policy.mostTogether)
      bytes -= group.reduce((sum, waiting) => sum + waiting.bytes, 0)
      void fly(group)
    }
  }
  return {
    isBusy: () => flights > 0,
    submit: (item) =>
      new Promise((resolve, reject) => {
        const weight = weigh(item)
        if (queue.length >= policy.mostWaiting || bytes + weight > policy.mostWaitingBytes) {
          reject(new BillingError('overloaded'))
          return
        }
        bytes += weight
        queue.push({ item, bytes: weight, resolve, reject })
        takeOff()
      }),
  }
}

/** Never throws: what went wrong is told to those who wait. */
async function settle<Item, Result>(
  group: readonly Waiting<Item, Result>[],
  write: (items: readonly Item[]) => Promise<readonly Result[]>,
): Promise<void> {
  try {
    const results = await write(group.map(({ item }) => item))
    if (results.length !== group.length) throw new Error(`${group.length} were written, ${results.length} answered.`)
    // Guaranteed by the length: there is a result for every place.
    group.forEach((waiting, place) => waiting.resolve(results[place] as Result))
  } catch (error) {
    await apart(group, { write, error })
  }
}

/** One item that the database does not take must not keep the others out, so after a fault each is written alone. */
async function apart<Item, Result>(
  group: readonly Waiting<Item, Result>[],
  { write, error }: { write: (items: readonly Item[]) => Promise<readonly Result[]>; error: unknown },
): Promise<void> {
  if (group.length === 1 || codeOf(error) === 'database_unavailable') {
    for (const waiting of group) waiting.reject(error)
    return
  }
  let busy: unknown = null
  for (const waiting of group) {
    // Each wait for what somebody has locked takes seconds. Those behind the first are not kept waiting for several.
    if (busy !== null) waiting.reject(busy)
    else busy = await settleAlone(waiting, write)
  }
}

/** Answers the fault where the database was too busy; any other is told, and says nothing about the next item. */
async function settleAlone<Item, Result>(
  waiting: Waiting<Item, Result>,
  write: (items: readonly Item[]) => Promise<readonly Result[]>,
): Promise<unknown> {
  let busy: unknown = null
  const reject = (error: unknown): void => {
    if (codeOf(error) === 'database_busy') busy = error
    waiting.reject(error)
  }
  await settle([{ ...waiting, reject }], write)
  return busy
}

function codeOf(error: unknown): string | null {
  return error instanceof BillingError ? error.code : null
}
