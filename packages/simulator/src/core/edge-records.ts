import type { UnixSeconds } from './unix-seconds.js'

/** An event on its way to one endpoint. It is part of the world, so that it survives with it. */
export interface DeliveryRecord {
  readonly id: string
  readonly event: string
  readonly eventType: string
  readonly endpoint: string
  readonly url: string
  /** `dropped` is a fault that was asked for; `canceled` means that the endpoint is gone or disabled. */
  readonly status: 'pending' | 'succeeded' | 'failed' | 'dropped' | 'canceled'
  readonly created: UnixSeconds
  readonly nextAttemptAt: UnixSeconds | null
  readonly attempts: readonly DeliveryAttempt[]
}

/** One time that an endpoint was called, and what it answered. */
export interface DeliveryAttempt {
  readonly at: UnixSeconds
  /** The status that the endpoint answered; `null` when there was no answer. */
  readonly status: number | null
  /** The beginning of what the endpoint answered, or why there was no answer. */
  readonly response: string
}

/** What was answered to a request that carried an idempotency key. The id is the key. */
export interface IdempotencyRecord {
  readonly id: string
  readonly route: string
  /** A digest of the parameters. */
  readonly fingerprint: number
  readonly status: number
  readonly body: unknown
  readonly requestId: string
  readonly created: UnixSeconds
}

/** A secret that was replaced and still signs, until the receivers have the new one. */
export interface ReplacedSecret {
  readonly secret: string
  readonly expiresAt: UnixSeconds
}
