import type { Row } from './database.js'

// Postgres takes neither NUL in text nor a half of a surrogate pair in jsonb.
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** The text with what Postgres cannot store replaced by U+FFFD. */
export function storable(value: string): string
export function storable(value: string | null): string | null
export function storable(value: string | null): string | null {
  return value === null ? null : value.replaceAll(UNSTORABLE, '\ufffd')
}

/** The value as JSON text that `$n::text::jsonb` accepts, whatever strings it carries. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'string' ? storable(item) : item))
}

/**
 * Reads a column that was selected as JSON text. The caller names what it holds: either our own `encodeJson` wrote it,
 * or the statement beside it built it column by column.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- The caller alone knows the shape.
export function decodeJson<Value>(row: Row, column: string): Value {
  return JSON.parse(text(row, column)) as Value
}

export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw wrongType(column, 'text', value)
  return value
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column)
}

/** An int8, which one driver answers as text and another as a number or bigint. */
export function bigint(row: Row, column: string): bigint {
  const value = row[column]
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') {
    throw wrongType(column, 'bigint', value)
  }
  return BigInt(value)
}

/** An integer that is known to be small enough for a number, such as an instant in seconds. */
export function integer(row: Row, column: string): number {
  const value = Number(bigint(row, column))
  if (!Number.isSafeInteger(value)) throw wrongType(column, 'safe integer', row[column])
  return value
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column)
}

export function boolean(row: Row, column: string): boolean {
  const value = row[column]
  if (typeof value !== 'boolean') throw wrongType(column, 'boolean', value)
  return value
}

/** The only row of an answer that must have one, such as that of `insert … returning`. */
export function onlyRow(rows: readonly Row[]): Row {
  const [row] = rows
  if (row === undefined || rows.length > 1) throw new Error(`Expected one row, the database answered ${rows.length}.`)
  return row
}

function wrongType(column: string, expected: string, value: unknown): TypeError {
  return new TypeError(`Column ${column} should be ${expected}, the driver answered ${typeof value}.`)
}

/** For the default of a switch over a closed union: the compiler knows that it is not reached. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected ${JSON.stringify(value)}.`)
}
