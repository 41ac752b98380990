import type { UnixSeconds } from '../domain/time.js'
import type { GroupCommitPolicy } from './group-commit.js'

/** How the inbox works: how much at once, how long, how often. */
export interface WorkPolicy {
  /** Subjects, or messages, that are worked on at the same time. */
  readonly lanes: number
  /** How long a subject or message is in one hand before others may take it over. */
  readonly leaseSeconds: number
  /** After so many attempts in vain it is a dead letter. */
  readonly maxAttempts: number
  /** The wait after the first attempt; it doubles with each. */
  readonly firstRetrySeconds: number
  readonly longestRetrySeconds: number
  /** The pause between two passes that find nothing. */
  readonly idleMilliseconds: number
  /** How deliveries that come at once share a commit, and how many may wait for theirs. */
  readonly receive: GroupCommitPolicy
}

/**
 * Sixteen attempts are spread over seven hours, so that an outage of an evening heals by itself. A lease outlasts the
 * slowest read of Stripe that the gateway allows.
 */
export const DEFAULT_POLICY: WorkPolicy = {
  lanes: 4,
  leaseSeconds: 60,
  maxAttempts: 16,
  firstRetrySeconds: 5,
  longestRetrySeconds: 3600,
  idleMilliseconds: 1000,
  receive: { flights: 2, mostTogether: 200, mostWaiting: 2000, mostWaitingBytes: 32 * 1024 * 1024 },
}

export interface FailedAttempt {
  /** Counting this one. */
  readonly attempts: number
  readonly now: UnixSeconds
  readonly random: number
}

/** When to try again, or `null` to give up. Half of the wait is drawn, so that what failed together comes back apart. */
export function retryAt(policy: WorkPolicy, { attempts, now, random }: FailedAttempt): UnixSeconds | null {
  if (attempts >= policy.maxAttempts) return null
  return now + Math.ceil(backoffSeconds(policy, attempts) * (0.5 + random / 2))
}

/** The wait after so many attempts, without the draw. */
export function backoffSeconds(policy: WorkPolicy, attempts: number): number {
  return Math.min(policy.longestRetrySeconds, policy.firstRetrySeconds * 2 ** Math.max(0, attempts - 1))
}
