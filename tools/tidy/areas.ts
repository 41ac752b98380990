import { isTestSupport } from './source.js'

/** A part of a package, by the folder or file its name begins with; the first that fits is the one. */
export interface Area {
  readonly name: string
  /** Paths in the repository begin with this. */
  readonly prefix: string
  /** Areas it may import besides itself; `any` for composition roots, which see both sides. */
  readonly mayImport: readonly string[] | 'any'
  /** Packages and built-in modules it may import at run time; `node:` stands for all built-in ones. */
  readonly packages: readonly string[] | 'any'
  /** Packages of which it may import types only. */
  readonly typesOf?: readonly string[]
}

const PAYWRIGHT = 'packages/paywright/src/'
const SIMULATOR = 'packages/simulator/src/'

const INNER = ['domain', 'ports', 'errors']

/** An edge talks to the outside by the packages it is given; inward it knows rules, ports and errors. */
function edge(name: string, options: { packages?: readonly string[]; mayImport?: readonly string[] } = {}): Area {
  const mayImport = [...INNER, ...(options.mayImport ?? [])]
  return { name, prefix: `${PAYWRIGHT}${name}/`, mayImport, packages: ['node:', ...(options.packages ?? [])] }
}

/** A file that is put together from both sides. */
function root(name: string, prefix: string): Area {
  return { name, prefix, mayImport: 'any', packages: 'any' }
}

/**
 * The picture of ARCHITECTURE.md as a table. Arrows point inward: `domain` sees nothing, `engine` and `inbox` see rules
 * and ports, edges never see one another, and only composition roots see both sides.
 */
const AREAS: readonly Area[] = [
  { name: 'domain', prefix: `${PAYWRIGHT}domain/`, mayImport: [], packages: [] },
  { name: 'ports', prefix: `${PAYWRIGHT}engine/ports`, mayImport: ['domain', 'errors'], packages: [] },
  { name: 'engine', prefix: `${PAYWRIGHT}engine/`, mayImport: INNER, packages: ['node:crypto'] },
  { name: 'inbox', prefix: `${PAYWRIGHT}inbox/`, mayImport: INNER, packages: ['node:crypto'] },
  edge('stripe', { packages: ['stripe'] }),
  edge('store', { packages: ['pg', '@electric-sql/pglite'] }),
  edge('http', { mayImport: ['engine', 'inbox'] }),
  edge('emails', { packages: ['nodemailer'] }),
  root('cli', `${PAYWRIGHT}cli/`),
  root('create-billing', `${PAYWRIGHT}create-billing.ts`),
  root('compose', `${PAYWRIGHT}compose.ts`),
  root('index', `${PAYWRIGHT}index.ts`),
  // The options name what both sides offer, so that one can be handed to the other.
  root('options', `${PAYWRIGHT}options.ts`),
  { name: 'errors', prefix: `${PAYWRIGHT}errors.ts`, mayImport: ['domain'], packages: [] },
  { name: 'runtime', prefix: `${PAYWRIGHT}runtime.ts`, mayImport: INNER, packages: ['node:'] },
  {
    name: 'public',
    prefix: PAYWRIGHT,
    mayImport: [...INNER, 'engine', 'inbox', 'options'],
    packages: ['node:crypto'],
  },
  { name: 'core', prefix: `${SIMULATOR}core/`, mayImport: [], packages: [], typesOf: ['stripe'] },
  { name: 'simulator', prefix: SIMULATOR, mayImport: ['core'], packages: ['node:', 'pdfkit'], typesOf: ['stripe'] },
  {
    name: 'react',
    prefix: 'packages/react/src/',
    mayImport: [],
    packages: ['react', 'react-dom'],
    typesOf: ['paywright'],
  },
]

/** What tests are made with may bring both sides together; nothing else may use it. */
const TESTING = root('testing', '')

/** The area of a file, or `undefined` outside the packages. */
export function areaOf(path: string): Area | undefined {
  const area = AREAS.find(({ prefix }) => path.startsWith(prefix))
  return area !== undefined && isTestSupport(path) ? TESTING : area
}
