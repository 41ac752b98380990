import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findPackingMistakes, type Packed } from './packing.js'

const run = promisify(execFile)

/** Packs a package as `npm publish` would, and looks at the tarball with the eyes of those who install it. */
async function checkPackage(folder: string, destination: string): Promise<readonly string[]> {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', destination], { cwd: folder })
  const [packed] = JSON.parse(stdout) as readonly Packed[]
  if (packed === undefined) throw new Error(`npm pack wrote nothing for ${folder}.`)
  const tarball = join(destination, packed.filename)
  const results = await Promise.all([
    complaintsOf('publint', ['run', tarball, '--strict']),
    complaintsOf('attw', [tarball, '--profile', 'esm-only', '--exclude-entrypoints', 'styles.css', '--no-color']),
  ])
  return [...findPackingMistakes(packed), ...results.flat()].map((mistake) => `${folder}: ${mistake}`)
}

/** Runs a checker of `node_modules/.bin`; what it prints when it is not content is the complaint. */
async function complaintsOf(command: string, options: readonly string[]): Promise<readonly string[]> {
  try {
    await run(join('node_modules', '.bin', command), options)
    return []
  } catch (error) {
    if (!(error instanceof Error) || !('stdout' in error)) throw error
    return [`${command} says:\n${String(error.stdout)}`]
  }
}

const destination = mkdtempSync(join(tmpdir(), 'paywright-packages-'))
try {
  const folders = readdirSync('packages').map((name) => `packages/${name}`)
  const mistakes = (await Promise.all(folders.map((folder) => checkPackage(folder, destination)))).flat()
  for (const mistake of mistakes) console.error(mistake)
  if (mistakes.length > 0) process.exitCode = 1
} finally {
  rmSync(destination, { recursive: true })
}
