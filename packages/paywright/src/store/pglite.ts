import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { databaseError } from './database-error.js'
import type { Database, Exec, Parameter, Row } from './database.js'
import { takeLockFile } from './lock-file.js'

/**
 * Keeps Paywright's state in a Postgres embedded in this process: for development, tests, and apps of one process.
 *
 * @example
 * ```ts
 * import { pglite } from 'paywright'
 *
 * export const database = pglite('./.paywright')
 * ```
 *
 * @param source The directory to keep the data in, or an instance of yours, which stays yours to close.
 * @throws `database_locked` from the first use, where another process has opened the directory: it would lose writes.
 */
export function pglite(source: string | PGlite): Database {
  const connection = typeof source === 'string' ? ownInstance(resolve(source)) : handedInInstance(source)
  return {
    exec: async (text, params) => query(await connection.instance(), text, params),
    transaction: async (work) => {
      const instance = await connection.instance()
      return instance.transaction((transaction) => work((text, params) => query(transaction, text, params)))
    },
    close: connection.close,
  }
}

interface Connection {
  instance(): Promise<PGlite>
  close(): Promise<void>
}

function handedInInstance(instance: PGlite): Connection {
  return { instance: () => Promise.resolve(instance), close: () => Promise.resolve() }
}

/** Loads PGlite and opens the directory at the first use, so that the package is needed only by those who use it. */
function ownInstance(dataDir: string): Connection {
  let opened: Promise<{ instance: PGlite; unlock: () => void }> | null = null
  const open = async () => {
    const { PGlite: PGliteClass } = await import('@electric-sql/pglite')
    mkdirSync(dirname(dataDir), { recursive: true })
    const unlock = takeLockFile(`${dataDir}.lock`)
    try {
      return { instance: await PGliteClass.create(dataDir), unlock }
    } catch (error) {
      unlock()
      throw error
    }
  }
  return {
    instance: async () => {
      opened ??= open()
      try {
        return (await opened).instance
      } catch (error) {
        opened = null
        throw error
      }
    },
    close: async () => {
      if (opened === null) return
      const { instance, unlock } = await opened
      opened = null
      await instance.close()
      unlock()
    },
  }
}

interface Queryable {
  query(text: string, params: Parameter[]): Promise<{ rows: unknown[] }>
  exec(text: string): Promise<{ rows: unknown[] }[]>
}

async function query(instance: Queryable, text: string, params: Parameters<Exec>[1]): Promise<readonly Row[]> {
  try {
    const answer = params === undefined ? (await instance.exec(text)).at(-1) : await instance.query(text, [...params])
    return rowsOf(answer?.rows ?? [])
  } catch (error) {
    throw databaseError(error)
  }
}

/** PGlite answers an object for every row, keyed by column, unless asked for arrays, which we never do. */
function rowsOf(rows: unknown[]): readonly Row[] {
  return rows as Row[]
}
