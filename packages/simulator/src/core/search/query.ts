import { invalidRequest, type StripeError } from '../error.js'

/** One condition of a search query. https://docs.stripe.com/search#search-query-language */
export interface Clause {
  readonly isNegated: boolean
  /** `metadata` has a key. */
  readonly field: string
  readonly key: string | undefined
  readonly operator: Operator
  /** `null` asks for objects without a value. */
  readonly value: string | null
}

export type Operator = ':' | '~' | '>' | '<' | '>=' | '<='

export interface Query {
  readonly clauses: readonly Clause[]
  /** A query joins its clauses in one way only; Stripe has no parentheses. */
  readonly join: 'and' | 'or'
}

const MOST_CLAUSES = 10
const SHORTEST_PART = 3

const TEXT = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`
const CLAUSE = new RegExp(
  String.raw`^(-?)([A-Za-z_][\w.]*)(?:\[(${TEXT})\])?\s*(:|~|>=|<=|>|<|=)\s*(${TEXT}|[^\s"']+)(?=\s|$)`,
)
const JOINT = /^(AND|OR)(?=\s)/i

/**
 * Reads a search query.
 *
 * @throws StripeError when it cannot be understood
 */
export function parseQuery(text: string): Query {
  const clauses: Clause[] = []
  const joints = new Set<string>()
  let rest = text.trim()
  while (rest !== '') {
    const joint = clauses.length === 0 ? null : JOINT.exec(rest)
    if (joint !== null) rest = rest.slice(joint[0].length).trimStart()
    if (clauses.length > 0) joints.add((joint?.[1] ?? 'and').toLowerCase())
    const { clause, length } = readClause(rest)
    clauses.push(clause)
    rest = rest.slice(length).trimStart()
  }
  if (clauses.length === 0) throw notUnderstood()
  if (joints.size > 1) throw refused('You cannot combine AND and OR in the same search query.')
  if (clauses.length > MOST_CLAUSES) throw refused(`A search query can have at most ${MOST_CLAUSES} clauses.`)
  return { clauses, join: joints.has('or') ? 'or' : 'and' }
}

function readClause(text: string): { clause: Clause; length: number } {
  const match = CLAUSE.exec(text)
  if (match === null) throw notUnderstood()
  const [whole, minus = '', field = '', key, sign = ':', value = ''] = match
  const isNull = value === 'null'
  const read = isNull ? null : unquoted(value)
  const operator = operatorOf(sign)
  if (operator === '~' && (read ?? '').length < SHORTEST_PART) {
    throw refused(`A substring match needs at least ${SHORTEST_PART} characters.`)
  }
  const clause = { isNegated: minus === '-', field, operator, value: read }
  return { clause: { ...clause, key: key === undefined ? undefined : unquoted(key) }, length: whole.length }
}

function operatorOf(sign: string): Operator {
  switch (sign) {
    case '~':
    case '>':
    case '<':
    case '>=':
    case '<=':
      return sign
    default:
      return ':'
  }
}

function unquoted(text: string): string {
  if (!/^["']/.test(text)) return text
  return text.slice(1, -1).replaceAll(/\\(.)/g, '$1')
}

function refused(message: string): StripeError {
  return invalidRequest(message, { param: 'query' })
}

function notUnderstood(): StripeError {
  return refused(
    'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for metadata or ' +
      '`key:"value"` to query for other fields.',
  )
}
