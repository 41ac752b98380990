/** The paths that the tree below the heading "The layout" names, two spaces for each level. */
export function layoutIn(page: string): readonly string[] {
  const tree = /^## The layout\n+```text\n([\s\S]*?)^```/m.exec(page)?.[1] ?? ''
  const above: string[] = []
  return tree
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const level = (line.length - line.trimStart().length) / 2
      const [name = ''] = line.trim().split(/\s+/)
      above.splice(level, above.length, name.replace(/\/$/, ''))
      return above.join('/')
    })
}

/** The whole arrows of the first diagram, as `from --> to`. */
export function arrowsIn(page: string): readonly string[] {
  const diagram = /^```mermaid\n([\s\S]*?)^```/m.exec(page)?.[1] ?? ''
  return [...diagram.matchAll(/^\s*(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} --> ${to}`)
}

/** Every pair that a way of arrows leads from and to. */
export function reachable(arrows: readonly string[]): ReadonlySet<string> {
  const pairs = arrows.map((arrow) => arrow.split(' --> '))
  const targetsOf = (from: string): readonly string[] => {
    const next = pairs.flatMap(([source, target = '']) => (source === from ? [target] : []))
    return [...next, ...next.flatMap(targetsOf)]
  }
  return new Set(pairs.flatMap(([from = '']) => targetsOf(from).map((to) => `${from} --> ${to}`)))
}
