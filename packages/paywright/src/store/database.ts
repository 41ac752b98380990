/** A row as the driver answers it, by the names of the selected columns. */
export type Row = Readonly<Record<string, unknown>>

/**
 * Runs one statement and answers its rows. Without parameters the text may hold several statements. Every parameter is
 * cast in the text, and structured values are passed as JSON text, so that all drivers send the same.
 */
export type Exec = (text: string, params?: readonly Parameter[]) => Promise<readonly Row[]>

export type Parameter = string | number | boolean | bigint | null

export interface TransactionOptions {
  /** May take as long as it needs, as a migration does. */
  readonly isUnlimited?: boolean
}

/** A Postgres that Paywright keeps its state in: made by `postgres(…)` or `pglite(…)`. */
export interface Database {
  readonly exec: Exec
  /** Runs the work in one transaction. Inside, only the given `exec` may be used. */
  transaction<Result>(work: (exec: Exec) => Promise<Result>, options?: TransactionOptions): Promise<Result>
  /** Closes what was opened here; a pool or instance that was handed in stays open. */
  close(): Promise<void>
}
