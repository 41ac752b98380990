import { invalidRequest, notSimulated } from '../core/error.js'
import type { TableName } from '../core/records.js'
import type { Transaction } from '../core/transaction.js'
import { answers, objects } from './expandable.generated.js'
import type { FormValue } from './form-codec.js'
import { include } from './includes.js'

/**
 * The fields of one kind of object that can be named in `expand`. With `ids`, the field holds the id of an object; `to`
 * names the kind of object that is, or becomes, its value.
 */
export type ExpandableFields = Readonly<Record<string, { readonly ids?: boolean; readonly to?: string }>>

type Fields = Readonly<Record<string, unknown>>

const DEEPEST = 4

/** Which table an id's object is in, by the id's prefix. */
const TABLES: Readonly<Record<string, TableName>> = {
  bpc: 'portal_configurations',
  ch: 'charges',
  clock: 'test_clocks',
  cs: 'checkout_sessions',
  cus: 'customers',
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
  txn: 'balance_transactions',
}

/** The tables whose objects are found by ids that the client may have chosen itself. */
const BY_KIND: Readonly<Record<string, TableName>> = { Customer: 'customers', Product: 'products' }

/**
 * Reads `expand[]` of a request and refuses what cannot be expanded in this route's answer.
 *
 * @throws StripeError when a property is no object, or lies deeper than four levels
 */
export function readExpand(route: string, value: FormValue | undefined): readonly string[] {
  if (value === undefined || value === '') return []
  if (typeof value === 'string') throw invalidRequest('Invalid array', { param: 'expand' })
  const paths = Object.values(value).map(String)
  for (const path of paths) check(path, answers[route])
  return paths
}

function check(path: string, answer: string | undefined): void {
  const steps = path.split('.')
  if (steps.filter((step) => step !== 'data').length > DEEPEST) {
    throw invalidRequest(`You cannot expand more than ${DEEPEST} levels of a property (${path}).`, { param: 'expand' })
  }
  let kind = answer
  for (const step of steps) {
    const fields = kind === undefined ? undefined : objects[kind]
    if (fields === undefined) return
    const field = Object.hasOwn(fields, step) ? fields[step] : undefined
    if (field === undefined) throw invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' })
    kind = field.to
  }
}

/** The body with objects in place of the ids that the request asked to expand. */
export function expand(
  transaction: Transaction,
  body: unknown,
  request: { route: string; paths: readonly string[] },
): unknown {
  const { route, paths } = request
  return paths.reduce(
    (value, path) => expandAt(transaction, value, { steps: path.split('.'), kind: answers[route], path }),
    body,
  )
}

interface Place {
  readonly steps: readonly string[]
  readonly kind: string | undefined
  readonly path: string
}

function expandAt(transaction: Transaction, value: unknown, place: Place): unknown {
  const [step, ...rest] = place.steps
  if (Array.isArray(value)) return value.map((element) => expandAt(transaction, element, place))
  if (step === undefined || typeof value !== 'object' || value === null) return value
  const fields = value as Fields
  const field = place.kind === undefined ? undefined : objects[place.kind]?.[step]
  const current = fields[step] === undefined ? include(transaction, fields, step) : fields[step]
  if (current === undefined) return value
  const loaded = field?.ids === true ? load(transaction, current, { ...place, kind: field.to }) : current
  return { ...fields, [step]: expandAt(transaction, loaded, { steps: rest, kind: field?.to, path: place.path }) }
}

function load(transaction: Transaction, value: unknown, place: Place): unknown {
  if (Array.isArray(value)) return value.map((element) => load(transaction, element, place))
  if (typeof value !== 'string') return value
  const table = BY_KIND[place.kind ?? ''] ?? TABLES[value.slice(0, value.indexOf('_'))]
  const record = table === undefined ? undefined : transaction.get(table, value)
  if (table !== undefined && record !== undefined) return transaction.render(table, record)
  const deleted = transaction.get('deleted_objects', value)
  if (deleted !== undefined) return { id: deleted.id, object: deleted.object, deleted: true }
  throw notSimulated(`Expanding ${place.path} (${value})`, 'expand')
}
