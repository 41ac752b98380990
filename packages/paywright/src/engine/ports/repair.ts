import type { Price, Product } from '../../domain/mirror.js'
import type { UnixSeconds } from '../../domain/time.js'

/** What takes long and goes on where it was ended, each with a place of its own. */
export type RunName = 'catch_up' | 'backfill.customers'

/** One carrying out of such a verb from beginning to end, over as many processes as it takes. */
export interface Run {
  readonly name: RunName
  /** Only who has it writes how far the run is. */
  readonly token: string
  /** Where it goes on; `null` at the beginning, and where the verb begins again instead. */
  readonly cursor: string | null
  readonly done: number
  readonly failed: number
  readonly startedAt: UnixSeconds
  readonly updatedAt: UnixSeconds
  readonly completedAt: UnixSeconds | null
  /** When the last run that came to its end had begun. */
  readonly lastCompletedStart: UnixSeconds | null
}

/** What reconciling asks of our own database about a customer of Stripe, besides the mirror. */
export interface SubjectFacts {
  /** A sync is due or under way, which explains any difference. */
  readonly isWaiting: boolean
  /** A customer of the app stands behind it. */
  readonly isLinked: boolean
}

export interface MirroredCatalog {
  readonly products: readonly Product[]
  readonly prices: readonly Price[]
}

/** Which receipts to put back to work; all that is given must fit. */
export interface ReceiptFilter {
  readonly eventIds?: readonly string[] | undefined
  /** A type, or its beginning and `*`. */
  readonly type?: string | undefined
  readonly subject?: string | undefined
  readonly receivedFrom?: UnixSeconds | undefined
  readonly receivedUntil?: UnixSeconds | undefined
}

/** How receiving and syncing fares, from the newest receipts. */
export interface InboxFigures {
  readonly oldestWaiting: { readonly eventId: string; readonly type: string; readonly receivedAt: UnixSeconds } | null
  /** Seconds from receipt to processing, of those received within the last hour; `null` where there are none. */
  readonly lag: {
    readonly receipts: number
    readonly p50: number
    readonly p95: number
    readonly p99: number
  } | null
  readonly lastByType: Readonly<Record<string, UnixSeconds>>
  /** When a delivery was last verified by a secret, by its fingerprint. */
  readonly lastBySecret: Readonly<Record<string, UnixSeconds>>
}
