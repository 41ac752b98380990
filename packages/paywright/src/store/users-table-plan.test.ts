import { expect, test } from 'vitest'
import { type ColumnDescription, planUsersTable, type TableDescription } from './users-table-plan.js'

const ID = column({ name: 'id', type: 'uuid', isRequired: true })

function column(parts: Partial<ColumnDescription> & { name: string }): ColumnDescription {
  return { type: 'text', isRequired: false, hasDefault: false, isGenerated: false, ...parts }
}

function table(columns: readonly ColumnDescription[], indexed: readonly string[] = []): TableDescription {
  return { name: '"users"', kind: 'table', columns: [ID, ...columns], indexed }
}

test('a table without our columns gets all six, and the index', () => {
  expect(planUsersTable(table([]), 'id').statements).toEqual([
    'alter table "users" add column stripe_customer_id text',
    'alter table "users" add column stripe_subscription_id text',
    `alter table "users" add column subscription_tier text not null default 'free'`,
    'alter table "users" add column subscription_status text',
    'alter table "users" add column current_period_end timestamptz',
    'alter table "users" add column cancel_at_period_end boolean not null default false',
    'create index on "users" (stripe_customer_id)',
  ])
})

test('columns that fit are used as they are, and get the default that they lack', () => {
  const plan = planUsersTable(
    table(
      [
        column({ name: 'stripe_customer_id', type: 'character varying(255)' }),
        column({ name: 'subscription_tier', type: 'character varying', isRequired: true }),
        column({ name: 'current_period_end', type: 'timestamp(3) with time zone' }),
        column({ name: 'cancel_at_period_end', type: 'boolean', hasDefault: true }),
      ],
      ['stripe_customer_id'],
    ),
    'id',
  )
  expect(plan).toEqual({
    statements: [
      'alter table "users" add column stripe_subscription_id text',
      'alter table "users" add column subscription_status text',
      `alter table "users" alter column subscription_tier set default 'free'`,
    ],
    addedColumns: ['stripe_subscription_id', 'subscription_status'],
    keptColumns: ['stripe_customer_id', 'subscription_tier', 'current_period_end', 'cancel_at_period_end'],
    conflicts: [],
  })
})

test.each([
  [
    column({ name: 'stripe_customer_id', type: 'character varying(64)' }),
    'is character varying(64), and Paywright writes text',
  ],
  [column({ name: 'stripe_subscription_id', type: 'uuid' }), 'is uuid, and Paywright writes text'],
  [column({ name: 'subscription_status', type: 'integer' }), 'is integer, and Paywright writes text'],
  [column({ name: 'subscription_status', isRequired: true }), 'is not null'],
  [column({ name: 'subscription_tier', isGenerated: true }), 'is generated'],
  [column({ name: 'current_period_end', type: 'timestamp without time zone' }), 'Paywright writes timestamptz'],
  [column({ name: 'current_period_end', type: 'timestamp with time zone', isRequired: true }), 'is not null'],
  [column({ name: 'cancel_at_period_end', type: 'smallint' }), 'Paywright writes boolean'],
])('a column that does not fit stands in the way: %o', (found, words) => {
  const plan = planUsersTable(table([found]), 'id')
  expect(plan.conflicts).toEqual([expect.stringContaining(words)])
  expect(plan.conflicts[0]).toContain(`Column ${found.name} of "users"`)
  expect(plan.statements).toEqual([])
})

test.each([
  [{ name: '"users"', kind: 'missing', columns: [], indexed: [] } as const, 'There is no table "users"'],
  [{ name: '"users"', kind: 'other', columns: [], indexed: [] } as const, '"users" is no table'],
])('what is no table is refused', (found, words) => {
  expect(planUsersTable(found, 'id').conflicts).toEqual([expect.stringContaining(words)])
})

test('a key column that is not there is named', () => {
  expect(planUsersTable(table([]), 'user_id').conflicts).toEqual([expect.stringContaining('no column "user_id"')])
})
