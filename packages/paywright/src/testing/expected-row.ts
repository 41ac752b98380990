/** A row as it ought to stand in a table of the mirror: by column, instants in seconds. */
export interface ExpectedRow {
  readonly table: string
  readonly id: string
  readonly columns: Readonly<Record<string, unknown>>
  /** It need not be there. */
  readonly isOptional?: boolean
}
