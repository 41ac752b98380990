import type { Node } from 'oxc-parser'
import { importsOf } from '../imports.js'
import type { Rule } from '../rule.js'
import { isTest, nodesOf, type Source } from '../source.js'

const INSTEAD =
  'await the state you want (`vi.waitFor`, a promise of the thing itself), or move a clock that was passed in.'
const SLEEPERS = new Set(['sleep', 'delay', 'pause', 'wait'])

/** A test awaits a state: a sleep is too short on a busy machine and too long on every other. */
export const noSleep: Rule = {
  name: 'no-sleep',
  appliesTo: isTest,
  check(source) {
    const calls = nodesOf(source, 'CallExpression').flatMap((node) => {
      if (node.callee.type !== 'Identifier') return []
      const { name } = node.callee
      if (!SLEEPERS.has(name) && !(name === 'setTimeout' && isInPromise(source, node))) return []
      return [{ offset: node.start, message: `No \`${name}()\` to sleep in a test: ${INSTEAD}` }]
    })
    const imports = importsOf(source)
      .filter(({ specifier }) => /^(?:node:)?timers\/promises$/.test(specifier))
      .map(({ offset }) => ({ offset, message: `No promise of a timer in a test: ${INSTEAD}` }))
    return [...calls, ...imports]
  },
}

function isInPromise(source: Source, node: Node): boolean {
  for (let parent = source.parents.get(node); parent !== undefined; parent = source.parents.get(parent)) {
    if (parent.type !== 'NewExpression' || parent.callee.type !== 'Identifier') continue
    if (parent.callee.name === 'Promise') return true
  }
  return false
}
