import type { Declaration as DeclarationNode, Node } from 'oxc-parser'
import { isRelative, resolveRelative } from './imports.js'
import type { Source } from './source.js'

type Sources = ReadonlyMap<string, Source>

/** Where something exported is declared. */
export interface Declaration {
  readonly source: Source
  /** The statement a comment stands above: the export, where it is part of one. */
  readonly statement: Node
  readonly node: Node
}

/** The names a file exports, its own and those of files it passes on. */
export function exportsOf(sources: Sources, path: string): readonly string[] {
  const names = new Set<string>()
  for (const statement of sources.get(path)?.program.body ?? []) {
    if (statement.type === 'ExportNamedDeclaration') {
      for (const { exported } of statement.specifiers) names.add(nameOf(exported))
      for (const { name } of declaredBy(statement.declaration)) names.add(name)
    } else if (statement.type === 'ExportAllDeclaration' && statement.exported === null) {
      const target = targetOf(sources, path, statement.source.value)
      for (const name of target === undefined ? [] : exportsOf(sources, target)) names.add(name)
    }
  }
  return [...names]
}

/** Follows an exported name through re-exports to its declaration; `undefined` where it comes from another package. */
export function findDeclaration(sources: Sources, path: string, name: string): Declaration | undefined {
  const source = sources.get(path)
  if (source === undefined) return undefined
  for (const statement of source.program.body) {
    if (statement.type === 'ExportNamedDeclaration') {
      const own = declaredBy(statement.declaration).find((declared) => declared.name === name)
      if (own !== undefined) return { source, statement, node: own.node }
      const specifier = statement.specifiers.find(({ exported }) => nameOf(exported) === name)
      if (specifier === undefined) continue
      const local = nameOf(specifier.local)
      return statement.source === null
        ? findLocal(sources, source, local)
        : findIn(sources, path, { specifier: statement.source.value, name: local })
    }
    if (statement.type === 'ExportAllDeclaration' && statement.exported === null) {
      const found = findIn(sources, path, { specifier: statement.source.value, name })
      if (found !== undefined) return found
    }
  }
  return undefined
}

function findIn(sources: Sources, path: string, wanted: { specifier: string; name: string }): Declaration | undefined {
  const target = targetOf(sources, path, wanted.specifier)
  return target === undefined ? undefined : findDeclaration(sources, target, wanted.name)
}

/** A name exported by `export { name }`: declared in this file, or imported into it. */
function findLocal(sources: Sources, source: Source, name: string): Declaration | undefined {
  for (const statement of source.program.body) {
    if (statement.type === 'ImportDeclaration') {
      const entry = statement.specifiers.find(({ local }) => local.name === name)
      if (entry?.type !== 'ImportSpecifier') continue
      return findIn(sources, source.path, { specifier: statement.source.value, name: nameOf(entry.imported) })
    }
    const own = declaredBy(statement).find((declared) => declared.name === name)
    if (own !== undefined) return { source, statement, node: own.node }
  }
  return undefined
}

function declaredBy(node: Node | DeclarationNode | null): readonly { name: string; node: Node }[] {
  switch (node?.type) {
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'ClassDeclaration':
      return node.id === null ? [] : [{ name: node.id.name, node }]
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return [{ name: node.id.name, node }]
    case 'VariableDeclaration':
      return node.declarations.flatMap((declarator) =>
        declarator.id.type === 'Identifier' ? [{ name: declarator.id.name, node: declarator }] : [],
      )
    default:
      return []
  }
}

function targetOf(sources: Sources, from: string, specifier: string): string | undefined {
  if (!isRelative(specifier)) return undefined
  return resolveRelative(from, specifier).find((path) => sources.has(path))
}

const nameOf = (name: { type: string; name: string } | { type: 'Literal'; value: string }): string =>
  'name' in name ? name.name : name.value
