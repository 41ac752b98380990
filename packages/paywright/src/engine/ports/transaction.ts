/**
 * A transaction that the app has opened, made by the adapter for the library it was opened with, such as
 * `drizzleTransaction(tx, sql)`.
 */
export interface Transaction {
  /** Runs one statement inside the transaction and answers its rows, as the library does. */
  readonly run: (
    text: string,
    params: readonly (string | number | boolean | bigint | null)[],
  ) => Promise<readonly unknown[]>
}
