import { createHash } from 'node:crypto'
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import type { Database } from '../store/database.js'
import { migrate } from '../store/migrate.js'
import { MIGRATIONS } from '../store/migrations.generated.js'
import { pglite } from '../store/pglite.js'

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
  const instance = await memoryInstance()
  return { ...pglite(instance), close: () => instance.close() }
}

/** The same as PGlite itself, for tests of an app that uses it, too. */
export async function memoryInstance(): Promise<PGlite> {
  template ??= readTemplate()
  return PGlite.create({ loadDataDir: await template })
}

let template: Promise<Blob> | null = null

/**
 * The files of an empty, migrated database. Starting PGlite from nothing takes 4 to 10 s, from these files 1 s, so they
 * are kept in the system's folder for temporary files, where the next test file finds them.
 */
async function readTemplate(): Promise<Blob> {
  const path = join(tmpdir(), `paywright-template-${await templateVersion()}.tar`)
  try {
    return new Blob([await readFile(path)])
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  const files = await createTemplate()
  const unfinished = `${path}.${process.pid}`
  await writeFile(unfinished, Buffer.from(await files.arrayBuffer()))
  await rename(unfinished, path)
  return files
}

/** Another one for other migrations, and for another PGlite. */
async function templateVersion(): Promise<string> {
  const { size, mtimeMs } = await stat(fileURLToPath(import.meta.resolve('@electric-sql/pglite')))
  return createHash('sha256')
    .update(JSON.stringify([MIGRATIONS, size, mtimeMs]))
    .digest('hex')
    .slice(0, 16)
}

async function createTemplate(): Promise<Blob> {
  const instance = await PGlite.create()
  await migrate(pglite(instance), () => Promise.resolve())
  const files = await instance.dumpDataDir('none')
  await instance.close()
  return files
}
