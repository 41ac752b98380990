import { invalidRequest, type StripeError } from '../error.js'
import type { Clause, Query } from './query.js'

/** What a record holds in a field that can be searched; several where the field is a list. */
export type Found = string | number | boolean | null | undefined

export interface Field<Record> {
  /** Texts can be matched in part, numbers compared. */
  readonly type: 'text' | 'number' | 'flag'
  readonly of: (record: Record) => Found
}

export type Fields<Record> = Readonly<{ [name: string]: Field<Record> }>

/** The records that a query asks for, as a test of one record. */
export function matcherOf<Record extends object>(
  query: Query,
  fields: Fields<Record>,
  resource: string,
): (record: Record) => boolean {
  const tests = query.clauses.map((clause) => testOf(clause, fieldOf(clause, fields, resource)))
  return (record) => (query.join === 'or' ? tests.some((test) => test(record)) : tests.every((test) => test(record)))
}

function fieldOf<Record extends object>(clause: Clause, fields: Fields<Record>, resource: string): Field<Record> {
  const { field: name, key } = clause
  if (name === 'metadata') {
    if (key === undefined) throw refused('Metadata is searched by key: metadata["key"]:"value".')
    return { type: 'text', of: (record) => metadataOf(record)?.[key] }
  }
  const field = key === undefined && Object.hasOwn(fields, name) ? fields[name] : undefined
  if (field !== undefined) return field
  throw refused(
    `Field \`${name}\` is an unsupported search field for resource \`${resource}\`. See ` +
      `http://stripe.com/docs/search#query-fields-for-${resource} for a list of supported fields.`,
  )
}

function metadataOf(record: object): Readonly<{ [key: string]: string }> | null | undefined {
  // Guaranteed: what can be searched by metadata has it in Stripe's form.
  return (record as { readonly metadata?: Readonly<{ [key: string]: string }> | null }).metadata
}

function testOf<Record>(clause: Clause, field: Field<Record>): (record: Record) => boolean {
  const { isNegated } = clause
  const holds = conditionOf(clause, field.type)
  return (record) => holds(field.of(record) ?? null) !== isNegated
}

type Condition = (value: string | number | boolean | null) => boolean

function conditionOf(clause: Clause, type: Field<never>['type']): Condition {
  const { operator, value } = clause
  if (value === null) {
    if (operator !== ':') throw unsupported(clause, type)
    return (found) => found === null || found === ''
  }
  if (type === 'number') return comparison(clause, Number(value))
  if (operator === '~' && type === 'text') return (found) => found !== null && fold(found).includes(fold(value))
  if (operator !== ':') throw unsupported(clause, type)
  return (found) => found !== null && fold(found) === fold(value)
}

/** Texts match in any case. */
function fold(value: string | number | boolean): string {
  return String(value).toLowerCase()
}

function comparison(clause: Clause, bound: number): Condition {
  if (Number.isNaN(bound)) throw refused(`The field \`${clause.field}\` is compared with a number.`)
  const compare = comparisonOf(clause)
  return (found) => typeof found === 'number' && compare(found, bound)
}

function comparisonOf(clause: Clause): (left: number, right: number) => boolean {
  switch (clause.operator) {
    case ':':
      return (left, right) => left === right
    case '>':
      return (left, right) => left > right
    case '<':
      return (left, right) => left < right
    case '>=':
      return (left, right) => left >= right
    case '<=':
      return (left, right) => left <= right
    case '~':
      throw unsupported(clause, 'number')
    default:
      return clause.operator satisfies never
  }
}

function unsupported({ field, operator }: Clause, type: string): StripeError {
  return refused(`The operator \`${operator}\` cannot be used with the field \`${field}\`, which holds a ${type}.`)
}

function refused(message: string): StripeError {
  return invalidRequest(message, { param: 'query' })
}
