import type { Node } from 'oxc-parser'
import type { Rule } from '../rule.js'
import { isGenerated, isTest, nodesOf, type Source } from '../source.js'

const MAX_FILE_LINES = 400
const MAX_FUNCTION_LINES = 70
const MAX_PARAMETERS = 3

const isWritten = (path: string): boolean => !isGenerated(path)

/** A file holds one idea. */
export const fileLength: Rule = {
  name: 'file-length',
  appliesTo: isWritten,
  check(source) {
    const lines = source.lineAt(source.text.trimEnd().length)
    if (lines <= MAX_FILE_LINES) return []
    const message = `${lines} lines, at most ${MAX_FILE_LINES}: move one of its ideas into a file of its own.`
    return [{ offset: source.text.length - 1, message }]
  },
}

/** A function fits a screen. A `describe` block is a heading over tests, and has no limit of its own. */
export const functionLength: Rule = {
  name: 'function-length',
  appliesTo: isWritten,
  check(source) {
    return functionsOf(source).flatMap((node) => {
      const lines = source.lineAt(node.end) - source.lineAt(node.start) + 1
      if (lines <= MAX_FUNCTION_LINES || isSuite(source, node)) return []
      const message =
        `${lines} lines, at most ${MAX_FUNCTION_LINES}: ` +
        'let the parent branch, and move what computes into functions of their own.'
      return [{ offset: node.start, message }]
    })
  },
}

/** Arguments are read by their names. A row of `test.each` has as many columns as its table. */
export const parameterCount: Rule = {
  name: 'parameter-count',
  appliesTo: isWritten,
  check(source) {
    return [...functionsOf(source), ...nodesOf(source, 'TSMethodSignature')].flatMap((node) => {
      const count = node.params.filter((parameter) => !isThis(parameter)).length
      if (count <= MAX_PARAMETERS) return []
      if (isTest(source.path) && source.parents.get(node)?.type === 'CallExpression') return []
      const message = `${count} parameters, at most ${MAX_PARAMETERS}: take one options object with named fields.`
      return [{ offset: node.start, message }]
    })
  },
}

function functionsOf(source: Source) {
  return nodesOf(
    source,
    'FunctionDeclaration',
    'FunctionExpression',
    'ArrowFunctionExpression',
    'TSEmptyBodyFunctionExpression',
    'TSDeclareFunction',
  )
}

const isThis = (parameter: Node): boolean => parameter.type === 'Identifier' && parameter.name === 'this'

function isSuite(source: Source, node: Node): boolean {
  const parent = source.parents.get(node)
  if (!isTest(source.path) || parent?.type !== 'CallExpression') return false
  return /^(?:describe|suite)\b/.test(source.text.slice(parent.callee.start, parent.callee.end))
}
