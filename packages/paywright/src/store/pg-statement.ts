import { createHash } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'
import type { Parameter, Row } from './database.js'

export interface Running {
  readonly isPrepared: boolean
  /** Milliseconds after which no answer is waited for; 0: no end. */
  readonly answerWithin: number
}

/** A statement as `pg` takes it; its declarations do not name `query_timeout`, which it reads of each. */
interface Statement {
  readonly text: string
  readonly name?: string
  readonly values?: Parameter[]
  readonly query_timeout?: number
}

export async function runStatement(
  client: Pick<Pool | PoolClient, 'query'>,
  { text, params }: { readonly text: string; readonly params: readonly Parameter[] | undefined },
  { isPrepared, answerWithin }: Running,
): Promise<readonly Row[]> {
  const limit = answerWithin === 0 ? {} : { query_timeout: answerWithin }
  if (params === undefined) {
    const several: Statement = { text, ...limit }
    const answer: { rows: Row[] } | { rows: Row[] }[] = await client.query(several)
    return Array.isArray(answer) ? (answer.at(-1)?.rows ?? []) : answer.rows
  }
  const name = isPrepared ? nameOf(text) : undefined
  const one: Statement = { text, values: [...params], ...limit, ...(name !== undefined && { name }) }
  const { rows } = await client.query<Row>(one)
  return rows
}

/** More than the store has; a bound, because each connection keeps every statement that has a name. */
const MOST_NAMES = 300

const names = new Map<string, string>()

/** The same name for the same text, in every process, as PgBouncer wants it. */
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= MOST_NAMES) return known
  const name = `paywright_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
  names.set(text, name)
  return name
}
