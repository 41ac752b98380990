import { invalidRequest } from '../core/error.js'
import type { TableName } from '../core/records.js'
import type { Transaction } from '../core/transaction.js'

const DEEPEST = 4

/** Which table an id's object is in, by the id's prefix. */
const TABLES: Readonly<Record<string, TableName>> = {
  bpc: 'portal_configurations',
  ch: 'charges',
  clock: 'test_clocks',
  cs: 'checkout_sessions',
  cus: 'customers',
  evt: 'events',
  ii: 'invoice_items',
  il: 'invoice_line_items',
  in: 'invoices',
  inpay: 'invoice_payments',
  pi: 'payment_intents',
  pm: 'payment_methods',
  price: 'prices',
  prod: 'products',
  seti: 'setup_intents',
  si: 'subscription_items',
  sub: 'subscriptions',
}

/** The body with the objects in place of the ids that the request asked to expand. */
export function expand(transaction: Transaction, body: unknown, paths: readonly string[]): unknown {
  return paths.reduce((expanded, path) => expandPath(transaction, expanded, checkedPath(path)), body)
}

function checkedPath(path: string): readonly string[] {
  const steps = path.split('.')
  const levels = steps.filter((step) => step !== 'data').length
  if (levels <= DEEPEST) return steps
  const message = `You cannot expand more than ${DEEPEST} levels of a property. Property: ${path}`
  throw invalidRequest(message, { param: 'expand' })
}

function expandPath(transaction: Transaction, value: unknown, path: readonly string[]): unknown {
  const [step, ...rest] = path
  if (step === undefined || value === null || value === undefined) return value
  if (Array.isArray(value)) return value.map((element) => expandPath(transaction, element, path))
  if (typeof value !== 'object') throw cannotExpand(path.join('.'))
  const fields = value as Readonly<Record<string, unknown>>
  return { ...fields, [step]: expandPath(transaction, loaded(transaction, fields[step]), rest) }
}

function loaded(transaction: Transaction, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => loaded(transaction, element))
  if (typeof value !== 'string') return value
  const table = TABLES[value.slice(0, value.indexOf('_'))]
  const record = table && transaction.get(table, value)
  if (table !== undefined && record !== undefined) return transaction.render(table, record)
  const deleted = transaction.get('deleted_objects', value)
  return deleted === undefined ? value : { ...deleted, deleted: true }
}

function cannotExpand(path: string): Error {
  return invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' })
}
