import type { EngineContext } from './context.js'

/** The result of the work, or `late` where it takes longer; the work goes on, and what it throws then is logged. */
export async function within<Result>(
  context: Pick<EngineContext, 'wait' | 'log'>,
  limit: { readonly work: Promise<Result>; readonly milliseconds: number; readonly late: Result },
): Promise<Result> {
  let isLate = false
  limit.work.catch((error: unknown) => {
    if (isLate) context.log.error('Work failed after its answer was given.', { error: String(error) })
  })
  const timeout = context.wait(limit.milliseconds).then(() => {
    isLate = true
    return limit.late
  })
  return Promise.race([limit.work, timeout])
}
