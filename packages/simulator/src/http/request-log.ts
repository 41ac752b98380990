import type { UnixSeconds } from '../core/unix-seconds.js'

/** One request to the API, as the log keeps it. */
export interface LoggedRequest {
  readonly id: string
  /** The instant on the simulator's clock. */
  readonly at: UnixSeconds
  readonly method: string
  readonly path: string
  readonly status: number
  readonly account: string | null
  readonly idempotencyKey: string | null
  /** Whether the answer was that of an earlier request with the same key. */
  readonly isReplayed: boolean
  /** Stripe's code or type of error, if the request was refused. */
  readonly error: string | null
}

const KEPT = 1000

/** The latest requests, the newest first. */
export class RequestLog {
  #requests: LoggedRequest[] = []

  add(request: LoggedRequest): void {
    this.#requests.push(request)
    if (this.#requests.length > 2 * KEPT) this.#requests = this.#requests.slice(-KEPT)
  }

  list(limit = KEPT): readonly LoggedRequest[] {
    return this.#requests.slice(-Math.min(limit, KEPT)).toReversed()
  }
}
