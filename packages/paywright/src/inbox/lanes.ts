/** What one step found: nothing that could be taken, or how it went. */
export type Step = 'nothing' | 'done' | 'failed'

export interface LanesReport {
  readonly done: number
  readonly failed: number
  /** Whether every lane ended because it found nothing, rather than at the bound. */
  readonly isDrained: boolean
}

/**
 * Repeats the step in several lanes at once until each has found nothing, or it was taken `most` times. The first step
 * is taken alone, so that an idle pass costs one look. A lane that throws ends; the others end in their own time first.
 */
export async function runLanes(
  bounds: { readonly lanes: number; readonly most: number },
  step: () => Promise<Step>,
): Promise<LanesReport> {
  const counts = { nothing: 0, done: 0, failed: 0 }
  let taken = 0
  const lane = async (most: number): Promise<void> => {
    let result: Step = 'done'
    while (result !== 'nothing' && taken < most) {
      taken += 1
      result = await step()
      counts[result] += 1
    }
  }
  await lane(1)
  if (counts.nothing === 0) await allOf(Array.from({ length: bounds.lanes }, () => lane(bounds.most)))
  return { done: counts.done, failed: counts.failed, isDrained: taken < bounds.most || counts.nothing > 0 }
}

async function allOf(lanes: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(lanes)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
