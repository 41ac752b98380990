import type { CatalogRecordKind, CustomerRecordKind, RecordKind } from '../domain/records.js'
import { OWNER_TYPES, type OwnerColumn } from './mirror-table.js'

/** A column that Postgres takes from `object` whenever that is written, so that the two cannot disagree. */
export interface GeneratedColumn {
  readonly type: 'text' | 'bigint' | 'numeric' | 'boolean' | 'timestamptz'
  /** Where it stands in the object, or else. */
  readonly paths: readonly (readonly string[])[]
}

/** A table of records: one row for each, with the whole object. */
export interface RecordTable {
  readonly name: string
  /** The column of the id at Stripe. */
  readonly id: string
  /** The columns before that of the id, which say whose rows these are. */
  readonly owner: readonly OwnerColumn[]
  readonly columns: Readonly<Record<string, GeneratedColumn>>
  /** The column that names what a list of them belongs to, where that is not the customer. */
  readonly listedBy?: string
  /** Which rows a list of the customer's shows; all where left out. */
  readonly listed?: string
  /** It is known by its list, so that its own instant decides nothing; one that is gone may come back with its list. */
  readonly isKnownByList?: boolean
}

type Path = readonly [string, ...string[]]

const text = (...path: Path): GeneratedColumn => ({ type: 'text', paths: [path] })
const bigint = (...path: Path): GeneratedColumn => ({ type: 'bigint', paths: [path] })
const numeric = (...path: Path): GeneratedColumn => ({ type: 'numeric', paths: [path] })
const boolean = (...path: Path): GeneratedColumn => ({ type: 'boolean', paths: [path] })
const time = (...path: Path): GeneratedColumn => ({ type: 'timestamptz', paths: [path] })

