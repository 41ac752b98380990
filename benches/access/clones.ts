import type pg from 'pg'

/** Tables of the library that hold nothing of one customer, or that are pruned and say nothing of how many there are. */
const LEFT_OUT = ['accounts', 'migrations', 'prices', 'products', 'runs', 'outbox', 'rate_limits', 'listening']

/** Columns that name something of the customer: a clone has its own. */
const OWN_NAMES = [
  'customer_id',
  'event_id',
  'stripe_charge_id',
  'stripe_customer_id',
  'stripe_invoice_id',
  'stripe_item_id',
  'stripe_payment_method_id',
  'stripe_subscription_id',
  'subject',
]

interface Column {
  readonly table: string
  readonly column: string
  readonly type: string
  readonly isKey: boolean
}

/**
 * Clones everything that is stored of one customer, `from` to `until`, by plain SQL. Whole objects are left out of the
 * clones: it is the number of rows that the indexes feel.
 */
export async function addClones(
  client: pg.Client,
  stripeCustomerId: string,
  { from, until }: { readonly from: number; readonly until: number },
): Promise<void> {
  // Without checks of foreign keys: whole customers are cloned.
  await client.query(`set session_replication_role = replica; set synchronous_commit = off`)
  const columns = await columnsOf(client)
  for (const table of new Set(columns.map((column) => column.table))) {
    const ofTable = columns.filter((column) => column.table === table)
    const owner = ofTable.find(({ column }) => ['stripe_customer_id', 'subject'].includes(column))?.column
    if (owner === undefined) continue
    const names = ofTable.map(({ column }) => `"${column}"`).join(', ')
    const limit = table === 'receipts' ? 'limit 1' : ''
    await client.query(
      `insert into paywright.${table} (${names}) select ${ofTable.map(cloned).join(', ')}
       from (select * from paywright.${table} where ${owner} = $1 ${limit}) one cross join generate_series($2::int, $3::int) as clones(clone)`,
      [stripeCustomerId, from, until],
    )
    await client.query(`analyze paywright.${table}`)
  }
}

async function columnsOf(client: pg.Client): Promise<readonly Column[]> {
  const { rows } = await client.query<Column>(
    `select relname as table, attname as column, format_type(atttypid, atttypmod) as type,
       exists (select 1 from pg_index where indrelid = pg_class.oid and indisunique and attnum = any(indkey)) as "isKey"
     from pg_class join pg_attribute on attrelid = pg_class.oid
     where relnamespace = 'paywright'::regnamespace and relkind in ('r', 'p') and not relispartition
       and attnum > 0 and not attisdropped and attidentity = '' and attgenerated = '' and relname <> all($1)
     order by relname, attnum`,
    [LEFT_OUT],
  )
  return rows
}

function cloned({ column, type, isKey }: Column): string {
  if (type === 'jsonb') return `case when "${column}" is not null then '{}'::jsonb end`
  if (['payload', 'record'].includes(column)) return `case when "${column}" is not null then '' end`
  const isName = OWN_NAMES.includes(column) || (isKey && !['account', 'kind'].includes(column))
  return type === 'text' && isName ? `"${column}" || '_' || clone` : `"${column}"`
}
