/** The product's own table in all runs. */
export const USERS_TABLE = { name: 'users', id: 'id' }

/** What one process of the product is started with; it comes as the first message. */
export interface InstanceOrder {
  readonly kind: 'begin'
  /** Tried in this order by `pg`, or one address. */
  readonly databaseUrl: string
  readonly apiBase: string
  readonly secretKey: string
  readonly webhookSecrets: readonly string[]
  /** Where effects are told: the consumer that keeps count. */
  readonly consumerUrl: string
  readonly leaseSeconds: number
}

/** What a process is told while it runs. */
export type ToInstance =
  | InstanceOrder
  /** Stop yourself, as a signal from outside would, with the next write decided and not begun. */
  | { readonly kind: 'stop before a write' }

/** What a process tells while it runs. */
export type FromInstance =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'stopping'; readonly subject: string; readonly wantedSeq: string }
  /** It goes on after it was stopped, and has tried to write what it had in hand. */
  | { readonly kind: 'went on'; readonly isWritten: boolean }
  /** It had a subject in hand that somebody else has taken over: it has written nothing. */
  | { readonly kind: 'lost'; readonly subject: string }
  | { readonly kind: 'log'; readonly level: 'warn' | 'error'; readonly text: string }
