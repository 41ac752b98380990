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
  /** The longest wait while something is down that nobody's data can be blamed for: so soon it is in sync afterwards. */
  readonly longestOutageRetrySeconds: number
  /** What has waited so long, and still fails for such a reason, is a dead letter as well. */
  readonly givenUpAfterSeconds: number
  /** The pause between two passes that find nothing. */
  readonly idleMilliseconds: number
  /** How deliveries that come at once share a commit, and how many may wait for theirs. */
  readonly receive: GroupCommitPolicy
}

/**
 * Sixteen attempts are spread over seven hours. An outage may last a week: Stripe sends its own events for three days. A
 * lease outlasts the slowest read of Stripe that the gateway allows.
 */
export const DEFAULT_POLICY: WorkPolicy = {
  lanes: 4,
  leaseSeconds: 60,
  maxAttempts: 16,
  firstRetrySeconds: 5,
  longestRetrySeconds: 3600,
  longestOutageRetrySeconds: 300,
  givenUpAfterSeconds: 7 * 86_400,
  idleMilliseconds: 1000,
  receive: { flights: 2, mostTogether: 200, mostWaiting: 2000, mostWaitingBytes: 32 * 1024 * 1024 },
}

export interface FailedAttempt {
  /** Counting this one. */
  readonly attempts: number
  readonly now: UnixSeconds
  readonly random: number
}

/** When to try again, or `null` to give up. */
export function retryAt(policy: WorkPolicy, { attempts, now, random }: FailedAttempt): UnixSeconds | null {
  if (attempts >= policy.maxAttempts) return null
  return now + drawn(backoffSeconds(policy, attempts), random)
}

/** The wait after so many attempts, without the draw. */
export function backoffSeconds(policy: WorkPolicy, attempts: number): number {
  return Math.min(policy.longestRetrySeconds, policy.firstRetrySeconds * 2 ** Math.max(0, attempts - 1))
}

export interface Outage {
  /** Since when there is something to do; `null` where only time has passed. */
  readonly wantedAt: UnixSeconds | null
  readonly now: UnixSeconds
  readonly random: number
}

/**
 * When to try again after an outage, or `null` to give up. It waits as long as it has waited already, which doubles the wait
 * without anything being counted.
 */
export function retryAfterOutage(policy: WorkPolicy, { wantedAt, now, random }: Outage): UnixSeconds | null {
  const waited = wantedAt === null ? policy.longestOutageRetrySeconds : Math.max(0, now - wantedAt)
  if (wantedAt !== null && waited >= policy.givenUpAfterSeconds) return null
  const seconds = Math.min(policy.longestOutageRetrySeconds, Math.max(policy.firstRetrySeconds, waited))
  return now + drawn(seconds, random)
}

function drawn(seconds: number, random: number): number {
  return Math.ceil(withDraw(seconds, random))
}

/** Half of a wait is drawn, so that what failed together comes back apart. */
export function withDraw(duration: number, random: number): number {
  return duration * (0.5 + random / 2)
}
