/** The last steps, to be read after a failure. */
const KEPT_STEPS = 400

/** What happened, step by step. Two runs of a seed are the same if their digests are. */
export interface Trace {
  add(step: string): void
  digest(): string
  last(count: number): readonly string[]
  readonly length: number
}

export function createTrace(): Trace {
  const steps: string[] = []
  let length = 0
  let hash = 0x811c9dc5
  return {
    add: (step) => {
      for (let index = 0; index < step.length; index += 1) {
        hash = Math.imul(hash ^ step.charCodeAt(index), 0x01000193) >>> 0
      }
      length += 1
      steps.push(step)
      if (steps.length > 2 * KEPT_STEPS) steps.splice(0, KEPT_STEPS)
    },
    digest: () => `${length}:${hash.toString(16)}`,
    last: (count) => steps.slice(-count),
    get length() {
      return length
    },
  }
}
