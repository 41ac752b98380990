/** What one step found, and how it went; nothing of both where there was nothing that could be taken. */
export interface Step {
  readonly done: number
  readonly failed: number
}

export interface LanesReport extends Step {
  /** Whether every lane ended because it found nothing, rather than at the bound. */
  readonly isDrained: boolean
}

export interface LaneBounds {
  readonly lanes: number
  /** What may be taken in all, and in one step. */
  readonly most: number
  readonly together: number
  /** While something more urgent is under way only the first lane goes on. */
  readonly isBusy: () => boolean
}

/**
 * Repeats the step in several lanes at once until each has found nothing, or `most` were taken. A step is told how many it
 * may take; the first is taken alone, so that an idle pass costs one look. A lane that throws ends; the others end in their
 * own time first.
 */
export async function runLanes(bounds: LaneBounds, step: (limit: number) => Promise<Step>): Promise<LanesReport> {
  const counts = { done: 0, failed: 0, nothing: 0 }
  // What is in hand counts as if it were as much as it may be, so that the bound is never passed.
  let taken = 0
  const take = async (): Promise<boolean> => {
    const limit = Math.min(bounds.together, bounds.most - taken)
    taken += limit
    const { done, failed } = await step(limit)
    const found = done + failed
    taken -= limit - found
    counts.done += done
    counts.failed += failed
    if (found === 0) counts.nothing += 1
    return found > 0
  }
  const lane = async (isFirst: boolean): Promise<void> => {
    while (taken < bounds.most && (isFirst || !bounds.isBusy()) && (await take()));
  }
  if (await take()) await allOf(Array.from({ length: bounds.lanes }, (_, place) => lane(place === 0)))
  return { done: counts.done, failed: counts.failed, isDrained: taken < bounds.most || counts.nothing > 0 }
}

/** What all of them answer. Where some throw, the others come to their end first. */
export async function allOf<Result>(running: readonly Promise<Result>[]): Promise<readonly Result[]> {
  const results = await Promise.allSettled(running)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
}
