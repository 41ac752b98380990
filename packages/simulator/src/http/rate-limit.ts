/**
 * Lets so many requests through in a second, and as many at once: a bucket that fills again as time passes. The time is
 * real time, in milliseconds, since what is limited is how fast a client sends.
 */
export class RateLimit {
  readonly #now: () => number
  #left: number | undefined
  #lookedAt = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** Whether one more request may pass. */
  allows(perSecond: number): boolean {
    const now = this.#now()
    const since = Math.max(0, now - this.#lookedAt)
    this.#lookedAt = now
    const left = Math.min(perSecond, (this.#left ?? perSecond) + (since * perSecond) / 1000)
    this.#left = left < 1 ? left : left - 1
    return left >= 1
  }
}
