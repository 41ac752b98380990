import { taxCodeOf } from '../core/catalogue/tax-codes.js'
import { invalidRequest, notSimulated } from '../core/error.js'
import type { TableName } from '../core/records.js'
import type { Transaction } from '../core/transaction.js'
import { answers, objects } from './expandable.generated.js'
import type { ExpandableFields } from './parameter-types.js'
import { earlierForm, expandableThen } from './earlier-answers.js'
import type { FormValue } from './form-codec.js'
import { include } from './includes.js'

type Fields = Readonly<Record<string, unknown>>

const DEEPEST = 4

/** Which table an id's object is in, by the id's prefix. */
const TABLES: Readonly<Record<string, TableName>> = {
  bpc: 'portal_configurations',
  ch: 'charges',
  clock: 'test_clocks',
  cn: 'credit_notes',
  cs: 'checkout_sessions',
  cus: 'customers',
  du: 'disputes',
  di: 'discounts',
  feat: 'entitlement_features',
  ii: 'invoice_items',
  il: 'invoice_line_items',
  in: 'invoices',
  inpay: 'invoice_payments',
  mandate: 'mandates',
  pi: 'payment_intents',
  pm: 'payment_methods',
  price: 'prices',
  prod: 'products',
  promo: 'promotion_codes',
  py: 'charges',
  pyr: 'refunds',
  qt: 'quotes',
  re: 'refunds',
  setatt: 'setup_attempts',
  seti: 'setup_intents',
  shr: 'shipping_rates',
  si: 'subscription_items',
  sub: 'subscriptions',
  txn: 'balance_transactions',
  txi: 'tax_ids',
  txr: 'tax_rates',
}

/** Where deleted objects are kept that stay what they were to those who refer to them. */
const DELETED: Readonly<Partial<Record<TableName, readonly TableName[]>>> = {
  coupons: ['deleted_coupons'],
  prices: ['deleted_prices'],
}

/** The tables whose objects their ids do not tell: the client may have chosen them, or they have no prefix of their own. */
const BY_KIND: Readonly<Record<string, TableName>> = {
  'Billing.CreditGrant': 'credit_grants',
  Coupon: 'coupons',
  Customer: 'customers',
  CustomerBalanceTransaction: 'customer_balance_transactions',
  // A customer's sources are payment methods as well.
  PaymentLink: 'payment_links',
  PaymentMethod: 'payment_methods',
  Price: 'prices',
  Product: 'products',
  // Their ids begin as those of subscriptions do.
  SubscriptionSchedule: 'subscription_schedules',
}

/**
 * Reads `expand[]` of a request and refuses what cannot be expanded in this route's answer.
 *
 * @throws StripeError when a property is no object, or lies deeper than four levels
 */
export function readExpand(
  { route, version }: { readonly route: string; readonly version: string },
  value: FormValue | undefined,
): readonly string[] {
  if (value === undefined || value === '') return []
  if (typeof value === 'string') throw invalidRequest('Invalid array', { param: 'expand' })
  const paths = Object.values(value).map(String)
  for (const path of paths) check(path, answers[route], version)
  return paths
}

/** What can be expanded in a kind of object; `undefined` for one that nothing is known of. */
function fieldsOf(kind: string | undefined, version: string): ExpandableFields | undefined {
  const fields = kind === undefined ? undefined : objects[kind]
  return kind === undefined || fields === undefined ? fields : { ...fields, ...expandableThen(kind, version) }
}

function check(path: string, answer: string | undefined, version: string): void {
  const steps = path.split('.')
  if (steps.filter((step) => step !== 'data').length > DEEPEST) {
    throw invalidRequest(`You cannot expand more than ${DEEPEST} levels of a property (${path}).`, { param: 'expand' })
  }
  let kind = answer
  for (const step of steps) {
    const fields = fieldsOf(kind, version)
    if (fields === undefined) return
    const field = Object.hasOwn(fields, step) ? fields[step] : undefined
    if (field === undefined) throw invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' })
    kind = field.to
  }
}

/** The body in the form of its version, with objects in place of the ids that the request asked to expand. */
export function expand(
  transaction: Transaction,
  body: unknown,
  request: { readonly route: string; readonly version: string; readonly paths: readonly string[] },
): unknown {
  const { route, version, paths } = request
  const shape = earlierForm(transaction, version) ?? asItIs
  return paths.reduce(
    (value, path) =>
      expandAt(transaction, value, { steps: path.split('.'), kind: answers[route], path, version, shape }),
    shape(body),
  )
}

function asItIs(value: unknown): unknown {
  return value
}

interface Place {
  readonly steps: readonly string[]
  readonly kind: string | undefined
  readonly path: string
  readonly version: string
  /** Puts what is loaded into the form of the version. */
  readonly shape: (value: unknown) => unknown
  readonly owner?: Owner
}

/** The object that a value is in, and the way from it to the value. */
interface Owner {
  readonly fields: Fields
  readonly trail: string
}

function expandAt(transaction: Transaction, value: unknown, place: Place): unknown {
  const [step, ...rest] = place.steps
  if (Array.isArray(value)) return value.map((element) => expandAt(transaction, element, place))
  if (step === undefined || typeof value !== 'object' || value === null) return value
  const fields = value as Fields
  const field = fieldsOf(place.kind, place.version)?.[step]
  const owner = ownerOf(fields, place)
  const current =
    fields[step] === undefined ? place.shape(include(transaction, owner.fields, owner.trail + step)) : fields[step]
  if (current === undefined) return value
  const loaded = field?.ids === true ? load(transaction, current, { ...place, kind: field.to }) : current
  const inner = { ...place, steps: rest, kind: field?.to, owner: { ...owner, trail: `${owner.trail}${step}.` } }
  return { ...fields, [step]: expandAt(transaction, loaded, inner) }
}

/** Plain hashes within an object, such as `restrictions`, belong to it. */
function ownerOf(fields: Fields, place: Place): Owner {
  if (place.owner !== undefined && fields['object'] === undefined) return place.owner
  return { fields, trail: '' }
}

function load(transaction: Transaction, value: unknown, place: Place): unknown {
  if (Array.isArray(value)) return value.map((element) => load(transaction, element, place))
  if (typeof value !== 'string') return value
  const table = BY_KIND[place.kind ?? ''] ?? TABLES[value.slice(0, value.indexOf('_'))]
  const tables = table === undefined ? [] : [table, ...(DELETED[table] ?? [])]
  for (const name of tables) {
    const record = transaction.get(name, value)
    if (record !== undefined) return place.shape(transaction.render(name, record))
  }
  const known = taxCodeOf(value)
  if (known !== undefined) return known
  const deleted = transaction.get('deleted_objects', value)
  if (deleted !== undefined) return { id: deleted.id, object: deleted.object, deleted: true }
  throw notSimulated(`Expanding ${place.path} (${value})`, 'expand')
}
