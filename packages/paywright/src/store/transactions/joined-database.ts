import type { Transaction } from '../../engine/ports.js'
import type { Database, Parameter, Row } from '../database.js'
import { databaseError } from '../database-error.js'

/**
 * The app's transaction as a database whose every statement runs in it. Its own transactions are parts of that one, and
 * closing it does nothing: the app began it, and the app ends it.
 */
export function joinedDatabase(transaction: Transaction): Database {
  const exec = async (text: string, params: readonly Parameter[] = []): Promise<readonly Row[]> => {
    try {
      return rowsIn(await transaction.run(answeringText(text), params))
    } catch (error) {
      throw databaseError(error)
    }
  }
  return { exec, transaction: (work) => work(exec), close: () => Promise.resolve() }
}

/**
 * Has the rows answered as one JSON text. Libraries are set up to read big numbers and instants in their own ways and to
 * rename columns; none of that touches a text in a row of one column, whatever its name becomes.
 */
function answeringText(text: string): string {
  return `with answer as (${text}) select coalesce(json_agg(answer), '[]'::json)::text as answer from answer`
}

function rowsIn(answered: readonly unknown[]): readonly Row[] {
  const [row] = answered
  const [rows] = typeof row === 'object' && row !== null ? Object.values(row) : []
  if (typeof rows !== 'string') throw new TypeError(`The adapter should answer a text, and answered ${typeof rows}.`)
  // Guaranteed by `json_agg` of rows.
  return JSON.parse(rows) as readonly Row[]
}