const CUSTOMER_TABLES = {
  invoiceLine: {
    name: 'invoice_lines',
    id: 'stripe_invoice_line_id',
    listedBy: 'stripe_invoice_id',
    isKnownByList: true,
    columns: {
      stripe_invoice_id: text('invoice'),
      stripe_subscription_id: text('subscription'),
      stripe_subscription_item_id: text('parent', 'subscription_item_details', 'subscription_item'),
      stripe_price_id: text('pricing', 'price_details', 'price'),
      stripe_product_id: text('pricing', 'price_details', 'product'),
      description: text('description'),
      currency: text('currency'),
      amount: bigint('amount'),
      subtotal: bigint('subtotal'),
      quantity: bigint('quantity'),
      is_proration: {
        type: 'boolean',
        paths: [
          ['parent', 'subscription_item_details', 'proration'],
          ['parent', 'invoice_item_details', 'proration'],
        ],
      },
      period_start: time('period', 'start'),
      period_end: time('period', 'end'),
    },
  },
  subscriptionSchedule: {
    name: 'subscription_schedules',
    id: 'stripe_subscription_schedule_id',
    columns: {
      stripe_subscription_id: text('subscription'),
      released_subscription_id: text('released_subscription'),
      status: text('status'),
      end_behavior: text('end_behavior'),
      current_phase_start: time('current_phase', 'start_date'),
      current_phase_end: time('current_phase', 'end_date'),
      created_at: time('created'),
      completed_at: time('completed_at'),
      canceled_at: time('canceled_at'),
      released_at: time('released_at'),
    },
  },
  paymentIntent: {
    name: 'payment_intents',
    id: 'stripe_payment_intent_id',
    columns: {
      stripe_payment_method_id: text('payment_method'),
      latest_charge_id: text('latest_charge'),
      status: text('status'),
      currency: text('currency'),
      amount: bigint('amount'),
      amount_received: bigint('amount_received'),
      amount_capturable: bigint('amount_capturable'),
      capture_method: text('capture_method'),
      cancellation_reason: text('cancellation_reason'),
      last_error_code: text('last_payment_error', 'code'),
      last_error_decline_code: text('last_payment_error', 'decline_code'),
      created_at: time('created'),
      canceled_at: time('canceled_at'),
    },
  },
  charge: {
    name: 'charges',
    id: 'stripe_charge_id',
    columns: {
      stripe_payment_intent_id: text('payment_intent'),
      stripe_payment_method_id: text('payment_method'),
      stripe_balance_transaction_id: text('balance_transaction'),
      status: text('status'),
      currency: text('currency'),
      amount: bigint('amount'),
      amount_captured: bigint('amount_captured'),
      amount_refunded: bigint('amount_refunded'),
      is_paid: boolean('paid'),
      is_captured: boolean('captured'),
      is_refunded: boolean('refunded'),
      is_disputed: boolean('disputed'),
      failure_code: text('failure_code'),
      failure_message: text('failure_message'),
      receipt_url: text('receipt_url'),
      created_at: time('created'),
    },
  },
  refund: {
    name: 'refunds',
    id: 'stripe_refund_id',
    columns: {
      stripe_charge_id: text('charge'),
      stripe_payment_intent_id: text('payment_intent'),
      stripe_balance_transaction_id: text('balance_transaction'),
      status: text('status'),
      currency: text('currency'),
      amount: bigint('amount'),
      reason: text('reason'),
      failure_reason: text('failure_reason'),
      created_at: time('created'),
    },
  },
  dispute: {
    name: 'disputes',
    id: 'stripe_dispute_id',
    columns: {
      stripe_charge_id: text('charge'),
      stripe_payment_intent_id: text('payment_intent'),
      status: text('status'),
      reason: text('reason'),
      currency: text('currency'),
      amount: bigint('amount'),
      is_charge_refundable: boolean('is_charge_refundable'),
      evidence_due_at: time('evidence_details', 'due_by'),
      created_at: time('created'),
    },
  },
  creditNote: {
    name: 'credit_notes',
    id: 'stripe_credit_note_id',
    columns: {
      stripe_invoice_id: text('invoice'),
      number: text('number'),
      type: text('type'),
      status: text('status'),
      reason: text('reason'),
      currency: text('currency'),
      amount: bigint('amount'),
      subtotal: bigint('subtotal'),
      total: bigint('total'),
      created_at: time('created'),
      voided_at: time('voided_at'),
    },
  },
  discount: {
    name: 'discounts',
    id: 'stripe_discount_id',
    // Those of a single invoice or purchase stand in no list, and never end.
    listed: 'stripe_invoice_id is null and stripe_invoice_item_id is null and stripe_checkout_session_id is null',
    columns: {
      stripe_subscription_id: text('subscription'),
      stripe_subscription_item_id: text('subscription_item'),
      stripe_invoice_id: text('invoice'),
      stripe_invoice_item_id: text('invoice_item'),
      stripe_checkout_session_id: text('checkout_session'),
      stripe_coupon_id: text('source', 'coupon'),
      stripe_promotion_code_id: text('promotion_code'),
      start_at: time('start'),
      end_at: time('end'),
    },
  },
  checkoutSession: {
    name: 'checkout_sessions',
    id: 'stripe_checkout_session_id',
    columns: {
      stripe_subscription_id: text('subscription'),
      stripe_payment_intent_id: text('payment_intent'),
      stripe_invoice_id: text('invoice'),
      client_reference_id: text('client_reference_id'),
      mode: text('mode'),
      status: text('status'),
      payment_status: text('payment_status'),
      currency: text('currency'),
      amount_subtotal: bigint('amount_subtotal'),
      amount_total: bigint('amount_total'),
      created_at: time('created'),
      expires_at: time('expires_at'),
    },
  },
  taxId: {
    name: 'tax_ids',
    id: 'stripe_tax_id',
    columns: {
      type: text('type'),
      value: text('value'),
      country: text('country'),
      verification_status: text('verification', 'status'),
      created_at: time('created'),
    },
  },
  activeEntitlement: {
    name: 'active_entitlements',
    id: 'stripe_active_entitlement_id',
    isKnownByList: true,
    columns: { stripe_feature_id: text('feature'), lookup_key: text('lookup_key') },
  },
} as const satisfies Record<CustomerRecordKind, Omit<RecordTable, 'owner'>>

