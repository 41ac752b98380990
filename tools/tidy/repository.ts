import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'

/** What is not ours to check: other people's code, and what our own tools made. */
const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.git', '.paywright'])
const TEXT = new Set([
  '',
  '.ts',
  '.tsx',
  '.mjs',
  '.js',
  '.json',
  '.md',
  '.sql',
  '.css',
  '.html',
  '.yml',
  '.yaml',
  '.sh',
  '.py',
  '.toml',
])

/** The repository's text files by path, and the question whether something is in it. */
export interface Repository {
  readonly texts: ReadonlyMap<string, string>
  exists(path: string): boolean
}

/** Reads every text file of a checkout. */
export function readRepository(root: string): Repository {
  const texts = new Map<string, string>()
  const enter = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      // In a linked worktree `.git` is a file.
      if (SKIPPED.has(entry.name)) continue
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) enter(path)
      else if (entry.isFile() && isText(path)) texts.set(path, readFileSync(join(root, path), 'utf8'))
    }
  }
  enter('')
  return { texts, exists: (path) => existsSync(join(root, path)) }
}

const isText = (path: string): boolean => TEXT.has(extname(path)) || basename(path).startsWith('.')
