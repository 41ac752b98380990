import { PGlite } from '@electric-sql/pglite'
import { cpSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Puts the files of an empty database where the product will look for its own. PGlite takes seconds to make them, so they
 * are made once on a machine and kept in the system's folder for temporary files; the product fills them by itself.
 */
export async function copyEmptyDatabase(directory: string): Promise<void> {
  const { size, mtimeMs } = statSync(fileURLToPath(import.meta.resolve('@electric-sql/pglite')))
  const kept = join(tmpdir(), `fieldnotes-empty-${size}-${Math.floor(mtimeMs)}`)
  if (!existsSync(kept)) await makeEmptyDatabase(kept)
  cpSync(kept, directory, { recursive: true })
}

async function makeEmptyDatabase(path: string): Promise<void> {
  const unfinished = `${path}-${process.pid}`
  const instance = await PGlite.create(unfinished)
  await instance.close()
  try {
    renameSync(unfinished, path)
  } catch (error) {
    // Somebody else was faster, and theirs is as good.
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(path)) throw error
  }
}