const CATALOG_TABLES = {
  feature: {
    name: 'features',
    id: 'stripe_feature_id',
    columns: { name: text('name'), lookup_key: text('lookup_key'), is_active: boolean('active') },
  },
  coupon: {
    name: 'coupons',
    id: 'stripe_coupon_id',
    columns: {
      name: text('name'),
      percent_off: numeric('percent_off'),
      amount_off: bigint('amount_off'),
      currency: text('currency'),
      duration: text('duration'),
      duration_in_months: bigint('duration_in_months'),
      max_redemptions: bigint('max_redemptions'),
      times_redeemed: bigint('times_redeemed'),
      is_valid: boolean('valid'),
      redeem_by: time('redeem_by'),
      created_at: time('created'),
    },
  },
  promotionCode: {
    name: 'promotion_codes',
    id: 'stripe_promotion_code_id',
    columns: {
      code: text('code'),
      stripe_coupon_id: text('promotion', 'coupon'),
      only_for_customer_id: text('customer'),
      is_active: boolean('active'),
      max_redemptions: bigint('max_redemptions'),
      times_redeemed: bigint('times_redeemed'),
      expires_at: time('expires_at'),
      created_at: time('created'),
    },
  },
  meter: {
    name: 'meters',
    id: 'stripe_meter_id',
    columns: {
      display_name: text('display_name'),
      event_name: text('event_name'),
      status: text('status'),
      aggregation: text('default_aggregation', 'formula'),
      created_at: time('created'),
    },
  },
} as const satisfies Record<CatalogRecordKind, Omit<RecordTable, 'owner'>>

/** The one list of kinds, from which every statement about records is made. */
export const RECORD_TABLES: ReadonlyMap<RecordKind, RecordTable> = new Map<RecordKind, RecordTable>([
  ...tablesOf(CUSTOMER_TABLES, ['account', 'livemode', 'stripe_customer_id']),
  ...tablesOf(CATALOG_TABLES, ['account', 'livemode']).map(
    ([kind, table]) => [kind, { ...table, isKnownByList: true }] as const,
  ),
])

function tablesOf<Kind extends RecordKind>(
  tables: Readonly<Record<Kind, Omit<RecordTable, 'owner'>>>,
  owner: RecordTable['owner'],
): readonly (readonly [Kind, RecordTable])[] {
  // Guaranteed by the type: the tables are named by their kinds, and there are no others.
  const kinds = Object.keys(tables) as Kind[]
  return kinds.map((kind) => [kind, { ...tables[kind], owner }])
}

export function recordTable(kind: RecordKind): RecordTable {
  const table = RECORD_TABLES.get(kind)
  if (table === undefined) throw new Error(`There is no table for ${kind}.`)
  return table
}

/** The statement that makes the table: the migration has it word by word. */
export function createTable(table: RecordTable): string {
  const { owner } = table
  const lines = [
    ...owner.map((column) => `${column} ${OWNER_TYPES[column]} not null`),
    `${table.id} text not null`,
    'object jsonb not null',
    'seen_from timestamptz not null',
    'seen_until timestamptz not null',
    'deleted_at timestamptz',
    ...Object.entries(table.columns).map(
      ([column, generated]) => `${column} ${generated.type} generated always as (${expressionOf(generated)}) stored`,
    ),
    `primary key (${[...owner, table.id].join(', ')})`,
  ]
  return `create table paywright.${table.name} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n);`
}

function expressionOf({ type, paths }: GeneratedColumn): string {
  const values = paths.map((path) =>
    path.length === 1 ? `object ->> '${path[0]}'` : `object #>> '{${path.join(',')}}'`,
  )
  const value = values.length === 1 ? (values[0] ?? '') : `coalesce(${values.join(', ')})`
  if (type === 'text') return value
  return type === 'timestamptz' ? `to_timestamp((${value})::bigint)` : `(${value})::${type}`
}
