import type { Effect } from '../domain/effects.js'
import type { Scope } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { MirroredCatalog, SubjectFacts } from '../engine/ports.js'
import type { Database, Exec } from './database.js'
import { entryObject, isThere, ownerMatches } from './mirror-table.js'
import { PRICES, PRODUCTS } from './mirror-tables.js'
import { appendMessages } from './outbox.js'
import { bigint, boolean, decodeJson, onlyRow, text } from './values.js'

const PAGE = `select stripe_customer_id from paywright.stripe_customers
  where account = $1::text and livemode = $2::boolean and stripe_customer_id > $3::text and not is_deleted
  order by stripe_customer_id limit $4::integer`

const NOT_STORED = `select id from jsonb_array_elements_text($3::text::jsonb) id
  where not exists (
    select 1 from paywright.stripe_customers stored
    where stored.account = $1::text and stored.livemode = $2::boolean and stored.stripe_customer_id = id
  )`

const FACTS = `select exists (
    select 1 from paywright.subjects
    where account = $1::text and livemode = $2::boolean and subject = $3::text and wanted_seq > done_seq
  ) as is_waiting, exists (
    select 1 from paywright.customers
    where account = $1::text and livemode = $2::boolean and stripe_customer_id = $3::text
  ) as is_linked`

const CATALOG = `select jsonb_build_object(
  'products', (select coalesce(jsonb_agg(${entryObject(PRODUCTS, 'stored')}), '[]'::jsonb)
    from paywright.products stored where ${ownerMatches(PRODUCTS, 'stored')} and ${isThere(PRODUCTS, 'stored')}),
  'prices', (select coalesce(jsonb_agg(${entryObject(PRICES, 'stored')}), '[]'::jsonb)
    from paywright.prices stored where ${ownerMatches(PRICES, 'stored')} and ${isThere(PRICES, 'stored')})
)::text as catalog`

const NUMBERS = `insert into paywright.subjects as stored (account, livemode, subject, wanted_seq, outbox_seq)
  values ($1::text, $2::boolean, $3::text, 0, $4::bigint)
  on conflict (account, livemode, subject) do update set outbox_seq = stored.outbox_seq + $4::bigint
  returning outbox_seq - $4::bigint + 1 as first_number`

/** The ids of stored customers that are not deleted, in their order, from after this one on. */
export async function storedCustomers(
  exec: Exec,
  scope: Scope,
  page: { after: string; limit: number },
): Promise<readonly string[]> {
  const rows = await exec(PAGE, [scope.account, scope.livemode, page.after, page.limit])
  return rows.map((row) => text(row, 'stripe_customer_id'))
}

/** Those of the ids that the mirror does not have. */
export async function notStored(exec: Exec, scope: Scope, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await exec(NOT_STORED, [scope.account, scope.livemode, JSON.stringify(ids)])
  return rows.map((row) => text(row, 'id'))
}

export async function subjectFacts(exec: Exec, scope: Scope, subject: string): Promise<SubjectFacts> {
  const row = onlyRow(await exec(FACTS, [scope.account, scope.livemode, subject]))
  return { isWaiting: boolean(row, 'is_waiting'), isLinked: boolean(row, 'is_linked') }
}

export async function loadCatalog(exec: Exec, scope: Scope): Promise<MirroredCatalog> {
  return decodeJson<MirroredCatalog>(onlyRow(await exec(CATALOG, [scope.account, scope.livemode])), 'catalog')
}

/** Appends an effect that no sync has caused; its key keeps it from being told twice. */
export async function tellEffect(
  database: Database,
  scope: Scope,
  telling: { subject: string; effect: Effect; now: UnixSeconds },
): Promise<void> {
  const { subject, effect, now } = telling
  await database.transaction(async (exec) => {
    const row = onlyRow(await exec(NUMBERS, [scope.account, scope.livemode, subject, 1]))
    const firstNumber = bigint(row, 'first_number')
    await appendMessages(exec, { scope, subject, firstNumber, now }, { effects: [effect], mails: [] })
  })
}
