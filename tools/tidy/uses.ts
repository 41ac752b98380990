import { nodesOf, type Source } from './source.js'

/** A use of the language or of a global, by a name such as `await`, `new Date()`, `Date.now`, `process` or `fetch()`. */
export interface Use {
  readonly name: string
  readonly offset: number
}

/** The uses in a file that rules about the outside world ask for. */
export function usesIn(source: Source): readonly Use[] {
  return [...asyncUses(source), ...newUses(source), ...memberUses(source), ...callUses(source)]
}

function asyncUses(source: Source): Use[] {
  const functions = nodesOf(source, 'FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression')
  const loops = nodesOf(source, 'ForOfStatement').filter((loop) => loop.await)
  return [
    ...nodesOf(source, 'AwaitExpression').map((node) => ({ name: 'await', offset: node.start })),
    ...loops.map((node) => ({ name: 'await', offset: node.start })),
    ...functions.filter((node) => node.async).map((node) => ({ name: 'async', offset: node.start })),
  ]
}

function newUses(source: Source): Use[] {
  return nodesOf(source, 'NewExpression').flatMap(({ callee, arguments: given, start }) =>
    callee.type === 'Identifier' && given.length === 0 ? [{ name: `new ${callee.name}()`, offset: start }] : [],
  )
}

function memberUses(source: Source): Use[] {
  return nodesOf(source, 'MemberExpression').flatMap(({ object, property, computed, start }) => {
    if (object.type !== 'Identifier') return []
    const owner = { name: object.name, offset: start }
    if (computed || property.type !== 'Identifier') return [owner]
    return [owner, { name: `${object.name}.${property.name}`, offset: start }]
  })
}

function callUses(source: Source): Use[] {
  return nodesOf(source, 'CallExpression').flatMap(({ callee, start }) =>
    callee.type === 'Identifier' ? [{ name: `${callee.name}()`, offset: start }] : [],
  )
}
