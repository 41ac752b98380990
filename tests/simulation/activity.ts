/** What is under way outside, such as a statement or a request: as long as there is any, nobody else takes a step. */
export interface Activity {
  /** Marks a beginning; answers how to mark the end. */
  begin(): () => void
  track<Result>(work: () => Promise<Result>): Promise<Result>
  /** Resolves when nothing is under way and all code has come to its next halt. */
  settled(): Promise<void>
}

/** Turns of the event loop after which whatever was let on has come to its next halt. */
const TURNS_TO_SETTLE = 2

/** Real milliseconds that one statement or request may take; more means that the simulation has locked itself out. */
const LONGEST_EFFECT = 60_000

export function createActivity(): Activity {
  let underWay = 0
  let whenFree: (() => void) | null = null

  const begin = (): (() => void) => {
    underWay += 1
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      underWay -= 1
      if (underWay === 0) whenFree?.()
    }
  }
  return {
    begin,
    track: async (work) => {
      const end = begin()
      try {
        return await work()
      } finally {
        end()
      }
    },
    settled: async () => {
      for (let turn = 0; turn < TURNS_TO_SETTLE; turn += 1) {
        if (underWay > 0) {
          await within(LONGEST_EFFECT, new Promise<void>((resolve) => (whenFree = resolve)))
          turn = -1
        }
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`A step has not ended for ${milliseconds} ms.`)), milliseconds)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
