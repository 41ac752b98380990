import type { UnixSeconds } from '../domain/time.js'
import type { EngineContext } from './context.js'
import { toDate, toDateOrNull } from './dates.js'
import type { Run, RunName } from './ports.js'

/** How much waits, how long it takes, and whether somebody must look. */
export interface Health {
  readonly ok: boolean
  /** Subjects that wait to be synced. */
  readonly waiting: number
  /** Since when the oldest of them has waited. */
  readonly oldestReceivedAt: Date | null
  /** The oldest receipt that is not processed, dead letters included. */
  readonly oldestReceipt: { readonly eventId: string; readonly type: string; readonly receivedAt: Date } | null
  /** Effects and mails that wait to be delivered. */
  readonly outbox: number
  readonly deadLetters: number
  /** Seconds from receipt to processing, of those that came within the last hour. */
  readonly lag: {
    readonly receipts: number
    readonly p50: number
    readonly p95: number
    readonly p99: number
  } | null
  /** When each type was last received, among the newest ten thousand receipts. */
  readonly lastReceivedAt: Readonly<Record<string, Date>>
  /** The webhook secrets in the order of the configuration, and when each last verified one of these receipts. */
  readonly webhookSecrets: readonly SecretUse[]
  /** Which of them, counted from 1, verified the newest webhook; `null` where none of them did. */
  readonly lastWebhookSecret: number | null
  /** How far backfill and catch-up are, or when they were last done. */
  readonly runs: readonly RunView[]
}

/** A webhook secret, told apart by a fingerprint. */
export interface SecretUse {
  readonly fingerprint: string
  readonly lastVerifiedAt: Date | null
}

/** How far a verb that takes long is. */
export interface RunView {
  readonly name: RunName
  readonly done: number
  readonly failed: number
  readonly startedAt: Date
  readonly updatedAt: Date
  readonly completedAt: Date | null
}

/** Work that waits longer than this means that nobody is doing it. */
const LONGEST_WAIT_SECONDS = 3600

type Backlog = Pick<Health, 'ok' | 'waiting' | 'oldestReceivedAt' | 'outbox' | 'deadLetters'>

/** How much waits: two counts by index, cheap enough for everybody to ask. */
export async function readBacklog(context: EngineContext): Promise<Backlog> {
  const { waiting, oldestReceivedAt, outbox, dead } = await context.store.backlog(await context.scope())
  const isLate = oldestReceivedAt !== null && context.clock.now() - oldestReceivedAt > LONGEST_WAIT_SECONDS
  return {
    ok: dead === 0 && !isLate,
    waiting,
    oldestReceivedAt: toDateOrNull(oldestReceivedAt),
    outbox,
    deadLetters: dead,
  }
}

/** How much waits, how long it takes, and whether all is well. */
export async function readHealth(context: EngineContext): Promise<Health> {
  const { store, gateway, clock } = context
  const scope = await context.scope()
  const [backlog, figures, runs] = [
    await readBacklog(context),
    await store.inboxFigures(scope, clock.now()),
    await store.runs(scope),
  ]
  const { oldestWaiting, lag, lastByType, lastBySecret } = figures
  return {
    ...backlog,
    oldestReceipt: oldestWaiting && { ...oldestWaiting, receivedAt: toDate(oldestWaiting.receivedAt) },
    lag,
    lastReceivedAt: Object.fromEntries(Object.entries(lastByType).map(([type, at]) => [type, toDate(at)])),
    webhookSecrets: gateway.secretFingerprints.map((fingerprint) => ({
      fingerprint,
      lastVerifiedAt: toDateOrNull(lastBySecret[fingerprint] ?? null),
    })),
    lastWebhookSecret: lastUsed(gateway.secretFingerprints, lastBySecret),
    runs: runs.map(toRunView),
  }
}

function lastUsed(fingerprints: readonly string[], lastBySecret: Readonly<Record<string, UnixSeconds>>): number | null {
  const newest = Object.entries(lastBySecret).toSorted(([, one], [, other]) => other - one)[0]
  const place = newest === undefined ? -1 : fingerprints.indexOf(newest[0])
  return place === -1 ? null : place + 1
}

function toRunView({ name, done, failed, startedAt, updatedAt, completedAt }: Run): RunView {
  return {
    name,
    done,
    failed,
    startedAt: toDate(startedAt),
    updatedAt: toDate(updatedAt),
    completedAt: toDateOrNull(completedAt),
  }
}
