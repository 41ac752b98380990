import { sql as drizzleTag } from 'drizzle-orm'
import { drizzle as drizzleOnPg } from 'drizzle-orm/node-postgres'
import { drizzle as drizzleOnPostgresJs } from 'drizzle-orm/postgres-js'
import knex from 'knex'
import { CamelCasePlugin, Kysely, PostgresDialect, sql as kyselyTag } from 'kysely'
import pg from 'pg'
import postgresJs from 'postgres'
import { DataSource } from 'typeorm'
import type { Transaction } from '../../engine/ports.js'
import { drizzleTransaction } from '../transactions/drizzle.js'
import { knexTransaction } from '../transactions/knex.js'
import { kyselyTransaction } from '../transactions/kysely.js'
import { pgTransaction } from '../transactions/pg.js'
import { postgresJsTransaction } from '../transactions/postgres-js.js'
import { typeormTransaction } from '../transactions/typeorm.js'

/** A library as the app uses it: one connection, and a transaction in which it writes a user of its own. */
export interface Library {
  /** Runs the work in a transaction that rolls back where the work throws. */
  transact(
    work: (transaction: Transaction, insertUser: (id: string) => Promise<unknown>) => Promise<void>,
  ): Promise<void>
  close(): Promise<unknown>
}

/** Each as people set it up who want other names and other types than the database has. */
export const LIBRARIES: Readonly<Record<string, (url: string) => Library>> = {
  pg: onPg,
  'postgres.js': onPostgresJs,
  'Drizzle on pg': onDrizzle,
  'Drizzle on postgres.js': onDrizzleOverPostgresJs,
  Kysely: onKysely,
  Knex: onKnex,
  TypeORM: onTypeOrm,
}

const ONE_CONNECTION = 1
const INT8 = 20

function onPg(url: string): Library {
  const types = { getTypeParser: (id: number) => (id === INT8 ? BigInt : String) }
  const pool = new pg.Pool({ connectionString: url, max: ONE_CONNECTION, types })
  pool.on('error', ignore)
  return {
    transact: async (work) => {
      const client = await pool.connect()
      client.on('error', ignore)
      let fault: unknown = null
      try {
        await client.query('begin')
        await work(pgTransaction(client), (id) => client.query('insert into app_users (id) values ($1)', [id]))
        await client.query('commit')
      } catch (error) {
        fault = error
        await client.query('rollback').catch(ignore)
        throw error
      } finally {
        client.off('error', ignore)
        client.release(fault !== null)
      }
    },
    close: () => pool.end(),
  }
}

function onPostgresJs(url: string): Library {
  const types = { bigint: postgresJs.BigInt }
  const sql = postgresJs(url, { max: ONE_CONNECTION, transform: postgresJs.camel, types, onnotice: ignore })
  return {
    transact: async (work) => {
      await sql.begin((tx) =>
        work(postgresJsTransaction(tx), async (id) => tx`insert into app_users (id) values (${id})`),
      )
    },
    close: () => sql.end(),
  }
}

function onDrizzle(url: string): Library {
  const pool = new pg.Pool({ connectionString: url, max: ONE_CONNECTION })
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  const db = drizzleOnPg({ client: pool, casing: 'camelCase' })
  return {
    transact: (work) =>
      db.transaction((tx) =>
        work(drizzleTransaction(tx, drizzleTag), (id) =>
          tx.execute(drizzleTag`insert into app_users (id) values (${id})`),
        ),
      ),
    close: () => pool.end(),
  }
}

function onDrizzleOverPostgresJs(url: string): Library {
  const sql = postgresJs(url, { max: ONE_CONNECTION, onnotice: ignore })
  const db = drizzleOnPostgresJs({ client: sql })
  return {
    transact: (work) =>
      db.transaction((tx) =>
        work(drizzleTransaction(tx, drizzleTag), async (id) =>
          tx.execute(drizzleTag`insert into app_users (id) values (${id})`),
        ),
      ),
    close: () => sql.end(),
  }
}

function onKysely(url: string): Library {
  const pool = new pg.Pool({ connectionString: url, max: ONE_CONNECTION })
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  const db = new Kysely<object>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] })
  return {
    transact: (work) =>
      db
        .transaction()
        .execute((trx) =>
          work(kyselyTransaction(trx), (id) => kyselyTag`insert into app_users (id) values (${id})`.execute(trx)),
        ),
    close: () => db.destroy(),
  }
}

function onKnex(url: string): Library {
  const db = knex({
    client: 'pg',
    connection: url,
    pool: { min: 0, max: ONE_CONNECTION },
    postProcessResponse: toScreamingNames,
    log: { warn: ignore, error: ignore },
  })
  return {
    transact: async (work) => {
      await db.transaction((trx) => work(knexTransaction(trx), async (id) => trx('app_users').insert({ id })))
    },
    close: () => db.destroy(),
  }
}

/** What products do to have names of their own: every object of every answer gets other keys. */
function toScreamingNames(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || !('rows' in answer) || !Array.isArray(answer.rows)) return answer
  const rows = answer.rows.map((row: object) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toUpperCase(), value])),
  )
  return { ...answer, rows }
}

function onTypeOrm(url: string): Library {
  const source = new DataSource({ type: 'postgres', url, poolSize: ONE_CONNECTION, poolErrorHandler: ignore })
  const opened = source.initialize()
  return {
    transact: async (work) => {
      await opened
      await source.transaction((manager) =>
        work(typeormTransaction(manager), (id) => manager.query('insert into app_users (id) values ($1)', [id])),
      )
    },
    close: () => source.destroy(),
  }
}

function ignore(): void {}
