import { parseSync, type Comment, type Node, type Program } from 'oxc-parser'

/** A TypeScript file, read and parsed once for all rules. */
export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly nodes: Nodes
  readonly parents: ReadonlyMap<Node, Node>
  readonly program: Program
  readonly comments: readonly Comment[]
  /** The line, counted from 1, at an offset of the text. */
  lineAt(offset: number): number
}

/** Parses a file; one that does not parse is an error, since no rule could then be trusted. */
export function parseSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text, { sourceType: 'module', preserveParens: false })
  const [error] = errors
  if (error !== undefined) throw new Error(`${path} does not parse: ${error.codeframe ?? error.message}`)
  const starts = lineStarts(text)
  return { path, text, program, comments, ...indexTree(program), lineAt: (offset) => lineOf(starts, offset) }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) starts.push(index + 1)
  return starts
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((starts[middle] ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low
}

type Nodes = ReadonlyMap<Node['type'], readonly Node[]>

/** Every node of a tree by its type, in the order of the text, and the parent of each. */
function indexTree(program: Program): { nodes: Nodes; parents: ReadonlyMap<Node, Node> } {
  const nodes = new Map<Node['type'], Node[]>()
  const parents = new Map<Node, Node>()
  const enter = (node: Node, parent: Node | undefined): void => {
    const sameType = nodes.get(node.type)
    if (sameType === undefined) nodes.set(node.type, [node])
    else sameType.push(node)
    if (parent !== undefined) parents.set(node, parent)
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) enter(child, node)
    }
  }
  enter(program, undefined)
  return { nodes, parents }
}

// Guaranteed by the parser: everything in its tree that has a `type` is a node.
function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** The nodes of some types: by type, and within a type in the order of the text. */
export function nodesOf<Type extends Node['type']>(
  source: Source,
  ...types: readonly Type[]
): readonly Extract<Node, { type: Type }>[] {
  // Guaranteed: the index holds under a type only nodes of that type.
  return types.flatMap((type) => (source.nodes.get(type) ?? []) as Extract<Node, { type: Type }>[])
}

export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path)

/** What tests are made with: the public test kit, and helpers beside the tests. */
export const isTestSupport = (path: string): boolean => path.includes('/testing/')

export const isGenerated = (path: string): boolean => path.includes('.generated.')
