/** One thing that can happen in a state, and where it leads. */
export interface Step<State> {
  readonly name: string
  readonly next: State
}

export interface Model<State> {
  readonly start: State
  /** All that can happen next, whoever does it. */
  steps(state: State): readonly Step<State>[]
  /** The same for states that differ in nothing that matters. */
  keyOf(state: State): string
  /** What must never be so, or `null` where all is well; `before` is the state that the step began in. */
  complaint(before: State, after: State): string | null
  /** Whether all is done and nothing need happen any more. */
  isFinal(state: State): boolean
}

export interface SearchResult {
  readonly states: number
  readonly transitions: number
  /** The shortest way to something that must never be so, or to where no way leads on; `null` where there is none. */
  readonly failure: { readonly complaint: string; readonly steps: readonly string[] } | null
}

/** A bound, so that a model that grew by mistake ends. */
const MOST_STATES = 2_000_000

interface Node<State> {
  readonly state: State
  readonly from: Node<State> | null
  readonly step: string
  readonly next: Node<State>[]
}

/** Looks at every state that can be reached, breadth first; then whether each of them still leads to a final one. */
export function search<State>(model: Model<State>): SearchResult {
  const root: Node<State> = { state: model.start, from: null, step: 'start', next: [] }
  const found = new Map([[model.keyOf(model.start), root]])
  const queue = [root]
  let transitions = 0
  for (let node = queue[0], index = 0; node !== undefined; index += 1, node = queue[index]) {
    for (const { name, next } of model.steps(node.state)) {
      transitions += 1
      const complaint = model.complaint(node.state, next)
      if (complaint !== null) {
        return { states: found.size, transitions, failure: { complaint, steps: [...wayTo(node), name] } }
      }
      const key = model.keyOf(next)
      const known = found.get(key)
      const target = known ?? { state: next, from: node, step: name, next: [] }
      node.next.push(target)
      if (known !== undefined) continue
      found.set(key, target)
      queue.push(target)
      if (found.size > MOST_STATES) throw new Error(`The model has more than ${MOST_STATES} states.`)
    }
  }
  return { states: found.size, transitions, failure: deadEnd(model, queue) }
}

function wayTo<State>(node: Node<State>): readonly string[] {
  const steps: string[] = []
  for (let at: Node<State> | null = node; at !== null && at.from !== null; at = at.from) steps.unshift(at.step)
  return steps
}

/** A state from which no sequence of steps leads to where all is done. */
function deadEnd<State>(model: Model<State>, nodes: readonly Node<State>[]): SearchResult['failure'] {
  const previous = new Map<Node<State>, Node<State>[]>(nodes.map((node) => [node, []]))
  for (const node of nodes) for (const next of node.next) previous.get(next)?.push(node)
  const good = new Set(nodes.filter(({ state }) => model.isFinal(state)))
  const queue = [...good]
  for (let node = queue[0], index = 0; node !== undefined; index += 1, node = queue[index]) {
    for (const earlier of previous.get(node) ?? []) {
      if (good.has(earlier)) continue
      good.add(earlier)
      queue.push(earlier)
    }
  }
  const lost = nodes.find((node) => !good.has(node))
  if (lost === undefined) return null
  return { complaint: 'From here on it can never be done.', steps: wayTo(lost) }
}
