import type { Node } from 'oxc-parser'
import { exportsOf, findDeclaration, type Declaration } from '../exports.js'
import type { Finding } from '../finding.js'
import type { Source } from '../source.js'

/** Whoever uses a package reads its declarations: each says what it is for, and a function shows how it is called. */
export function missingTsdoc(sources: ReadonlyMap<string, Source>, entry: string): readonly Finding[] {
  return exportsOf(sources, entry).flatMap((name) => {
    const declaration = findDeclaration(sources, entry, name)
    return declaration === undefined ? [] : undocumented(name, declaration)
  })
}

function undocumented(name: string, declaration: Declaration): readonly Finding[] {
  const { source, statement, node } = declaration
  const found = { file: source.path, line: source.lineAt(statement.start), rule: 'tsdoc' }
  const comment = commentAbove(source, statement)
  if (comment === undefined) {
    return [{ ...found, message: `\`${name}\` is public: write above it, in one sentence, what it is for (/** … */).` }]
  }
  if (isFunction(node) && !comment.includes('@example')) {
    return [{ ...found, message: `\`${name}\` is a public function: show in an \`@example\` how it is called.` }]
  }
  return []
}

function commentAbove(source: Source, statement: Node): string | undefined {
  const above = source.comments.findLast(({ end }) => end <= statement.start)
  if (above === undefined || above.type !== 'Block' || !above.value.startsWith('*')) return undefined
  return source.text.slice(above.end, statement.start).trim() === '' ? above.value : undefined
}

function isFunction(node: Node): boolean {
  if (node.type === 'FunctionDeclaration' || node.type === 'TSDeclareFunction') return true
  if (node.type !== 'VariableDeclarator') return false
  return node.init?.type === 'ArrowFunctionExpression' || node.init?.type === 'FunctionExpression'
}
