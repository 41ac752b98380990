import type { Finding } from '../finding.js'
import { importsOf, isRelative, resolveRelative, type Import } from '../imports.js'
import type { Source } from '../source.js'

type Sources = ReadonlyMap<string, Source>

/** Files that import one another in a circle cannot be read, tested or moved one at a time. */
export function circularImports(sources: Sources): readonly Finding[] {
  return circles(sources).map((circle) => {
    const [first = '', second = ''] = circle
    const source = sources.get(first)
    const entry = source && importsOf(source).find((candidate) => targetOf(sources, first, candidate) === second)
    return {
      file: first,
      line: source?.lineAt(entry?.offset ?? 0) ?? 1,
      rule: 'no-cycles',
      message: `${[...circle, first].join(' -> ')}: move what they share into a file that imports neither.`,
    }
  })
}

/** The file of ours that an import names, also where only its types are meant: a reader goes in circles there, too. */
function targetOf(sources: Sources, from: string, { specifier }: Import): string | undefined {
  if (!isRelative(specifier)) return undefined
  return resolveRelative(from, specifier).find((path) => sources.has(path))
}

/** One circle through each file that a depth-first search comes back to. */
function circles(sources: Sources): readonly (readonly string[])[] {
  const found: string[][] = []
  const done = new Set<string>()
  const path: string[] = []
  const enter = (file: string): void => {
    if (done.has(file)) return
    const seenAt = path.indexOf(file)
    if (seenAt !== -1) {
      found.push(path.slice(seenAt))
      return
    }
    path.push(file)
    const source = sources.get(file)
    for (const entry of source === undefined ? [] : importsOf(source)) {
      const target = targetOf(sources, file, entry)
      if (target !== undefined) enter(target)
    }
    path.pop()
    done.add(file)
  }
  for (const file of [...sources.keys()].toSorted()) enter(file)
  return found
}
