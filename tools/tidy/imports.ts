import { posix } from 'node:path'
import { nodesOf, type Source } from './source.js'

/** One import, re-export, dynamic import or `import('…')` type. */
export interface Import {
  readonly specifier: string
  readonly offset: number
  /** True where nothing of it is left at run time. */
  readonly isTypeOnly: boolean
}

/** Everything a file imports, in the order of its text. */
export function importsOf(source: Source): readonly Import[] {
  return [...staticImports(source), ...reExports(source), ...inlineImports(source)].toSorted(
    (left, right) => left.offset - right.offset,
  )
}

function staticImports(source: Source): Import[] {
  return nodesOf(source, 'ImportDeclaration').map((node) => ({
    specifier: node.source.value,
    offset: node.start,
    isTypeOnly:
      node.importKind === 'type' ||
      (node.specifiers.length > 0 &&
        node.specifiers.every((entry) => entry.type === 'ImportSpecifier' && entry.importKind === 'type')),
  }))
}

function reExports(source: Source): Import[] {
  return nodesOf(source, 'ExportNamedDeclaration', 'ExportAllDeclaration').flatMap((node) => {
    if (node.source === null) return []
    const isTypeOnly =
      node.exportKind === 'type' ||
      (node.type === 'ExportNamedDeclaration' &&
        node.specifiers.length > 0 &&
        node.specifiers.every((entry) => entry.exportKind === 'type'))
    return [{ specifier: node.source.value, offset: node.start, isTypeOnly }]
  })
}

function inlineImports(source: Source): Import[] {
  return nodesOf(source, 'ImportExpression', 'TSImportType').flatMap((node) => {
    if (node.source.type !== 'Literal' || typeof node.source.value !== 'string') return []
    return [{ specifier: node.source.value, offset: node.start, isTypeOnly: node.type === 'TSImportType' }]
  })
}

/** The path a relative import names, as it would stand in the repository: `.js` is written where `.ts` is meant. */
export function resolveRelative(from: string, specifier: string): readonly string[] {
  const path = posix.join(posix.dirname(from), specifier)
  if (!/\.jsx?$/.test(path)) return [path]
  const stem = path.replace(/\.jsx?$/, '')
  return [`${stem}.ts`, `${stem}.tsx`, path]
}

export const isRelative = (specifier: string): boolean => /^\.{1,2}(?:\/|$)/.test(specifier)

/** The package a bare import names: `@scope/name` or `name`, without what follows. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
