import { PGlite } from '@electric-sql/pglite'
import type { Database } from '../store/database.js'
import { migrate } from '../store/migrate.js'
import { pglite } from '../store/pglite.js'

/** The files of an empty, migrated database. Starting PGlite empty takes seconds, starting it from these far less. */
let template: Promise<Blob> | null = null

async function createTemplate(): Promise<Blob> {
  const instance = await PGlite.create()
  await migrate(pglite(instance), () => Promise.resolve())
  const files = await instance.dumpDataDir('none')
  await instance.close()
  return files
}

/**
 * A migrated database in memory for a test, gone when it is closed.
 *
 * @example
 * ```ts
 * import { memoryDatabase } from 'paywright/testing'
 *
 * const database = await memoryDatabase()
 * await database.close()
 * ```
 */
export async function memoryDatabase(): Promise<Database> {
  template ??= createTemplate()
  const instance = await PGlite.create({ loadDataDir: await template })
  return { ...pglite(instance), close: () => instance.close() }
}
