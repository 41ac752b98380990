import type { Urgency } from '../engine/ports.js'

/** Places for what is under way at the same time. */
export interface Slots {
  /** Answers when there is a place, with how to leave it. Who cannot wait comes before who can. */
  take(urgency: Urgency): Promise<() => void>
}

/** So many places in all; those who can wait take no more than their own number of them. */
export function createSlots(most: Readonly<Record<Urgency, number>>): Slots {
  const waiting: Record<Urgency, (() => void)[]> = { prompt: [], patient: [] }
  let taken = 0
  const seat = (): void => {
    for (;;) {
      const next = taken < most.prompt ? waiting.prompt.shift() : undefined
      const come = next ?? (taken < most.patient ? waiting.patient.shift() : undefined)
      if (come === undefined) return
      taken += 1
      come()
    }
  }
  const leave = (): (() => void) => {
    let isIn = true
    return () => {
      if (!isIn) return
      isIn = false
      taken -= 1
      seat()
    }
  }
  return {
    take: (urgency) =>
      new Promise((resolve) => {
        waiting[urgency].push(() => resolve(leave()))
        seat()
      }),
  }
}
