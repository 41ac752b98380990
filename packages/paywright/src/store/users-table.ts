import type { Projection } from '../engine/ports.js'
import { BillingError } from '../errors.js'
import type { Exec } from './database.js'
import { planUsersTable, type TableDescription, type UsersTablePlan } from './users-table-plan.js'
import { onlyRow, storable, text } from './values.js'

export interface UsersTableOptions {
  readonly name: string
  /** The column that holds the app's own id of the customer: text, uuid or an integer. */
  readonly id: string
  /** The schema it is in; found by the search path where left out. */
  readonly schema?: string
}

/** The product's own table, which is told of each change in the transaction that stores it. */
export interface UsersTable {
  preview(exec: Exec): Promise<UsersTablePlan>
  /** Adds the columns that are missing; answers their names. Throws `migration_conflict` and changes nothing. */
  migrate(exec: Exec): Promise<readonly string[]>
  /** Writes the row of this customer, if the product has one. */
  project(exec: Exec, projection: Projection): Promise<void>
}

const DESCRIBE = `select
  coalesce((select case when relkind in ('r', 'p') then 'table' else 'other' end
    from pg_class where oid = to_regclass($1::text)), 'missing') as kind,
  coalesce((select jsonb_agg(jsonb_build_object(
      'name', attname, 'type', format_type(atttypid, atttypmod), 'isRequired', attnotnull,
      'hasDefault', atthasdef, 'isGenerated', attgenerated <> '' or attidentity = 'a') order by attnum)
    from pg_attribute where attrelid = to_regclass($1::text) and attnum > 0 and not attisdropped), '[]')::text as columns,
  coalesce((select jsonb_agg(distinct attname)
    from pg_index join pg_attribute on attrelid = indrelid and attnum = indkey[0]
    where indrelid = to_regclass($1::text) and indpred is null and indisvalid), '[]')::text as indexed`

const SET = `stripe_customer_id = $2::text, stripe_subscription_id = $3::text, subscription_tier = $4::text,
  subscription_status = $5::text, current_period_end = to_timestamp($6::bigint), cancel_at_period_end = $7::boolean`

const IS_CHANGED = `(stripe_customer_id, stripe_subscription_id, subscription_tier, subscription_status,
    current_period_end, cancel_at_period_end)
  is distinct from ($2::text, $3::text, $4::text, $5::text, to_timestamp($6::bigint), $7::boolean)`

export function createUsersTable(options: UsersTableOptions): UsersTable {
  const name = [options.schema, ...options.name.split('.')]
    .filter((part) => part !== undefined)
    .map(quoted)
    .join('.')
  const describe = async (exec: Exec): Promise<TableDescription> => {
    const row = onlyRow(await exec(DESCRIBE, [name]))
    return {
      name,
      kind: toKind(text(row, 'kind')),
      columns: JSON.parse(text(row, 'columns')),
      indexed: JSON.parse(text(row, 'indexed')),
    }
  }
  let idMatches: string | null = null
  return {
    preview: async (exec) => planUsersTable(await describe(exec), options.id),
    migrate: async (exec) => {
      const plan = planUsersTable(await describe(exec), options.id)
      if (plan.conflicts.length > 0) throw new BillingError('migration_conflict', { detail: plan.conflicts.join(' ') })
      for (const statement of plan.statements) await exec(statement, [])
      return plan.addedColumns
    },
    project: async (exec, projection) => {
      idMatches ??= idCondition(await describe(exec), options.id)
      await exec(`update ${name} set ${SET} where ${idMatches} and ${IS_CHANGED}`, [
        storable(projection.customerId),
        projection.stripeCustomerId,
        projection.stripeSubscriptionId,
        projection.tier,
        projection.status,
        projection.currentPeriodEnd,
        projection.cancelAtPeriodEnd,
      ])
    },
  }
}

/**
 * Ids are equal when their texts are. Comparing in the column's own type first lets its index be used; a text that is
 * none of that type becomes null there, and matches no row.
 */
function idCondition(table: TableDescription, idColumn: string): string {
  const column = quoted(idColumn)
  const type = table.columns.find(({ name }) => name === idColumn)?.type
  if (type === undefined) throw new BillingError('not_migrated', { detail: `${table.name} has no column ${column}.` })
  const sameText = `${column}::text = $1::text`
  switch (type) {
    case 'uuid':
      return `${column} = ${castIf('^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', 'uuid')} and ${sameText}`
    case 'smallint':
    case 'integer':
    case 'bigint':
      return `${column} = ${castIf('^-?[0-9]{1,18}$', 'bigint')} and ${sameText}`
    case 'text':
      return `${column} = $1::text`
    default:
      return sameText
  }
}

function castIf(pattern: string, type: string): string {
  return `(case when $1::text ~ '${pattern}' then $1::text::${type} end)`
}

function toKind(kind: string): TableDescription['kind'] {
  if (kind === 'table' || kind === 'other' || kind === 'missing') return kind
  throw new Error(`Unexpected kind of table: ${kind}.`)
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
