import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Example } from './examples.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Inside the repository, so that the packages are found, and where no other check looks. */
const FOLDER = join(root, 'tools', 'dist')

/** What the reader's own app has, and the pages therefore do not show. */
const OWN_FILES = {
  'auth.ts': `export declare function currentUser(request: Request): Promise<{ id: string; email: string } | null>\n`,
  'kysely.ts': `interface Trx {
    readonly isTransaction: true
    executeQuery(query: object): Promise<{ readonly rows: readonly unknown[] }>
    insertInto(table: string): { values(row: object): { execute(): Promise<unknown> } }
  }
  export declare const db: { transaction(): { execute(work: (trx: Trx) => Promise<void>): Promise<void> } }\n`,
  'prisma.ts': `interface Tx {
    $queryRawUnsafe(text: string, ...values: unknown[]): Promise<unknown>
    readonly user: { create(wish: { data: { id: string } }): Promise<unknown> }
  }
  export declare const prisma: { $transaction(work: (tx: Tx) => Promise<void>): Promise<void> }\n`,
}

const CONFIG = {
  extends: '../../../tsconfig.base.json',
  compilerOptions: {
    composite: false,
    declaration: false,
    declarationMap: false,
    noEmit: true,
    // Each example is a file of its own, so that two may use one name.
    moduleDetection: 'force',
    jsx: 'react-jsx',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    // Style sheets are imported through a bundler, whose types say that this is possible.
    types: ['node', 'vite/client'],
  },
  include: ['**/*'],
}

/** Compiles all examples in one run, and says of each mistake on which line of which page it stands. */
export async function complaintsAbout(examples: readonly Example[]): Promise<readonly string[]> {
  mkdirSync(FOLDER, { recursive: true })
  const folder = mkdtempSync(join(FOLDER, 'examples-'))
  try {
    const files = new Map(examples.map((example) => [fileOf(example), example]))
    const folders = new Set(examples.map(folderOf))
    for (const own of folders)
      for (const [name, text] of Object.entries(OWN_FILES)) write(folder, join(own, name), text)
    for (const [path, { code }] of files) write(folder, path, code)
    write(folder, 'tsconfig.json', JSON.stringify(CONFIG))
    const output = await compile(folder)
    return output.split('\n').flatMap((line) => (line.trim() === '' ? [] : [inWordsOfPage(line, files)]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A page's examples stand together; those of comments beside the files that the README makes, and may import them. */
function folderOf({ page }: Example): string {
  return page.endsWith('.md') ? page : 'README.md'
}

/** The name that the first line gives, such as `// billing.ts`, so that the next example can import it. */
function fileOf(example: Example): string {
  const { page, line, language, code } = example
  const named = /^\/\/ ([\w./[\]-]+\.tsx?)\b/.exec(code)?.[1]
  return join(folderOf(example), named ?? `${page.replaceAll(/[/.]/g, '-')}-${line}.${language}`)
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

/** What the compiler prints; nothing where all is well. */
function compile(folder: string): Promise<string> {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [compiler, '--pretty', 'false', '-p', '.'], { cwd: folder }, (error, stdout, stderr) => {
      if (error !== null && stdout === '') reject(new Error(`The compiler did not run: ${stderr}`, { cause: error }))
      else resolve(stdout)
    })
  })
}

function inWordsOfPage(complaint: string, files: ReadonlyMap<string, Example>): string {
  const {
    path = '',
    line = '',
    text = '',
  } = /^(?<path>.+?)\((?<line>\d+),\d+\): (?<text>.*)$/.exec(complaint)?.groups ?? {}
  const example = files.get(path)
  return example === undefined ? complaint : `${example.page}:${example.line + Number(line) - 1} ${text}`
}
