/** A route found for a request. */
export interface Match<Target> {
  /** The route as it is written in the table, such as `GET /v1/customers/:id`. */
  readonly route: string
  readonly target: Target
  readonly path: Readonly<Record<string, string>>
}

interface Branch<Target> {
  readonly fixed: Map<string, Branch<Target>>
  named: Branch<Target> | undefined
  readonly ends: Map<string, { readonly route: string; readonly target: Target; readonly names: readonly string[] }>
}

/** Finds the route of a request by walking its path once, whatever the number of routes. */
export type Router<Target> = (method: string, path: string) => Match<Target> | undefined

/** Builds a router from a table whose keys are written `METHOD /path/:name`. */
export function createRouter<Target>(table: Readonly<Record<string, Target>>): Router<Target> {
  const root = emptyBranch<Target>()
  for (const [route, target] of Object.entries(table)) add(root, route, target)
  return (method, path) => {
    const values: string[] = []
    const branch = walk(root, path, values)
    const end = branch?.ends.get(method)
    if (end === undefined) return undefined
    return {
      route: end.route,
      target: end.target,
      path: Object.fromEntries(end.names.map((name, at) => [name, values[at] ?? ''])),
    }
  }
}

function emptyBranch<Target>(): Branch<Target> {
  return { fixed: new Map(), named: undefined, ends: new Map() }
}

function add<Target>(root: Branch<Target>, route: string, target: Target): void {
  const [method = '', path = ''] = route.split(' ')
  const names: string[] = []
  let branch = root
  for (const segment of path.slice(1).split('/')) {
    if (segment.startsWith(':')) {
      names.push(segment.slice(1))
      branch = branch.named ??= emptyBranch()
      continue
    }
    let next = branch.fixed.get(segment)
    if (next === undefined) branch.fixed.set(segment, (next = emptyBranch()))
    branch = next
  }
  branch.ends.set(method, { route, target, names })
}

function walk<Target>(root: Branch<Target>, path: string, values: string[]): Branch<Target> | undefined {
  let branch: Branch<Target> | undefined = root
  for (const segment of path.slice(1).split('/')) {
    const fixed: Branch<Target> | undefined = branch.fixed.get(segment)
    if (fixed === undefined && segment !== '') values.push(decodeSegment(segment))
    branch = fixed ?? (segment === '' ? undefined : branch.named)
    if (branch === undefined) return undefined
  }
  return branch
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
